/**
 * Losses over logits and soft targets, both [batch, classes]: a hard label is a row with a single 1, a mixture
 * (mixup) any row that sums to 1.
 */
import { z } from 'zod'
import { AppError, err, ok, type Result } from '../kit/index.ts'
import { sizeOf, type Graph, type Tensor } from './graph.ts'
import { scale, softmax, softmaxCrossEntropy, square, sub, sum } from './operations/index.ts'
import { binary, plus, reduced, scaled, times } from './operations/nodes.ts'

export const lossSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('crossEntropy'),
    /** Share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7). */
    labelSmoothing: z.number().min(0).lt(1).exactOptional(),
    /** One weight a class, against unbalanced data. */
    classWeights: z.array(z.number().min(0)).min(2).exactOptional(),
  }),
  z.strictObject({
    type: z.literal('meanSquaredError'),
    /** What is compared with the target: probabilities (usual) or the network's own outputs. */
    of: z.enum(['softmax', 'logits']).exactOptional(),
  }),
])
export type LossSpec = z.infer<typeof lossSchema>

export function checkLoss(spec: LossSpec, classes: number): Result<LossSpec> {
  const weights = spec.type === 'crossEntropy' ? spec.classWeights : undefined
  if (!weights) return ok(spec)
  if (weights.length !== classes) return err(new AppError('INVALID', `The loss has ${weights.length} class weights for ${classes} classes`))
  if (weights.every((w) => w === 0)) return err(new AppError('INVALID', 'All class weights are zero'))
  return ok(spec)
}

export function lossOf(g: Graph, spec: LossSpec, logits: Tensor, target: Tensor): Tensor {
  return spec.type === 'crossEntropy' ? crossEntropy(g, logits, target, spec) : meanSquaredError(g, logits, target, spec.of ?? 'softmax')
}

/**
 * −Σ_c w_c t_c log p_c, averaged over the batch. With class weights the average is weighted by each clip's
 * weight Σ_c w_c t_c (of the target before smoothing), as in PyTorch for hard labels.
 */
function crossEntropy(g: Graph, logits: Tensor, target: Tensor, spec: { labelSmoothing?: number; classWeights?: readonly number[] }): Tensor {
  const [batch, classes] = logits.shape as [number, number]
  const smoothing = spec.labelSmoothing ?? 0
  let wanted = smoothing === 0 ? target : plus(g, scaled(g, target, 1 - smoothing), g.scalar(smoothing / classes))
  if (spec.classWeights) {
    const weights = g.constant(spec.classWeights, [classes])
    const total = reduced(g, 'ReduceSum', times(g, target, weights), [0, 1], false)
    wanted = times(g, times(g, wanted, weights), binary(g, 'Div', g.scalar(batch), total))
  }
  return softmaxCrossEntropy(g, logits, wanted)
}

/** Σ_c (a_c − y_c)², summed over the outputs and averaged over the batch. */
function meanSquaredError(g: Graph, logits: Tensor, target: Tensor, of: 'softmax' | 'logits'): Tensor {
  const outputs = of === 'softmax' ? softmax(g, logits) : logits
  const batch = sizeOf(logits.shape.slice(0, 1))
  return scale(g, sum(g, square(g, sub(g, outputs, target))), 1 / batch)
}
