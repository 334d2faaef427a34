/**
 * Convolution (stride 1) followed by 2×2 max pooling, as one: the four outputs that meet in a pooling window
 * are the four phases of a stride-2 convolution by kernels shifted by (0|1, 0|1), so that one convolution
 * with 4·out kernels and a maximum over the phases replace the large intermediate plane. Among equal values the first
 * in row order takes the gradient, as in `maxPool2d`. What all formulations of it have in common.
 */
import type { Graph, Tensor, TensorSpec } from '../graph.ts'
import { convolutions } from './convolution.ts'
import { equalMask, joined, minus, padded, parted, sliced, times, total } from './nodes.ts'
import { known, shapeError, type Sides } from './shapes.ts'

export const PHASES = [[0, 0], [0, 1], [1, 0], [1, 1]] as const

/** [4·out, in, kh + 1, kw + 1]: the kernel at its four places. */
export function phaseKernels(g: Graph, w: Tensor): Tensor {
  return joined(g, PHASES.map(([i, j]) => padded(g, w, [0, 0, i, j], [0, 0, 1 - i, 1 - j])), 0)
}

/** From the gradient of the phases' kernels to that of the kernel. */
export function kernelGradient(g: Graph, wide: Tensor, w: Tensor): Tensor {
  const [out, , kh, kw] = known('conv2dMaxPool2x2', w) as [number, number, number, number]
  const parts = parted(g, wide, 0, PHASES.map(() => out))
  return total(g, PHASES.map(([i, j], k) => sliced(g, parts[k]!, [{ axis: 2, start: i, end: i + kh }, { axis: 3, start: j, end: j + kw }])))
}

/** d where a phase is the maximum; each value goes to the first such phase. */
export function phaseGradients(g: Graph, pooled: Tensor, phases: readonly Tensor[], d: Tensor): Tensor[] {
  let left = d
  return phases.map((phase, k) => {
    if (k === PHASES.length - 1) return left
    const piece = times(g, equalMask(g, phase, pooled), left)
    left = minus(g, left, piece)
    return piece
  })
}

/** [N, out, height, width] after pooling. */
export function pooledShape(x: Tensor, w: Tensor, b: Tensor | null, padding: Sides): TensorSpec['shape'] {
  const [full] = convolutions.conv2d.infer([x, w, b], { stride: [1, 1], padding, dilation: [1, 1], groups: 1 })
  const [n, out, h, width] = full!.shape
  const halved = [h!, width!].map((size) => {
    if (typeof size === 'string') return `half(${size})`
    if (size < 2) throw shapeError('conv2dMaxPool2x2', [x, w], `the convolution leaves ${h}×${width}, less than one 2×2 window`)
    return Math.floor(size / 2)
  })
  return [n!, out!, ...halved]
}
