/** Softmax, its logarithm, and the cross-entropy of logits with soft targets. */
import type { Dim, Graph, Tensor } from '../graph.ts'
import { minus, reduced, scaled, times, unary } from './nodes.ts'
import { applyOne, type None, type Operation } from './operation.ts'
import { resolveAxes, shapeError, showShape } from './shapes.ts'

interface AxisAttributes {
  readonly axis: number
}

/** On WebGPU LogSoftmax is not native: written out, with the maximum taken off first. */
function logSoftmaxNodes(g: Graph, x: Tensor, axis: number): Tensor {
  if (g.target === 'cpu') return g.op('LogSoftmax', [x], { axis }, { shape: x.shape })
  const centred = minus(g, x, reduced(g, 'ReduceMax', x, [axis], true))
  return minus(g, centred, unary(g, 'Log', reduced(g, 'ReduceSum', unary(g, 'Exp', centred), [axis], true)))
}

const softmaxOperation: Operation<AxisAttributes> = {
  name: 'softmax',
  infer: ([x], { axis }) => (resolveAxes('softmax', x!, [axis]), [{ shape: x!.shape }]),
  emit: (g, [x], { axis }, [output]) => [g.op('Softmax', [x!], { axis: resolveAxes('softmax', x!, [axis])[0]! }, output!)],
  gradient: (g, { outputs: [y], attributes: { axis } }, [d]) => [
    () => {
      const inner = reduced(g, 'ReduceSum', times(g, d!, y!), resolveAxes('softmax', y!, [axis]), true)
      return times(g, y!, minus(g, d!, inner))
    },
  ],
}

const logSoftmaxOperation: Operation<AxisAttributes> = {
  name: 'logSoftmax',
  infer: ([x], { axis }) => (resolveAxes('logSoftmax', x!, [axis]), [{ shape: x!.shape }]),
  emit: (g, [x], { axis }) => [logSoftmaxNodes(g, x!, resolveAxes('logSoftmax', x!, [axis])[0]!)],
  gradient: (g, { outputs: [y], attributes: { axis } }, [d]) => [
    () => minus(g, d!, times(g, unary(g, 'Exp', y!), reduced(g, 'ReduceSum', d!, resolveAxes('logSoftmax', y!, [axis]), true))),
  ],
}

/** Outputs the loss and, for the gradient, the log-probabilities and the weighted targets. */
const crossEntropyOperation: Operation<None> = {
  name: 'softmaxCrossEntropy',
  infer: ([logits, target, weights]) => {
    const inputs = [logits!, target!, weights ?? null]
    if (logits!.shape.length !== 2 || showShape(logits!.shape) !== showShape(target!.shape)) {
      throw shapeError('softmaxCrossEntropy', inputs, 'needs logits and soft targets of one shape [batch, class]')
    }
    const classes: Dim = logits!.shape[1]!
    if (weights && showShape(weights.shape) !== `[${classes}]`) {
      throw shapeError('softmaxCrossEntropy', inputs, `the class weights must be [${classes}]`)
    }
    return [{ shape: [] }, { shape: logits!.shape }, { shape: logits!.shape }]
  },
  emit: (g, [logits, target, weights]) => {
    const logs = logSoftmaxNodes(g, logits!, 1)
    const weighted = weights ? times(g, target!, weights) : target!
    const perClip = reduced(g, 'ReduceSum', times(g, logs, weighted), [1], false)
    return [unary(g, 'Neg', reduced(g, 'ReduceMean', perClip, [0], false)), logs, weighted]
  },
  gradient: (g, { inputs: [logits], outputs: [, logs, weighted] }, [d]) => [
    () => {
      const batch = logits!.shape[0] as number
      const mass = reduced(g, 'ReduceSum', weighted!, [1], true)
      const difference = minus(g, times(g, unary(g, 'Exp', logs!), mass), weighted!)
      return times(g, difference, scaled(g, d!, 1 / batch))
    },
    null,
    null,
  ],
}

export const softmaxes = {
  softmax: softmaxOperation,
  logSoftmax: logSoftmaxOperation,
  softmaxCrossEntropy: crossEntropyOperation,
}

export const softmax = (g: Graph, x: Tensor, axis = -1): Tensor => applyOne(g, softmaxes.softmax, [x], { axis })
export const logSoftmax = (g: Graph, x: Tensor, axis = -1): Tensor => applyOne(g, softmaxes.logSoftmax, [x], { axis })

/**
 * The batch mean of −Σ_c weight_c · target_c · log softmax(logits)_c, for targets that are probabilities (one-hot,
 * smoothed or mixed). Weights multiply the terms and do not change the divisor, which is the batch size.
 */
export const softmaxCrossEntropy = (g: Graph, logits: Tensor, target: Tensor, classWeights: Tensor | null = null): Tensor =>
  applyOne(g, softmaxes.softmaxCrossEntropy, [logits, target, classWeights], {})
