/**
 * Multi-head self-attention over frames [features, 1, frame] (Vaswani et al. 2017, section 3.2): in each head every
 * frame asks all frames, softmax(QᵀK / √size) weighs their values, and the heads' answers are mixed. Queries, keys and
 * values have no bias, the mixture has one, as in Vision Transformer and Keyword Transformer.
 */
import { ok } from '../../kit/index.ts'
import { matMul, add, reshape, scale, softmax, split, transpose } from '../operations/index.ts'
import type { LayerKind, ParameterSpec } from './layer.ts'
import { problem } from './problem.ts'
import { framesOf } from './sequence.ts'

export const selfAttentionKind: LayerKind<'selfAttention'> = {
  stem: 'attention',
  plan(spec, { input, weightInitialiser }) {
    const sequence = framesOf(input)
    if (!sequence.ok) return sequence
    const [features, frames] = sequence.value
    const { heads } = spec
    if (spec.headSize === undefined && features % heads !== 0) return problem('FEATURES_IN_HEADS', { features, heads })
    const size = spec.headSize ?? features / heads
    const inner = heads * size
    const weight = (name: string, rows: number, columns: number, fanOut: number): ParameterSpec => ({
      name,
      shape: [rows, columns],
      initialiser: spec.initialiser ?? weightInitialiser,
      fans: { in: rows, out: fanOut },
      decay: true,
    })
    return ok({
      output: input,
      parameters: [
        weight('inputWeight', features, 3 * inner, inner),
        weight('outputWeight', inner, features, features),
        { name: 'outputBias', shape: [features], initialiser: 'zeros', fans: { in: inner, out: features }, decay: false },
      ],
      buffers: [],
      macs: frames * features * 3 * inner + 2 * frames * frames * inner + frames * inner * features,
      build(b, x) {
        const g = b.graph
        const batch = x.shape[0]!
        const rows = reshape(g, transpose(g, x, [0, 2, 3, 1]), [batch, frames, features])
        const [query, key, value] = split(g, matMul(g, rows, b.state('inputWeight')), [inner, inner, inner], 2)
        const divided = (t: typeof rows, perm: readonly number[]) => transpose(g, reshape(g, t, [batch, frames, heads, size]), perm)
        const scores = matMul(g, scale(g, divided(query!, [0, 2, 1, 3]), 1 / Math.sqrt(size)), divided(key!, [0, 2, 3, 1]))
        const answers = matMul(g, softmax(g, scores), divided(value!, [0, 2, 1, 3]))
        const joined = reshape(g, transpose(g, answers, [0, 2, 1, 3]), [batch, frames, inner])
        const mixed = add(g, matMul(g, joined, b.state('outputWeight')), b.state('outputBias'))
        return reshape(g, transpose(g, mixed, [0, 2, 1]), [batch, features, 1, frames])
      },
    })
  },
}
