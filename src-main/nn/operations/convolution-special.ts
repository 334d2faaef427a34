/** Weight gradients of the two convolutions that a general formulation serves badly. */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { joined, matrixTransposed, padded, reduced, reshaped, sliced } from './nodes.ts'
import { known, type Sides } from './shapes.ts'

/** Kernel 1×1: a matrix product for each clip of the batch, summed. */
export function pointwiseWeightGradient(g: Graph, x: Tensor, wShape: Shape, d: Tensor): Tensor {
  const [n, channels, height, width] = known('conv2d', x) as [number, number, number, number]
  const out = wShape[0] as number
  const places = height * width
  const left = reshaped(g, d, [n, out, places])
  const right = matrixTransposed(g, reshaped(g, x, [n, channels, places]))
  const perClip = g.op('MatMul', [left, right], {}, { shape: [n, out, channels] })
  return reshaped(g, reduced(g, 'ReduceSum', perClip, [0], false), wShape)
}

/**
 * One kernel a channel, stride 1: with the rows of x padded to a common length, every kernel offset is one
 * contiguous shift, and its gradient a dot product of two long vectors (batched over clips and channels).
 */
export function depthwiseWeightGradient(g: Graph, x: Tensor, wShape: Shape, d: Tensor, padding: Sides): Tensor {
  const [n, c, height, width] = known('conv2d', x) as [number, number, number, number]
  const [, , kh, kw] = wShape as [number, number, number, number]
  const [oh, ow] = [d.shape[2] as number, d.shape[3] as number]
  const rowLength = width + padding[1] + padding[3]
  const rows = height + padding[0] + padding[2]
  const length = oh * rowLength
  const needed = (kh - 1) * rowLength + kw - 1 + length
  const more = Math.max(0, Math.ceil((needed - rows * rowLength) / rowLength))
  const field = reshaped(
    g,
    padded(g, x, [0, 0, padding[0], padding[1]], [0, 0, padding[2] + more, padding[3]]),
    [n * c, 1, (rows + more) * rowLength],
  )
  const wide = reshaped(g, padded(g, d, [0, 0, 0, 0], [0, 0, 0, rowLength - ow]), [n * c, 1, length])
  const offsets: Tensor[] = []
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const start = i * rowLength + j
      const shifted = matrixTransposed(g, sliced(g, field, [{ axis: 2, start, end: start + length }]))
      offsets.push(reshaped(g, g.op('MatMul', [wide, shifted], {}, { shape: [n * c, 1, 1] }), [n, c, 1]))
    }
  }
  return reshaped(g, reduced(g, 'ReduceSum', joined(g, offsets, 2), [0], false), wShape)
}
