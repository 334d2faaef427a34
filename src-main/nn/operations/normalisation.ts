/** Batch and layer normalisation, and dropout by a given mask. */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { matrixTransposed, minus, plus, reduced, reshaped, scaled, times, unary } from './nodes.ts'
import { apply, applyOne, type None, type Operation } from './operation.ts'
import { fromTwin, toTwin, twinOf } from './twins.ts'
import { known, shapeError, showShape } from './shapes.ts'

interface EpsilonAttributes {
  readonly epsilon: number
}

interface TrainingAttributes extends EpsilonAttributes {
  /** Tells normalisations by the same scale and shift apart, which must share nothing. */
  readonly part: number
}

const featureAxes = (x: Tensor) => x.shape.flatMap((_, i) => (i === 1 ? [] : [i]))
const channelShape = (x: Tensor) => x.shape.map((d, i) => (i === 1 ? d : 1))
const inverseRoot = (g: Graph, variance: Tensor, epsilon: number) =>
  unary(g, 'Reciprocal', unary(g, 'Sqrt', plus(g, variance, g.scalar(epsilon))))

function checkChannels(name: string, x: Tensor, vectors: readonly Tensor[]): void {
  const wrong = x.shape.length < 2 || vectors.some((v) => showShape(v.shape) !== `[${x.shape[1]}]`)
  if (wrong) throw shapeError(name, [x, ...vectors], 'needs x [batch, channel, ...] and one value a channel')
}

/** a·x + b with one a and one b a channel; on the CPU one pass, as normalisation of mean 0 and variance 1. */
function channelAffine(g: Graph, x: Tensor, a: Tensor, b: Tensor): Tensor {
  const channels = x.shape[1]
  if (g.target === 'cpu' && typeof channels === 'number') {
    const [mean, variance] = [g.constant(new Float32Array(channels), [channels]), g.constant(new Float32Array(channels).fill(1), [channels])]
    return g.op('BatchNormalization', [x, a, b, mean, variance], { epsilon: { float: 0 } }, { shape: x.shape })
  }
  const shape = channelShape(x)
  return plus(g, times(g, x, reshaped(g, a, shape)), reshaped(g, b, shape))
}

/** Fewer places than these make batched dot products slower than one product and its sums. */
const LEAST_DOT = 256

/** Σ of a·b for every channel: [C]; long ones as batched dot products, which need no product in memory. */
function channelDot(g: Graph, a: Tensor, b: Tensor): Tensor {
  const [n, c, ...rest] = known('batchNorm', a) as [number, number, ...number[]]
  const places = rest.reduce((x, y) => x * y, 1)
  if (g.target === 'webgpu' || places < LEAST_DOT) return reduced(g, 'ReduceSum', times(g, a, b), featureAxes(a), false)
  const rows = reshaped(g, a, [n * c, 1, places])
  const columns = matrixTransposed(g, reshaped(g, b, [n * c, 1, places]))
  const dots = g.op('MatMul', [rows, columns], {}, { shape: [n * c, 1, 1] })
  return reduced(g, 'ReduceSum', reshaped(g, dots, [n, c]), [0], false)
}

/** With a twin as [1, channel, values], whose normalisation is the same and reads its memory straight. */
const asChannels = (g: Graph, x: Tensor): Tensor => {
  const twin = toTwin(g, x)
  return reshaped(g, twin, [1, twin.shape[0]!, known('batchNorm', twin).slice(1).reduce((a, b) => a * b, 1)])
}
const fromChannels = (g: Graph, y: Tensor, x: Tensor): Tensor => fromTwin(g, reshaped(g, y, toTwin(g, x).shape))

function trainingNodes(g: Graph, x: Tensor, gamma: Tensor, beta: Tensor, { epsilon, part }: TrainingAttributes): Tensor[] {
  const channels: Shape = [x.shape[1]!]
  if (g.target === 'cpu') {
    // Momentum 0 makes the "running" outputs the batch's own mean and (population) variance. The runtime writes
    // them into the memory of the last two inputs, so these must be fresh tensors, never shared constants; nor equal
    // nodes, which it computes once. Their values count for nothing.
    const fresh = [beta, gamma].map((t) => times(g, t, g.scalar(2 + part)))
    const attributes = { epsilon: { float: epsilon }, momentum: { float: 0 }, training_mode: 1 }
    return g.op('BatchNormalization', [x, gamma, beta, ...fresh], attributes, [
      { shape: x.shape },
      { shape: channels },
      { shape: channels },
    ])
  }
  const mean = reduced(g, 'ReduceMean', x, featureAxes(x), false)
  const centred = minus(g, x, reshaped(g, mean, channelShape(x)))
  const variance = reduced(g, 'ReduceMean', times(g, centred, centred), featureAxes(x), false)
  const factor = times(g, gamma, inverseRoot(g, variance, epsilon))
  return [channelAffine(g, centred, factor, beta), mean, variance]
}

/** Ioffe and Szegedy 2015, algorithm 1; the gradient is that of its section 3, gathered into a·d + b·x + c. */
const batchNormTrainingOperation: Operation<TrainingAttributes> = {
  name: 'batchNormTraining',
  infer: ([x, gamma, beta]) => {
    checkChannels('batchNormTraining', x!, [gamma!, beta!])
    const channels = [x!.shape[1]!]
    return [{ shape: x!.shape }, { shape: channels }, { shape: channels }]
  },
  emit: (g, [x, gamma, beta], attributes) => {
    if (!twinOf(x!)) return trainingNodes(g, x!, gamma!, beta!, attributes)
    const [y, ...statistics] = trainingNodes(g, asChannels(g, x!), gamma!, beta!, attributes)
    return [fromChannels(g, y!, x!), ...statistics]
  },
  gradient: (g, { inputs: [given, gamma], outputs: [, mean, variance], attributes: { epsilon } }, [upstream, ...statistics]) => {
    const rows = twinOf(given!) !== undefined
    const [x, d] = rows ? [asChannels(g, given!), asChannels(g, upstream!)] : [given, upstream]
    if (statistics.some((s) => s !== null)) {
      throw shapeError('batchNormTraining', [x!], 'the batch statistics are for the running averages, a loss cannot depend on them')
    }
    const places = known('batchNormTraining', x!).reduce((a, b) => a * b, 1) / (x!.shape[1] as number)
    const inverse = inverseRoot(g, variance!, epsilon)
    const dBeta = reduced(g, 'ReduceSum', d!, featureAxes(x!), false)
    const dGamma = times(g, minus(g, channelDot(g, d!, x!), times(g, mean!, dBeta)), inverse)
    const dx = () => {
      const a = times(g, gamma!, inverse)
      const b = scaled(g, times(g, times(g, a, inverse), dGamma), -1 / places)
      const c = minus(g, scaled(g, times(g, a, dBeta), -1 / places), times(g, b, mean!))
      const result = plus(g, times(g, d!, reshaped(g, a, channelShape(x!))), channelAffine(g, x!, b, c))
      return rows ? fromChannels(g, result, given!) : result
    }
    return [dx, () => dGamma, () => dBeta]
  },
}

/** With running statistics, which have no gradient. */
const batchNormInferenceOperation: Operation<EpsilonAttributes> = {
  name: 'batchNormInference',
  infer: ([x, ...vectors]) => {
    checkChannels('batchNormInference', x!, vectors as Tensor[])
    return [{ shape: x!.shape }]
  },
  emit: (g, [x, gamma, beta, mean, variance], { epsilon }, [output]) => [
    g.op('BatchNormalization', [x!, gamma!, beta!, mean!, variance!], { epsilon: { float: epsilon } }, output!),
  ],
  gradient: (g, { inputs: [x, gamma, , mean, variance], attributes: { epsilon } }, [d]) => {
    const inverse = inverseRoot(g, variance!, epsilon)
    const dBeta = () => reduced(g, 'ReduceSum', d!, featureAxes(x!), false)
    return [
      () => times(g, d!, reshaped(g, times(g, gamma!, inverse), channelShape(x!))),
      () => times(g, minus(g, channelDot(g, d!, x!), times(g, mean!, dBeta())), inverse),
      dBeta,
      null,
      null,
    ]
  },
}

const lastAxis = (x: Tensor) => x.shape.length - 1

/** Over the last axis (Ba, Kiros and Hinton 2016); also outputs the mean and one over the deviation. */
const layerNormOperation: Operation<EpsilonAttributes> = {
  name: 'layerNorm',
  infer: ([x, gamma, beta]) => {
    const size = `[${x!.shape.at(-1)}]`
    if (showShape(gamma!.shape) !== size || showShape(beta!.shape) !== size) {
      throw shapeError('layerNorm', [x!, gamma!, beta!], `needs scale and shift of shape ${size}`)
    }
    const kept = x!.shape.with(lastAxis(x!), 1)
    return [{ shape: x!.shape }, { shape: kept }, { shape: kept }]
  },
  emit: (g, [x, gamma, beta], { epsilon }, outputs) => {
    if (g.target === 'cpu') {
      return g.op('LayerNormalization', [x!, gamma!, beta!], { axis: -1, epsilon: { float: epsilon } }, outputs)
    }
    const mean = reduced(g, 'ReduceMean', x!, [lastAxis(x!)], true)
    const centred = minus(g, x!, mean)
    const inverse = inverseRoot(g, reduced(g, 'ReduceMean', times(g, centred, centred), [lastAxis(x!)], true), epsilon)
    return [plus(g, times(g, times(g, centred, inverse), gamma!), beta!), mean, inverse]
  },
  gradient: (g, { inputs: [x, gamma], outputs: [, mean, inverse] }, [d]) => {
    const axis = lastAxis(x!)
    const before = x!.shape.slice(0, -1).map((_, i) => i)
    const normal = times(g, minus(g, x!, mean!), inverse!)
    const dx = () => {
      const scaledGradient = times(g, d!, gamma!)
      const average = reduced(g, 'ReduceMean', scaledGradient, [axis], true)
      const along = reduced(g, 'ReduceMean', times(g, scaledGradient, normal), [axis], true)
      return times(g, minus(g, minus(g, scaledGradient, average), times(g, normal, along)), inverse!)
    }
    return [
      dx,
      () => reduced(g, 'ReduceSum', times(g, d!, normal), before, false),
      () => reduced(g, 'ReduceSum', d!, before, false),
    ]
  },
}

const dropoutOperation: Operation<None> = {
  name: 'dropout',
  infer: ([x, mask]) => {
    if (showShape(x!.shape) !== showShape(mask!.shape)) throw shapeError('dropout', [x!, mask!], 'the mask must have the shape of x')
    return [{ shape: x!.shape }]
  },
  emit: (g, [x, mask]) => [times(g, x!, mask!)],
  gradient: (g, { inputs: [, mask] }, [d]) => [() => times(g, d!, mask!), null],
}

export const normalisation = {
  batchNormTraining: batchNormTrainingOperation,
  batchNormInference: batchNormInferenceOperation,
  layerNorm: layerNormOperation,
  dropout: dropoutOperation,
}

export interface BatchStatistics {
  readonly y: Tensor
  /** [C]; the running averages are made from these, outside of the gradient. */
  readonly mean: Tensor
  /** [C], the population variance (divided by the count, not by one less). */
  readonly variance: Tensor
}

/** x [N, C, ...]; gamma and beta [C]. `part` differs where several parts of a batch have the same gamma and beta. */
export function batchNormTraining(g: Graph, x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-5, part = 0): BatchStatistics {
  const [y, mean, variance] = apply(g, normalisation.batchNormTraining, [x, gamma, beta], { epsilon, part })
  return { y: y!, mean: mean!, variance: variance! }
}

export const batchNormInference = (g: Graph, x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor, epsilon = 1e-5): Tensor =>
  applyOne(g, normalisation.batchNormInference, [x, gamma, beta, mean, variance], { epsilon })

/** Over the last axis of x; gamma and beta have its size. */
export const layerNorm = (g: Graph, x: Tensor, gamma: Tensor, beta: Tensor, epsilon = 1e-5): Tensor =>
  applyOne(g, normalisation.layerNorm, [x, gamma, beta], { epsilon })

/** x·mask; the mask holds 0 or 1 / (1 − p) and comes in as a graph input, drawn by the caller's seeded generator. */
export const dropout = (g: Graph, x: Tensor, mask: Tensor): Tensor => applyOne(g, normalisation.dropout, [x, mask], {})
