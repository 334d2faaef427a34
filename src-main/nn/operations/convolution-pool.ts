/** Convolution and 2×2 max pooling as one operation, in three formulations; the shapes decide which. */
import type { Graph, Tensor } from '../graph.ts'
import { unfoldedPool } from './convolution-pool-unfolded.ts'
import { WINOGRAD_KERNEL, winogradPool } from './convolution-pool-winograd.ts'
import { convolutionNode, inputGradient, type ConvolutionAttributes } from './convolution-nodes.ts'
import { weightGradient } from './convolution-weight-gradient.ts'
import { joined, parted, reduced } from './nodes.ts'
import { applyOne, type Operation } from './operation.ts'
import { kernelGradient, PHASES, phaseGradients, phaseKernels, pooledShape } from './pool-phases.ts'
import { known, sides, type Padding, type Sides } from './shapes.ts'

const strided = (padding: Sides): ConvolutionAttributes => ({ stride: [2, 2], padding, dilation: [1, 1], groups: 1 })

/** As convolutions by ONNX Runtime's own kernels. */
const operation: Operation<{ readonly padding: Sides }> = {
  name: 'conv2dMaxPool2x2',
  infer: ([x, w, b], { padding }) => {
    const shape = pooledShape(x!, w!, b ?? null, padding)
    // Beside the result, the four phases, which the gradient compares with it.
    return [{ shape }, ...PHASES.map(() => ({ shape }))]
  },
  emit: (g, [x, w, b], { padding }, [output]) => {
    const [n, out, oh, ow] = output!.shape
    const count = out as number
    const bias = b ? joined(g, [b, b, b, b], 0) : null
    const all = convolutionNode(g, x!, phaseKernels(g, w!), bias, strided(padding), [n!, 4 * count, oh!, ow!])
    const phases = parted(g, all, 1, PHASES.map(() => count))
    return [g.op('Max', phases, {}, output!), ...phases]
  },
  gradient: (g, { inputs: [x, w], outputs: [y, ...phases], attributes }, [d]) => {
    const [out, perGroup, kh, kw] = known('conv2dMaxPool2x2', w!) as [number, number, number, number]
    const a = strided(attributes.padding)
    const all = joined(g, phaseGradients(g, y!, phases, d!), 1)
    return [
      () => inputGradient(g, x!.shape, phaseKernels(g, w!), all, a),
      () => kernelGradient(g, weightGradient(g, x!, [4 * out, perGroup, kh + 1, kw + 1], all, a), w!),
      () => reduced(g, 'ReduceSum', d!, [0, 2, 3], false),
    ]
  },
}

export const fused = { conv2dMaxPool2x2: operation, conv2dMaxPool2x2Unfolded: unfoldedPool, conv2dMaxPool2x2Winograd: winogradPool }

/** Clips from which rows of the batch are long enough to be copied and multiplied well. */
const LEAST_BATCH = 16
/** Input channels up to which unfolding gains, and from which transformed products do. */
const [MOST_UNFOLDED, LEAST_TRANSFORMED] = [1, 4]

function formulation(g: Graph, x: Tensor, w: Tensor) {
  const [n, channels] = x.shape
  if (g.target !== 'cpu' || typeof n !== 'number' || n < LEAST_BATCH || typeof channels !== 'number') return fused.conv2dMaxPool2x2
  if (channels <= MOST_UNFOLDED) return fused.conv2dMaxPool2x2Unfolded
  const fits = [w.shape[2], w.shape[3]].every((k) => k === WINOGRAD_KERNEL || k === WINOGRAD_KERNEL - 1)
  return fits && channels >= LEAST_TRANSFORMED ? fused.conv2dMaxPool2x2Winograd : fused.conv2dMaxPool2x2
}

export interface FusedPoolOptions {
  readonly padding?: Padding
  /** The fastest for the shapes unless told. */
  readonly formulation?: keyof typeof fused
}

/** Equal to `maxPool2d(conv2d(x, w, b, { padding }), 2)`, two or three times as fast in training on the CPU. */
export const conv2dMaxPool2x2 = (g: Graph, x: Tensor, w: Tensor, b: Tensor | null, options: FusedPoolOptions = {}): Tensor =>
  applyOne(g, options.formulation ? fused[options.formulation] : formulation(g, x, w), [x, w, b], { padding: sides(options.padding ?? 0) })
