/**
 * Convolution with the batch as the innermost axis: planes [1, C, H, W · N] and a kernel dilated along the width by N. Every
 * row of its unfolding is copied in runs of N, and weight gradients are single products over all clips. A stride of two
 * along time becomes one over the two parities of the frames, as channels.
 */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { convolutionNode, inputGradient, type ConvolutionAttributes } from './convolution-nodes.ts'
import { weightGradient } from './convolution-weight-gradient.ts'
import { padded, reduced, reshaped, sliced, transposed } from './nodes.ts'
import type { Operation } from './operation.ts'
import { known } from './shapes.ts'
import { fromTwin, toTwin, twinOf } from './twins.ts'

type Four = readonly [number, number, number, number]

/** Clips from which runs are long enough. */
const LEAST_BATCH = 16
/** Input channels below which the plain weight gradient is faster. */
const LEAST_CHANNELS = 8

const isStrided = ({ stride }: ConvolutionAttributes) => stride[1] === 2

/** Measured on the CPU (docs/ENGINE.md). */
export function suitsInnermost(g: Graph, x: Tensor, w: Shape, a: ConvolutionAttributes): boolean {
  const [n, channels, height] = x.shape
  const counted = x.shape.every((d) => typeof d === 'number') && (n as number) >= LEAST_BATCH && (channels as number) >= LEAST_CHANNELS
  const single = w[2] === 1 && w[3] === 1
  const steps = a.stride[0] === 1 && (a.stride[1] === 1 || (a.stride[1] === 2 && a.dilation[1] === 1))
  // A kernel of one place gains nothing by itself.
  const worth = single ? twinOf(x) !== undefined && a.stride[1] === 1 : true
  const alongTime = height === 1 && w[2] === 1 && worth && steps
  return g.target === 'cpu' && counted && a.groups === 1 && alongTime
}

interface Plain {
  /** [1, channels, height, width · batch] */
  readonly x: Tensor
  readonly w: Tensor
  readonly attributes: ConvolutionAttributes
}

/** The same convolution over planes whose batch is innermost. */
function plainForm(g: Graph, x: Tensor, w: Tensor, a: ConvolutionAttributes, ow: number): Plain {
  const [n] = known('conv2d', x) as unknown as Four
  const twin = toTwin(g, x)
  const wide = (t: Tensor) => {
    const [c, h, width] = t.shape as Four
    return reshaped(g, t, [1, c, h, width * n])
  }
  const [top, left, bottom, right] = a.padding
  const attributes: ConvolutionAttributes = { ...a, stride: [1, 1], dilation: [a.dilation[0], a.dilation[1] * n], padding: [top, left * n, bottom, right * n] }
  if (!isStrided(a)) return { x: wide(twin), w, attributes }
  return { x: wide(parities(g, twin, left, pairs(w.shape, ow))), w: parityKernel(g, w), attributes: { ...attributes, padding: [0, 0, 0, 0] } }
}

/** Frames of each parity that the kernel meets. */
const pairs = (w: Shape, ow: number): number => ow + Math.ceil((w[3] as number) / 2) - 1

/** [C, 1, W, N] to [2 · C, 1, pairs, N]: even frames, then odd ones, of the padded sequence. */
function parities(g: Graph, twin: Tensor, left: number, count: number): Tensor {
  const [c, , width, n] = twin.shape as Four
  const used = padded(g, twin, [0, 0, left, 0], [0, 0, 2 * count - left - width, 0])
  return reshaped(g, transposed(g, reshaped(g, used, [c, count, 2, n]), [2, 0, 1, 3]), [2 * c, 1, count, n])
}

/** The reverse of `parities`. */
function interleaved(g: Graph, planes: Tensor, [c, , width, n]: Four, left: number): Tensor {
  const count = planes.shape[2] as number
  const all = reshaped(g, transposed(g, reshaped(g, planes, [2, c, count, n]), [1, 2, 0, 3]), [c, 1, 2 * count, n])
  return padded(g, all, [0, 0, -left, 0], [0, 0, width + left - 2 * count, 0])
}

/** [out, in, 1, k] to [out, 2 · in, 1, ⌈k / 2⌉]. */
function parityKernel(g: Graph, w: Tensor): Tensor {
  const [out, c, , k] = w.shape as Four
  const half = Math.ceil(k / 2)
  const even = padded(g, w, [0, 0, 0, 0], [0, 0, 0, 2 * half - k])
  return reshaped(g, transposed(g, reshaped(g, even, [out, c, half, 2]), [0, 3, 1, 2]), [out, 2 * c, 1, half])
}

function fromParityKernel(g: Graph, d: Tensor, [out, c, , k]: Four): Tensor {
  const half = Math.ceil(k / 2)
  const all = reshaped(g, transposed(g, reshaped(g, d, [out, 2, c, half]), [0, 2, 3, 1]), [out, c, 1, 2 * half])
  return sliced(g, all, [{ axis: 3, start: 0, end: k }])
}

/** Equal to `conv2d`, for what `suitsInnermost` names. */
export const innermostConvolution = (plain: Operation<ConvolutionAttributes>): Operation<ConvolutionAttributes> => ({
  name: 'conv2dInnermost',
  infer: plain.infer,
  emit: (g, [x, w, b], a, [output]) => {
    const [n, out, oh, ow] = output!.shape as Four
    const form = plainForm(g, x!, w!, a, ow)
    const y = convolutionNode(g, form.x, form.w, b ?? null, form.attributes, [1, out, oh, ow * n])
    return [fromTwin(g, reshaped(g, y, [out, oh, ow, n]))]
  },
  gradient: (g, { inputs: [x, w], outputs: [y], attributes }, [d]) => {
    const [n, out, oh, ow] = known('conv2d', y!) as unknown as Four
    const [, channels, height, width] = known('conv2d', x!) as unknown as Four
    const form = plainForm(g, x!, w!, attributes, ow)
    const upstream = reshaped(g, toTwin(g, d!), [1, out, oh, ow * n])
    const shape = [channels, height, width, n] as const
    return [
      () => {
        const dx = inputGradient(g, form.x.shape, form.w, upstream, form.attributes)
        if (!isStrided(attributes)) return fromTwin(g, reshaped(g, dx, shape))
        return fromTwin(g, interleaved(g, reshaped(g, dx, [2 * channels, 1, pairs(w!.shape, ow), n]), shape, attributes.padding[1]))
      },
      () => {
        const dw = weightGradient(g, form.x, form.w.shape, upstream, form.attributes)
        return isStrided(attributes) ? fromParityKernel(g, dw, w!.shape as Four) : dw
      },
      () => reduced(g, 'ReduceSum', upstream, [0, 2, 3], false),
    ]
  },
})
