/**
 * Convolution of stride 1 by Winograd's minimal filtering, with the batch innermost: tiles are gathered, transformed by
 * a product with a constant matrix, and multiplied by the transformed kernel, one batched product with a row for each
 * place of a tile. The weight gradient is a product of the transformed input and the transformed gradient of the results.
 */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { eachPlace, fromRows, NO_ROW, takeRows, toRows } from './batch-innermost.ts'
import type { ConvolutionAttributes } from './convolution-nodes.ts'
import { matrixTransposed, padded, plus, reduced, reshaped, total, transposed } from './nodes.ts'
import type { Operation } from './operation.ts'
import { known, shapeError, type Sides } from './shapes.ts'
import { filtering, transformed, type Filtering } from './winograd.ts'

type Four = readonly [number, number, number, number]

interface Sizes {
  readonly filter: Filtering
  readonly n: number
  readonly groups: number
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly out: number
  readonly oh: number
  readonly ow: number
  /** Tiles down and across, and columns of a product. */
  readonly th: number
  readonly tw: number
  readonly length: number
  readonly padding: Sides
}

/** More points than these lose digits: with seven, results and gradients differ by 10⁻⁵ of the largest. */
const MOST_POINTS = 7

/** Results of a tile along an axis: those with the fewest products. */
function fewestProducts(taps: number, oh: number, ow: number): Filtering {
  const choices = Array.from({ length: MOST_POINTS - taps }, (_, i) => filtering(i + 2, taps))
  const products = ({ results, points }: Filtering) => Math.ceil(oh / results) * Math.ceil(ow / results) * points ** 2
  return choices.reduce((best, other) => (products(other) < products(best) ? other : best))
}

function sizesOf(xShape: Four, wShape: Four, { padding, groups }: ConvolutionAttributes): Sizes {
  const [n, channels, height, width] = xShape
  const [out, , kh, kw] = wShape
  const [oh, ow] = [height + padding[0] + padding[2] - kh + 1, width + padding[1] + padding[3] - kw + 1]
  const filter = fewestProducts(kh, oh, ow)
  const [th, tw] = [Math.ceil(oh / filter.results), Math.ceil(ow / filter.results)]
  return { filter, n, groups, channels, height, width, out, oh, ow, th, tw, length: th * tw * n, padding }
}

/** Clips from which rows of the batch are long enough to be copied and multiplied well. */
const LEAST_BATCH = 16
/** Channels and filters of a group from which fewer products are worth the transforms: 24 is even, 48 gains a third. */
const LEAST_CHANNELS = 48

const isFiltered = (w: Shape, { stride, dilation }: ConvolutionAttributes): boolean =>
  (w[2] === 3 || w[2] === 5) && w[3] === w[2] && [...stride, ...dilation].every((v) => v === 1)

/** Measured on the CPU (docs/ENGINE.md). */
export function suitsWinograd(g: Graph, x: Shape, w: Shape, a: ConvolutionAttributes): boolean {
  const [n, ...sizes] = x
  const known = typeof n === 'number' && n >= LEAST_BATCH && sizes.every((d) => typeof d === 'number')
  const wide = (w[1] as number) >= LEAST_CHANNELS && (w[0] as number) / a.groups >= LEAST_CHANNELS
  return g.target === 'cpu' && known && wide && isFiltered(w, a)
}

const product = (g: Graph, a: Tensor, b: Tensor): Tensor => g.op('MatMul', [a, b], {}, { shape: [...a.shape.slice(0, -1), b.shape.at(-1)!] })

/** [points², groups, in / groups, tiles · batch] */
function transformedInput(g: Graph, x: Tensor, { filter: { points, results, input }, groups, channels, height, width, th, tw, length, padding: [top, left] }: Sizes): Tensor {
  const places = eachPlace([points, points, channels, th, tw], (i, j, c, t, u) => {
    const [row, column] = [results * t + i - top, results * u + j - left]
    return row < 0 || row >= height || column < 0 || column >= width ? NO_ROW : (c * height + row) * width + column
  })
  const tiles = reshaped(g, takeRows(g, toRows(g, x), places), [points ** 2, channels * length])
  return reshaped(g, transformed(g, input, tiles), [points ** 2, groups, channels / groups, length])
}

/** From w [out, in / groups, kh, kw] to [points², groups, out / groups, in / groups], or with the last two exchanged. */
function transformedKernel(g: Graph, w: Tensor, { filter: { points, taps, kernel }, groups }: Sizes, exchanged = false): Tensor {
  const [out, perGroup] = w.shape as Four
  const shape = [groups, out / groups, perGroup]
  const split = transposed(g, reshaped(g, w, [...shape, taps, taps]), exchanged ? [3, 4, 0, 2, 1] : [3, 4, 0, 1, 2])
  const order = exchanged ? [groups, perGroup, out / groups] : shape
  return reshaped(g, transformed(g, kernel, reshaped(g, split, [taps ** 2, out * perGroup])), [points ** 2, ...order])
}

/** From products [points², groups, out / groups, tiles · batch] to rows [out · height · width, batch]. */
function results(g: Graph, products: Tensor, { filter: { points, results: m, output }, n, out, oh, ow, th, tw, length }: Sizes): Tensor {
  const tiles = transformed(g, output, reshaped(g, products, [points ** 2, out * length]))
  const places = eachPlace([out, oh, ow], (o, y, z) => (((y % m) * m + (z % m)) * out + o) * th * tw + Math.floor(y / m) * tw + Math.floor(z / m))
  return takeRows(g, reshaped(g, tiles, [m ** 2 * out * th * tw, n]), places)
}

/** Adds up the tiles of the input, which overlap: the reverse of taking them. [in · height · width, batch] */
function untiled(g: Graph, tiles: Tensor, { filter: { points, results }, n, channels, height, width, th, tw, padding: [top, left] }: Sizes): Tensor {
  const rows = padded(g, reshaped(g, tiles, [points ** 2 * channels * th * tw, n]), [0, 0], [1, 0])
  const nothing = points ** 2 * channels * th * tw
  // The tile in which a row lies first, and how many before it reach there.
  const within = (place: number, back: number, tiles: number) => {
    const tile = Math.floor(place / results) - back
    const at = place - tile * results
    return tile >= 0 && tile < tiles && at < points ? ([at, tile] as const) : null
  }
  const reach = Array.from({ length: Math.ceil(points / results) }, (_, i) => i)
  const parts = reach.flatMap((down) => reach.map((across) => {
    const places = eachPlace([channels, height, width], (c, y, z) => {
      const [row, column] = [within(y + top, down, th), within(z + left, across, tw)]
      return row && column ? (((row[0] * points + column[0]) * channels + c) * th + row[1]) * tw + column[1] : nothing
    })
    return g.op('Gather', [rows, g.constant(places, [places.length], 'int32')], { axis: 0 }, { shape: [places.length, n] })
  }))
  return total(g, parts)
}

/** From rows of the gradient of the results to [points², groups, out / groups, tiles · batch]. */
function transformedGradient(g: Graph, rows: Tensor, { filter: { points, results, output }, groups, out, oh, ow, th, tw, length }: Sizes): Tensor {
  const places = eachPlace([results, results, out, th, tw], (i, j, o, t, u) => {
    const [y, z] = [results * t + i, results * u + j]
    return y < oh && z < ow ? (o * oh + y) * ow + z : NO_ROW
  })
  const tiles = reshaped(g, takeRows(g, rows, places), [results ** 2, out * length])
  return reshaped(g, transformed(g, output, tiles, true), [points ** 2, groups, out / groups, length])
}

const sizesFor = (x: Tensor, w: Tensor, a: ConvolutionAttributes): Sizes => sizesOf(known('conv2d', x) as unknown as Four, known('conv2d', w) as unknown as Four, a)

/** Equal to `conv2d` up to rounding, for kernels that `suitsWinograd` names. */
export const winogradConvolution = (plain: Operation<ConvolutionAttributes>): Operation<ConvolutionAttributes> => ({
  name: 'conv2dWinograd',
  infer: ([x, w, b], a) => {
    const [result] = plain.infer([x!, w!, b ?? null], a)
    if (!isFiltered(w!.shape, a)) throw shapeError('conv2dWinograd', [x!, w!], 'needs a square kernel of 3 or 5 taps, stride and dilation 1')
    const { filter: { points }, groups, channels, length } = sizesFor(x!, w!, a)
    // Beside the result the transformed input, for the weight gradient.
    return [result!, { shape: [points ** 2, groups, channels / groups, length] }]
  },
  emit: (g, [x, w, b], a) => {
    const sizes = sizesFor(x!, w!, a)
    const { n, out, oh, ow } = sizes
    const input = transformedInput(g, x!, sizes)
    const rows = results(g, product(g, transformedKernel(g, w!, sizes), input), sizes)
    const biased = b ? reshaped(g, plus(g, reshaped(g, rows, [out, oh * ow * n]), reshaped(g, b, [out, 1])), rows.shape) : rows
    return [fromRows(g, biased, [out, oh, ow]), input]
  },
  gradient: (g, { inputs: [x, w], outputs: [, input], attributes }, [d]) => {
    const sizes = sizesFor(x!, w!, attributes)
    const { filter, n, groups, channels, height, width, out, oh, ow, length } = sizes
    const { points, taps } = filter
    const rows = toRows(g, d!)
    const upstream = transformedGradient(g, rows, sizes)
    return [
      () => {
        const products = product(g, transformedKernel(g, w!, sizes, true), upstream)
        const tiles = transformed(g, filter.input, reshaped(g, products, [points ** 2, channels * length]), true)
        return fromRows(g, untiled(g, tiles, sizes), [channels, height, width])
      },
      () => {
        const products = product(g, input!, matrixTransposed(g, upstream))
        const kernels = transformed(g, filter.kernel, reshaped(g, products, [points ** 2, (channels * out) / groups]), true)
        const split = reshaped(g, kernels, [taps, taps, groups, channels / groups, out / groups])
        return reshaped(g, transposed(g, split, [2, 4, 3, 0, 1]), w!.shape)
      },
      () => reduced(g, 'ReduceSum', reshaped(g, rows, [out, oh * ow * n]), [1], false),
    ]
  },
})
