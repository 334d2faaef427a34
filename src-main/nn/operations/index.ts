/**
 * operations: every differentiable operation, as one table and as plain functions. In: symbolic tensors of a
 * graph and settings. Out: symbolic tensors, with the nodes written and the application on the graph's tape.
 */
import { arithmetic } from './arithmetic.ts'
import { convolutions } from './convolution.ts'
import { fused } from './convolution-pool.ts'
import { layout } from './layout.ts'
import { normalisation } from './normalisation.ts'
import type { Operation } from './operation.ts'
import { pointwiseFunctions } from './pointwise.ts'
import { pooling } from './pooling.ts'
import { products } from './products.ts'
import { reductions } from './reductions.ts'
import { softmaxes } from './softmax.ts'

export const operations = {
  ...arithmetic,
  ...pointwiseFunctions,
  ...products,
  ...reductions,
  ...layout,
  ...convolutions,
  ...fused,
  ...pooling,
  ...normalisation,
  ...softmaxes,
} satisfies Record<string, Operation<never>>

export type OperationName = keyof typeof operations

export { add, sub, mul, div, maximum, minimum, scale } from './arithmetic.ts'
export * from './pointwise.ts'
export { matMul, linear } from './products.ts'
export { sum, mean, globalAvgPool2d } from './reductions.ts'
export { reshape, flatten, transpose, slice, concat, split, pad } from './layout.ts'
export { conv2d, conv1d, type Conv2dOptions, type Conv1dOptions } from './convolution.ts'
export { conv2dMaxPool2x2 } from './convolution-pool.ts'
export { maxPool2d, avgPool2d, type PoolOptions } from './pooling.ts'
export { batchNormTraining, batchNormInference, layerNorm, dropout, type BatchStatistics } from './normalisation.ts'
export { softmax, logSoftmax, softmaxCrossEntropy } from './softmax.ts'
export type { Pair, Padding } from './shapes.ts'
export type { SliceRange } from './nodes.ts'
export { NOT_DIFFERENTIABLE, type Operation, type Call, type GradientRule } from './operation.ts'
