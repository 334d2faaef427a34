/**
 * How convolution and its input gradient are written as nodes, by the target's strong and weak sides.
 *
 * ONNX Runtime 1.30's WebGPU gives silently wrong results for (1) Conv with a kernel above 1×1 where the input
 * channels are a multiple of 3 above 3 and not of 4, and the output channels a multiple of 4, (2) grouped
 * ConvTranspose with one output and several inputs a group. There (1) channels are padded with zeros to a
 * multiple of 4 and (2) the gradient is a Conv over the spread gradient.
 */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { framed, padded, reshaped, spread, transposed } from './nodes.ts'
import { known, type Sides } from './shapes.ts'

export interface ConvolutionAttributes {
  readonly stride: readonly [number, number]
  readonly padding: Sides
  readonly dilation: readonly [number, number]
  readonly groups: number
}

export function convolutionNode(g: Graph, x: Tensor, w: Tensor, b: Tensor | null, a: ConvolutionAttributes, shape: Shape): Tensor {
  const channels = x.shape[1] as number
  const out = w.shape[0] as number
  if (g.target === 'webgpu' && a.groups === 1 && channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && out % 4 === 0) {
    const after = [0, 4 - (channels % 4), 0, 0]
    return convolutionNode(g, padded(g, x, [0, 0, 0, 0], after), padded(g, w, [0, 0, 0, 0], after), b, a, shape)
  }
  const attributes = { strides: a.stride, pads: a.padding, dilations: a.dilation, group: a.groups, kernel_shape: w.shape.slice(2) as number[] }
  return g.op('Conv', b ? [x, w, b] : [x, w], attributes, { shape })
}

const isPointwise = (w: Shape, a: ConvolutionAttributes): boolean =>
  w[2] === 1 && w[3] === 1 && a.groups === 1 && a.stride.every((s) => s === 1) && a.padding.every((p) => p === 0)

const PLAIN = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const

/** dL/dx for y = conv(x, w): the transposed convolution of d by w. */
export function inputGradient(g: Graph, xShape: Shape, w: Tensor, d: Tensor, a: ConvolutionAttributes): Tensor {
  if (isPointwise(w.shape, a)) return convolutionNode(g, d, transposed(g, w, [1, 0, 2, 3]), null, PLAIN, xShape)
  if (a.stride[0] === 1 && a.stride[1] === 1) return flippedConvolution(g, xShape, w, d, a)
  if (g.target === 'webgpu' && a.groups > 1) return flippedConvolution(g, xShape, w, spread(g, d, a.stride), a)
  const extent = (axis: 0 | 1) =>
    ((d.shape[axis + 2] as number) - 1) * a.stride[axis] - a.padding[axis] - a.padding[axis + 2]! +
    a.dilation[axis] * ((w.shape[axis + 2] as number) - 1) + 1
  const attributes = {
    strides: a.stride,
    pads: a.padding,
    dilations: a.dilation,
    group: a.groups,
    output_padding: [(xShape[2] as number) - extent(0), (xShape[3] as number) - extent(1)],
  }
  return g.op('ConvTranspose', [d, w], attributes, { shape: xShape })
}

/**
 * The input gradient as an ordinary convolution by the kernel turned by 180°, over d (already spread where the
 * stride was above 1) framed so that the result has x's size.
 */
function flippedConvolution(g: Graph, xShape: Shape, w: Tensor, d: Tensor, a: ConvolutionAttributes): Tensor {
  const [out, perGroup, kh, kw] = known('conv2d', w) as [number, number, number, number]
  const [height, width] = [xShape[2] as number, xShape[3] as number]
  const reach = [a.dilation[0] * (kh - 1), a.dilation[1] * (kw - 1)] as const
  const [top, left] = [reach[0] - a.padding[0], reach[1] - a.padding[1]]
  const bottom = height + reach[0] - top - (d.shape[2] as number)
  const right = width + reach[1] - left - (d.shape[3] as number)
  const fits = [top, left, bottom, right].every((v) => v >= 0)
  const field = fits ? d : framed(g, d, -top, -left, height + reach[0], width + reach[1])
  const flipped = turned(g, w)
  const perOut = out / a.groups
  const kernel =
    a.groups === 1
      ? transposed(g, flipped, [1, 0, 2, 3])
      : reshaped(
          g,
          transposed(g, reshaped(g, flipped, [a.groups, perOut, perGroup, kh, kw]), [0, 2, 1, 3, 4]),
          [a.groups * perGroup, perOut, kh, kw],
        )
  const padding: Sides = fits ? [top, left, bottom, right] : [0, 0, 0, 0]
  return convolutionNode(g, field, kernel, null, { ...a, stride: [1, 1], padding }, xShape)
}

/** Reverses the last two axes. */
function turned(g: Graph, w: Tensor): Tensor {
  if (w.shape[2] === 1 && w.shape[3] === 1) return w
  const beforeFirst = -(2 ** 31)
  return g.op('Slice', [w, g.ints(-1, -1), g.ints(beforeFirst, beforeFirst), g.ints(2, 3), g.ints(-1, -1)], {}, { shape: w.shape })
}
