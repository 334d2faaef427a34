/** Normalisation with a learned scale and shift for each channel (or each feature of a flat vector). */
import { ok } from '../../kit/index.ts'
import { sizeOf, type Graph, type Tensor } from '../graph.ts'
import { add, batchNormInference, batchNormTraining, layerNorm, mul, reshape } from '../operations/index.ts'
import { plus, scaled } from '../operations/nodes.ts'
import { elements, type LayerKind, type ParameterSpec } from './layer.ts'

const scaleAndShift = (channels: number): ParameterSpec[] => [
  { name: 'scale', shape: [channels], initialiser: 'ones', fans: { in: 1, out: 1 }, decay: false },
  { name: 'shift', shape: [channels], initialiser: 'zeros', fans: { in: 1, out: 1 }, decay: false },
]

/**
 * Ioffe and Szegedy 2015. Training uses the batch's mean and (population) variance; the running statistics,
 * used in evaluation, move towards the batch's mean and sample variance by `momentum`, as in PyTorch.
 */
export const batchNormKind: LayerKind<'batchNorm'> = {
  stem: 'norm',
  plan(spec, { input }) {
    const channels = input[0]!
    const epsilon = spec.epsilon ?? 1e-5
    const momentum = spec.momentum ?? 0.1
    return ok({
      output: input,
      parameters: scaleAndShift(channels),
      buffers: [
        { name: 'runningMean', shape: [channels], initial: 0 },
        { name: 'runningVariance', shape: [channels], initial: 1 },
      ],
      macs: 0,
      build(b, x) {
        const [scale, shift, mean, variance] = [b.state('scale'), b.state('shift'), b.state('runningMean'), b.state('runningVariance')]
        if (b.mode === 'evaluate') return batchNormInference(b.graph, x, scale, shift, mean, variance, epsilon)
        const batch = batchNormTraining(b.graph, x, scale, shift, epsilon)
        const values = sizeOf(x.shape) / channels
        const sample = values > 1 ? values / (values - 1) : 1
        const moved = (old: Tensor, now: Tensor, factor: number) => plus(b.graph, scaled(b.graph, old, 1 - momentum), scaled(b.graph, now, factor))
        b.updateBuffer('runningMean', moved(mean, batch.mean, momentum))
        b.updateBuffer('runningVariance', moved(variance, batch.variance, momentum * sample))
        return batch.y
      },
    })
  },
}

/** Ba et al. 2016: over all features of a clip; the scale and shift are one a channel. */
export const layerNormKind: LayerKind<'layerNorm'> = {
  stem: 'norm',
  plan(spec, { input }) {
    const epsilon = spec.epsilon ?? 1e-5
    return ok({
      output: input,
      parameters: scaleAndShift(input[0]!),
      buffers: [],
      macs: 0,
      build(b, x) {
        const [scale, shift] = [b.state('scale'), b.state('shift')]
        if (input.length === 1) return layerNorm(b.graph, x, scale, shift, epsilon)
        return scaledByChannel(b.graph, normalised(b.graph, x, elements(input), epsilon), scale, shift)
      },
    })
  },
}

/** Each clip's features to mean 0 and variance 1, whatever their arrangement. */
function normalised(g: Graph, x: Tensor, size: number, epsilon: number): Tensor {
  const [ones, zeros] = [g.constant(new Float32Array(size).fill(1), [size]), g.constant(new Float32Array(size), [size])]
  return reshape(g, layerNorm(g, reshape(g, x, [x.shape[0]!, size]), ones, zeros, epsilon), x.shape)
}

function scaledByChannel(g: Graph, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const column = (t: Tensor) => reshape(g, t, [t.shape[0]!, 1, 1])
  return add(g, mul(g, x, column(scale)), column(shift))
}
