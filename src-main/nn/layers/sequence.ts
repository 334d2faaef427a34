/** What attention needs around it, over frames [features, 1, frame]: positions, a class token, taking it out again. */
import { ok, type Result } from '../../kit/index.ts'
import { add, concat, reshape, slice } from '../operations/index.ts'
import { expanded } from '../operations/nodes.ts'
import type { Dim, Graph, Tensor } from '../graph.ts'
import type { InitialiserSpec } from '../initialisers.ts'
import { isImage, noState, sizeText, type FeatureShape, type LayerKind, type ParameterSpec } from './layer.ts'
import { problem, type LayerProblem } from './problem.ts'

/** The features and the number of frames, or what is wrong. */
export function framesOf(input: FeatureShape): Result<readonly [features: number, frames: number], LayerProblem> {
  if (!isImage(input) || input[1] !== 1) return problem('NEEDS_FRAMES', { input: sizeText(input) })
  return ok([input[0], input[2]])
}

/** A small deviation, as Vision Transformer has it. */
const SMALL: InitialiserSpec = { type: 'normal', deviation: 0.02 }

const learned = (name: string, shape: readonly number[], initialiser: InitialiserSpec = SMALL): ParameterSpec => ({
  name,
  shape,
  initialiser,
  fans: { in: 1, out: 1 },
  decay: false,
})

/** Adds a learned vector to the features of each frame, so that attention knows their order. */
export const positionsKind: LayerKind<'positions'> = {
  stem: 'positions',
  plan(spec, { input }) {
    const sequence = framesOf(input)
    if (!sequence.ok) return sequence
    const [features, frames] = sequence.value
    const embedding = learned('embedding', [features, 1, frames], spec.initialiser)
    return ok({ output: input, parameters: [embedding], buffers: [], macs: 0, build: (b, x) => add(b.graph, x, b.state('embedding')) })
  },
}

/** Puts a learned frame before the first (Devlin et al. 2018; Dosovitskiy et al. 2020). */
export const classTokenKind: LayerKind<'classToken'> = {
  stem: 'token',
  plan(spec, { input }) {
    const sequence = framesOf(input)
    if (!sequence.ok) return sequence
    const [features, frames] = sequence.value
    return ok({
      output: [features, 1, frames + 1],
      parameters: [learned('token', [features], spec.initialiser)],
      buffers: [],
      macs: 0,
      build: (b, x) => concat(b.graph, [forEveryClip(b.graph, b.state('token'), x), x], 3),
    })
  },
}

/** token [features] as [batch, features, 1, 1]: added to zeros, so that its gradient is summed over the batch. */
function forEveryClip(g: Graph, token: Tensor, x: Tensor): Tensor {
  const [batch, features] = x.shape as [Dim, number]
  const column = reshape(g, token, [features, 1, 1])
  if (typeof batch === 'number') return add(g, expanded(g, g.scalar(0), [batch, features, 1, 1]), column)
  const nothing = slice(g, x, [{ axis: 3, start: 0, end: 1 }])
  return add(g, g.op('Mul', [nothing, g.scalar(0)], {}, { shape: nothing.shape }), column)
}

/** The features of the first frame only: after attention, those of the class token. */
export const firstFrameKind: LayerKind<'firstFrame'> = {
  stem: 'frame',
  plan(_, { input }) {
    const sequence = framesOf(input)
    if (!sequence.ok) return sequence
    const [features] = sequence.value
    return ok({
      ...noState,
      output: [features],
      macs: 0,
      build: (b, x) => reshape(b.graph, slice(b.graph, x, [{ axis: 3, start: 0, end: 1 }]), [x.shape[0]!, features]),
    })
  },
}
