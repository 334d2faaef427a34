/**
 * dL/dw of a convolution: in general the convolution of x by d as kernel. On the CPU that unfolds its input for as few
 * results as the kernel has places; where these are few and the channels not, every kernel offset is a batched product
 * of d and a moved x instead, about twice as fast (docs/ENGINE.md).
 */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { convolutionNode, type ConvolutionAttributes } from './convolution-nodes.ts'
import { joined, matrixTransposed, moved, padded, reduced, reshaped, sliced, times, transposed } from './nodes.ts'
import { known } from './shapes.ts'

type Four = [number, number, number, number]

export function weightGradient(g: Graph, x: Tensor, wShape: Shape, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [, channels] = known('conv2d', x) as Four
  const [out, , kh, kw] = wShape as Four
  if (kh === 1 && kw === 1 && a.groups === 1 && a.padding.every((p) => p === 0)) return pointwise(g, x, wShape, d, a)
  if (a.groups === channels && out === channels) {
    const single = a.stride.every((s) => s === 1)
    if (single && g.target === 'cpu') return depthwiseByDots(g, x, wShape, d, a)
    // Steps along the width cannot be copied row by row, which costs more than it gains.
    if (single || (g.target === 'cpu' && a.stride[1] === 1)) return depthwiseBySums(g, x, wShape, d, a)
  }
  return gainsByOffsets(g, wShape, d, a) ? byOffsets(g, x, wShape, d, a) : asConvolution(g, x, wShape, d, a)
}

/** Measured on the CPU: 5×5 still gains, a first layer of one channel and strides along time only lose. */
function gainsByOffsets(g: Graph, wShape: Shape, d: Tensor, { stride }: ConvolutionAttributes): boolean {
  const [, perGroup, kh, kw] = wShape as Four
  return g.target === 'cpu' && kh * kw <= 25 && perGroup >= 8 && (d.shape[2] !== 1 || stride[1] === 1)
}

/** Kernel 1×1: a matrix product for each clip of the batch, summed; with a stride, of the places that it sees. */
function pointwise(g: Graph, x: Tensor, wShape: Shape, d: Tensor, { stride }: ConvolutionAttributes): Tensor {
  const [n, channels] = known('conv2d', x) as Four
  const [, out, oh, ow] = known('conv2d', d) as Four
  const seen = everySecond(g, x, [0, 0], stride, oh, ow)
  const left = reshaped(g, d, [n, out, oh * ow])
  const right = matrixTransposed(g, reshaped(g, seen, [n, channels, oh * ow]))
  const perClip = g.op('MatMul', [left, right], {}, { shape: [n, out, channels] })
  return reshaped(g, reduced(g, 'ReduceSum', perClip, [0], false), wShape)
}

/** The places that a kernel's offset meets: row + stride · i, column + stride · j. */
function everySecond(g: Graph, x: Tensor, [row, column]: readonly [number, number], stride: readonly [number, number], rows: number, columns: number): Tensor {
  return sliced(g, x, [
    { axis: 2, start: row, end: row + stride[0] * (rows - 1) + 1, step: stride[0] },
    { axis: 3, start: column, end: column + stride[1] * (columns - 1) + 1, step: stride[1] },
  ])
}

/**
 * One kernel a channel, stride 1: with the rows of x padded to a common length, every kernel offset is one
 * contiguous shift, and its gradient a dot product of two long vectors (batched over clips and channels).
 */
function depthwiseByDots(g: Graph, x: Tensor, wShape: Shape, d: Tensor, { padding, dilation }: ConvolutionAttributes): Tensor {
  const [n, c, height, width] = known('conv2d', x) as Four
  const [, , kh, kw] = wShape as Four
  const [oh, ow] = [d.shape[2] as number, d.shape[3] as number]
  const rowLength = width + padding[1] + padding[3]
  const rows = height + padding[0] + padding[2]
  const length = oh * rowLength
  const needed = dilation[0] * (kh - 1) * rowLength + dilation[1] * (kw - 1) + length
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
      const start = dilation[0] * i * rowLength + dilation[1] * j
      const shifted = matrixTransposed(g, sliced(g, field, [{ axis: 2, start, end: start + length }]))
      offsets.push(reshaped(g, g.op('MatMul', [wide, shifted], {}, { shape: [n * c, 1, 1] }), [n, c, 1]))
    }
  }
  return reshaped(g, reduced(g, 'ReduceSum', joined(g, offsets, 2), [0], false), wShape)
}

/** x with its padding, and what no window reaches cut off: [batch, channel, reach, reach]. */
function field(g: Graph, x: Tensor, wShape: Shape, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [, , height, width] = known('conv2d', x) as Four
  const reach = (axis: 0 | 1) =>
    ((d.shape[axis + 2] as number) - 1) * a.stride[axis] + a.dilation[axis] * ((wShape[axis + 2] as number) - 1) + 1
  const [top, left] = a.padding
  return moved(g, x, top, left, reach(0) - height - top, reach(1) - width - left)
}

/**
 * One kernel a channel: each offset's places, times d, summed. For strides down the height, and for WebGPU, where a
 * product of two vectors takes as long as one of two matrices.
 */
function depthwiseBySums(g: Graph, x: Tensor, wShape: Shape, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [c, , kh, kw] = wShape as Four
  const [oh, ow] = [d.shape[2] as number, d.shape[3] as number]
  const all = field(g, x, wShape, d, a)
  const offsets = Array.from({ length: kh * kw }, (_, k) => {
    const at = [a.dilation[0] * Math.floor(k / kw), a.dilation[1] * (k % kw)] as const
    const sum = reduced(g, 'ReduceSum', times(g, everySecond(g, all, at, a.stride, oh, ow), d), [0, 2, 3], false)
    return reshaped(g, sum, [c, 1])
  })
  return reshaped(g, joined(g, offsets, 1), wShape)
}

/**
 * For each kernel offset the batched product d · xᵀ over all places. With stride 1 an offset down is put on d (moved
 * down in zeros) and one across on x, so that kh + kw moved copies serve kh · kw products.
 */
function byOffsets(g: Graph, x: Tensor, wShape: Shape, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [n, channels] = known('conv2d', x) as Four
  const [out, perGroup, kh, kw] = wShape as Four
  const [oh, ow] = [d.shape[2] as number, d.shape[3] as number]
  const all = field(g, x, wShape, d, a)
  const flat = (t: Tensor, rows: number) => reshaped(g, t, [n * a.groups, (t.shape[1] as number) / a.groups, rows * ow])
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i)
  const [reach, width] = [all.shape[2] as number, all.shape[3] as number]
  const plain = a.stride[0] === 1 && a.stride[1] === 1
  const down = plain ? indices(kh).map((i) => flat(moved(g, d, a.dilation[0] * i, 0, a.dilation[0] * (kh - 1 - i), 0), reach)) : []
  const across = plain ? indices(kw).map((j) => flat(moved(g, all, 0, -a.dilation[1] * j, 0, ow + a.dilation[1] * j - width), reach)) : []
  const whole = plain ? null : flat(d, oh)
  const offsets = indices(kh * kw).map((k) => {
    const [i, j] = [Math.floor(k / kw), k % kw]
    const left = whole ?? down[i]!
    const right = whole ? flat(everySecond(g, all, [a.dilation[0] * i, a.dilation[1] * j], a.stride, oh, ow), oh) : across[j]!
    const products = g.op('MatMul', [left, matrixTransposed(g, right)], {}, { shape: [n * a.groups, out / a.groups, perGroup] })
    return reduced(g, 'ReduceSum', reshaped(g, products, [n, out, perGroup]), [0], true)
  })
  return reshaped(g, transposed(g, joined(g, offsets, 0), [1, 2, 0]), [out, channels / a.groups, kh, kw])
}

/**
 * The convolution of x with d as kernel, batch and channels exchanged; stride and dilation exchange their roles.
 */
function asConvolution(g: Graph, x: Tensor, wShape: Shape, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [n, , height, width] = known('conv2d', x) as Four
  const [out, perGroup, kh, kw] = wShape as Four
  const [oh, ow] = [d.shape[2] as number, d.shape[3] as number]
  // Rows and columns of the padded input that some window really saw.
  const used = (axis: 0 | 1, windows: number, kernel: number) =>
    (windows - 1) * a.stride[axis] + a.dilation[axis] * (kernel - 1) + 1 - a.padding[axis]
  const [usedHeight, usedWidth] = [used(0, oh, kh), used(1, ow, kw)]
  const seen = sliced(g, x, [
    { axis: 2, start: 0, end: Math.min(height, usedHeight) },
    { axis: 3, start: 0, end: Math.min(width, usedWidth) },
  ])
  const [h, wd] = [seen.shape[2] as number, seen.shape[3] as number]
  const attributes: ConvolutionAttributes = {
    stride: a.dilation,
    dilation: a.stride,
    padding: [a.padding[0], a.padding[1], Math.max(0, usedHeight - height), Math.max(0, usedWidth - width)],
    groups: a.groups,
  }
  const exchanged = (t: Tensor) => transposed(g, t, [1, 0, 2, 3])
  const result = [perGroup, out, kh, kw]
  if (a.groups === 1) return exchanged(convolutionNode(g, exchanged(seen), exchanged(d), null, attributes, result))
  const perOut = out / a.groups
  const wide = reshaped(
    g,
    transposed(g, reshaped(g, seen, [n, a.groups, perGroup, h, wd]), [2, 1, 0, 3, 4]),
    [perGroup, a.groups * n, h, wd],
  )
  const kernel = reshaped(g, transposed(g, reshaped(g, d, [n, a.groups, perOut, oh, ow]), [1, 2, 0, 3, 4]), [out, n, oh, ow])
  return exchanged(convolutionNode(g, wide, kernel, null, attributes, result))
}
