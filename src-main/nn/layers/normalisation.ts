/** Normalisation with a learned scale and shift for each channel (or each feature of a flat vector). */
import { ok } from '../../kit/index.ts'
import { sizeOf, type Graph, type Tensor } from '../graph.ts'
import { add, batchNormInference, batchNormTraining, concat, layerNorm, mul, reshape, split, transpose, type BatchStatistics } from '../operations/index.ts'
import { plus, scaled, total } from '../operations/nodes.ts'
import { elements, isImage, sizeText, type FeatureShape, type LayerBuilder, type LayerKind, type LayerPlan, type ParameterSpec } from './layer.ts'
import { problem } from './problem.ts'

const scaleAndShift = (channels: number): ParameterSpec[] => [
  { name: 'scale', shape: [channels], initialiser: 'ones', fans: { in: 1, out: 1 }, decay: false },
  { name: 'shift', shape: [channels], initialiser: 'zeros', fans: { in: 1, out: 1 }, decay: false },
]

interface Statistics {
  readonly epsilon?: number
  readonly momentum?: number
}

/** Of x seen as [batch, groups, …]: each group has statistics, a scale and a shift of its own. */
function batchNormPlan(settings: Statistics, output: FeatureShape, groups: number, grouped: (b: LayerBuilder, x: Tensor) => Tensor): LayerPlan {
  const { epsilon = 1e-5, momentum = 0.1 } = settings
  return {
    output,
    parameters: scaleAndShift(groups),
    buffers: [
      { name: 'runningMean', shape: [groups], initial: 0 },
      { name: 'runningVariance', shape: [groups], initial: 1 },
    ],
    macs: 0,
    build(b, given) {
      const x = grouped(b, given)
      const ungrouped = (y: Tensor) => (x === given ? y : reshape(b.graph, y, given.shape))
      const [scale, shift, mean, variance] = [b.state('scale'), b.state('shift'), b.state('runningMean'), b.state('runningVariance')]
      if (b.mode === 'evaluate') return ungrouped(batchNormInference(b.graph, x, scale, shift, mean, variance, epsilon))
      const batch = normalisedInParts(b, x, scale, shift, epsilon)
      const values = sizeOf(x.shape) / (groups * b.ghostBatches)
      const sample = values > 1 ? values / (values - 1) : 1
      const moved = (old: Tensor, now: Tensor, factor: number) => plus(b.graph, scaled(b.graph, old, 1 - momentum), scaled(b.graph, now, factor))
      b.updateBuffer('runningMean', moved(mean, batch.mean, momentum))
      b.updateBuffer('runningVariance', moved(variance, batch.variance, momentum * sample))
      return ungrouped(batch.y)
    },
  }
}

/** Each ghost batch by its own statistics; those of all of them are averaged. */
function normalisedInParts({ graph: g, ghostBatches }: LayerBuilder, x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): BatchStatistics {
  if (ghostBatches === 1) return batchNormTraining(g, x, scale, shift, epsilon)
  const sizes = Array.from({ length: ghostBatches }, () => (x.shape[0] as number) / ghostBatches)
  const parts = split(g, x, sizes, 0).map((part, i) => batchNormTraining(g, part, scale, shift, epsilon, i))
  const average = (of: (part: BatchStatistics) => Tensor) => scaled(g, total(g, parts.map(of)), 1 / ghostBatches)
  return { y: concat(g, parts.map((part) => part.y), 0), mean: average((part) => part.mean), variance: average((part) => part.variance) }
}

/**
 * Ioffe and Szegedy 2015. Training uses the batch's mean and (population) variance; the running statistics,
 * used in evaluation, move towards the batch's mean and sample variance by `momentum`, as in PyTorch.
 */
export const batchNormKind: LayerKind<'batchNorm'> = {
  stem: 'norm',
  plan: (spec, { input }) => ok(batchNormPlan(spec, input, input[0]!, (_, x) => x)),
}

/**
 * Chang et al. 2021, "Sub-spectral Normalization for Neural Audio Data Processing": batch normalisation of each
 * channel in each of some bands of frequencies. The scales are in the order channel, band.
 */
export const subSpectralNormKind: LayerKind<'subSpectralNorm'> = {
  stem: 'norm',
  plan(spec, { input }) {
    if (!isImage(input)) return problem('NEEDS_IMAGE', { values: input[0]! })
    const [channels, height, width] = input
    const { bands } = spec
    if (height % bands !== 0) return problem('FREQUENCIES_IN_BANDS', { height, bands })
    const grouped = [channels * bands, height / bands, width]
    return ok(batchNormPlan(spec, input, channels * bands, (b, x) => reshape(b.graph, x, [x.shape[0]!, ...grouped])))
  },
}

/** Ba et al. 2016: over all features of a clip or of each of its frames; the scale and shift are one a channel. */
export const layerNormKind: LayerKind<'layerNorm'> = {
  stem: 'norm',
  plan(spec, { input }) {
    const epsilon = spec.epsilon ?? 1e-5
    const perFrame = spec.over === 'frame'
    if (perFrame && (!isImage(input) || input[1] !== 1)) return problem('NEEDS_FRAMES_TO_NORMALISE', { input: sizeText(input) })
    return ok({
      output: input,
      parameters: scaleAndShift(input[0]!),
      buffers: [],
      macs: 0,
      build(b, x) {
        const [scale, shift] = [b.state('scale'), b.state('shift')]
        if (perFrame) return transpose(b.graph, layerNorm(b.graph, transpose(b.graph, x, [0, 2, 3, 1]), scale, shift, epsilon), [0, 3, 1, 2])
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
