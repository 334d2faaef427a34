/** Max and average pooling over [N, C, H, W]; one-dimensional pooling is that of height 1. */
import type { Graph, Tensor } from '../graph.ts'
import { maxPoolGradientByIndices, maxPoolGradientByMasks } from './pooling-gradients.ts'
import { expanded, framed, reshaped, scaled, times } from './nodes.ts'
import { applyOne, type Operation } from './operation.ts'
import { known, pair, shapeError, sides, windowSize, type Padding, type Pair, type Sides } from './shapes.ts'

export interface PoolAttributes {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: Sides
}

function pooledShape(name: string, x: Tensor, { kernel, stride, padding }: PoolAttributes) {
  if (x.shape.length !== 4) throw shapeError(name, [x], 'needs [batch, channel, height, width]')
  if (padding.some((p, i) => p >= kernel[i % 2]!)) throw shapeError(name, [x], 'the padding must be smaller than the window')
  const size = (axis: 0 | 1) =>
    windowSize(name, x, axis + 2, {
      kernel: kernel[axis],
      stride: stride[axis],
      dilation: 1,
      before: padding[axis],
      after: padding[axis + 2]!,
    })
  return [x.shape[0]!, x.shape[1]!, size(0), size(1)]
}

const nodeAttributes = ({ kernel, stride, padding }: PoolAttributes) => ({ kernel_shape: kernel, strides: stride, pads: padding })

/** The second output, the place of each maximum, serves the gradient; WebGPU cannot make it. */
const maxPoolOperation: Operation<PoolAttributes> = {
  name: 'maxPool2d',
  infer: ([x], a) => {
    const shape = pooledShape('maxPool2d', x!, a)
    return [{ shape }, { shape, dtype: 'int64' }]
  },
  emit: (g, [x], a, [y, places]) =>
    g.target === 'webgpu'
      ? [g.op('MaxPool', [x!], nodeAttributes(a), y!)]
      : g.op('MaxPool', [x!], nodeAttributes(a), [y!, places!]),
  gradient: (g, { inputs: [x], outputs: [y, places], attributes }, [d]) => [
    () =>
      places
        ? maxPoolGradientByIndices(g, known('maxPool2d', x!), places, d!, attributes)
        : maxPoolGradientByMasks(g, x!, y!, d!, attributes),
  ],
}

interface AvgPoolAttributes extends PoolAttributes {
  readonly countPadding: boolean
}

const avgPoolOperation: Operation<AvgPoolAttributes> = {
  name: 'avgPool2d',
  infer: ([x], a) => [{ shape: pooledShape('avgPool2d', x!, a) }],
  emit: (g, [x], a, [y]) => [
    g.op('AveragePool', [x!], { ...nodeAttributes(a), count_include_pad: a.countPadding ? 1 : 0 }, y!),
  ],
  gradient: (g, { inputs: [x], attributes }, [d]) => [() => avgPoolGradient(g, known('avgPool2d', x!), d!, attributes)],
}

function avgPoolGradient(g: Graph, xShape: number[], d: Tensor, a: AvgPoolAttributes): Tensor {
  const [n, c, height, width] = xShape as [number, number, number, number]
  const [, , oh, ow] = known('avgPool2d', d) as [number, number, number, number]
  const [kh, kw] = a.kernel
  const share = a.countPadding || a.padding.every((p) => p === 0)
    ? scaled(g, d, 1 / (kh * kw))
    : times(g, d, g.constant(inverseCounts(height, width, oh, ow, a), [1, 1, oh, ow]))
  if (kh === a.stride[0] && kw === a.stride[1]) {
    const tiles = expanded(g, reshaped(g, share, [n, c, oh, 1, ow, 1]), [n, c, oh, kh, ow, kw])
    return framed(g, reshaped(g, tiles, [n, c, oh * kh, ow * kw]), a.padding[0], a.padding[1], height, width)
  }
  // Channels as batch: every output spreads over its window by the transposed convolution with ones.
  const field = reshaped(g, share, [n * c, 1, oh, ow])
  const extent = [(oh - 1) * a.stride[0] + kh, (ow - 1) * a.stride[1] + kw] as const
  const ones = g.constant(new Float32Array(kh * kw).fill(1), [1, 1, kh, kw])
  const spread = g.op('ConvTranspose', [field, ones], { strides: a.stride }, { shape: [n * c, 1, ...extent] })
  return reshaped(g, framed(g, spread, a.padding[0], a.padding[1], height, width), xShape)
}

/** One over the number of real elements under each window. */
function inverseCounts(height: number, width: number, oh: number, ow: number, a: PoolAttributes): number[] {
  const along = (size: number, windows: number, axis: 0 | 1) =>
    Array.from({ length: windows }, (_, i) => {
      const start = i * a.stride[axis] - a.padding[axis]
      return Math.min(size, start + a.kernel[axis]) - Math.max(0, start)
    })
  const columns = along(width, ow, 1)
  return along(height, oh, 0).flatMap((rows) => columns.map((n) => 1 / (rows * n)))
}

export const pooling = { maxPool2d: maxPoolOperation, avgPool2d: avgPoolOperation }

export interface PoolOptions {
  /** The kernel's size unless told. */
  readonly stride?: Pair
  readonly padding?: Padding
}

const attributesOf = (kernel: Pair, options: PoolOptions): PoolAttributes => ({
  kernel: pair(kernel),
  stride: pair(options.stride ?? kernel),
  padding: sides(options.padding ?? 0),
})

/** The gradient goes to the maximum, among equals to the first in row order. Padding never wins. */
export const maxPool2d = (g: Graph, x: Tensor, kernel: Pair, options: PoolOptions = {}): Tensor =>
  applyOne(g, pooling.maxPool2d, [x], attributesOf(kernel, options))

/** `countPadding` (default, as in PyTorch): padding counts as zeros in the mean. */
export const avgPool2d = (g: Graph, x: Tensor, kernel: Pair, options: PoolOptions & { readonly countPadding?: boolean } = {}): Tensor =>
  applyOne(g, pooling.avgPool2d, [x], { ...attributesOf(kernel, options), countPadding: options.countPadding ?? true })
