/**
 * The pooled convolution by Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray 2016, section 4.1): over the
 * input's four parities (space to depth) the stride-2 convolution by kernels of up to 6×6 is one of stride 1 by kernels of
 * up to 3×3, so that each tile of 2×2 results takes 16 products instead of 36. The batch is innermost, every transform
 * a product with a constant matrix, and both gradients share the transformed gradient of the results.
 *
 * Equal values may differ by rounding here: then any of them may take the gradient.
 */
import type { Graph, Tensor } from '../graph.ts'
import { eachPlace, fromRows, NO_ROW, takeRows, toRows } from './batch-innermost.ts'
import { joined, matrixTransposed, padded, parted, plus, reduced, reshaped, sliced, total, transposed } from './nodes.ts'
import type { Operation } from './operation.ts'
import { kernelGradient, PHASES, phaseGradients, phaseKernels, pooledShape } from './pool-phases.ts'
import { known, type Sides } from './shapes.ts'
import { filtering, transformed } from './winograd.ts'

/** Largest kernel, before it is shifted to its phases. */
export const WINOGRAD_KERNEL = 5
const WIDE = WINOGRAD_KERNEL + 1

const { input: INPUT, kernel: KERNEL, output: OUTPUT } = filtering(2, 3)
/** Values of a transformed tile, of a tile of results, and of a kernel. */
const [TILE, RESULTS, TAPS] = [16, 4, 9]

function sizesOf(x: Tensor, w: Tensor, padding: Sides) {
  const [n, channels, height, width] = known('conv2dMaxPool2x2', x) as [number, number, number, number]
  const [, out, oh, ow] = pooledShape(x, w, null, padding) as [number, number, number, number]
  const [th, tw] = [Math.ceil(oh / 2), Math.ceil(ow / 2)]
  return { n, channels, height, width, out, oh, ow, th, tw, length: th * tw * n, top: padding[0], left: padding[1] }
}
type Sizes = ReturnType<typeof sizesOf>

/** Rows of x for [place in the tile 4×4, parity 2×2, channel, tile]. */
const tilePlaces = ({ channels, height, width, th, tw, top, left }: Sizes): number[] =>
  eachPlace([4, 4, 2, 2, channels, th, tw], (a, b, i, j, c, t, u) => {
    const [row, column] = [2 * (2 * t + a) + i - top, 2 * (2 * u + b) + j - left]
    return row < 0 || row >= height || column < 0 || column >= width ? NO_ROW : (c * height + row) * width + column
  })

/** [16, 4·out, 4·in]: the kernels over the parities, transformed. Reversed: [16, 4·in, 4·out], a faster product than by a transposed matrix. */
function transformedKernels(g: Graph, w: Tensor, { out, channels }: Sizes, reversed = false): Tensor {
  const wide = phaseKernels(g, w)
  const [, , kh, kw] = wide.shape as number[]
  const full = padded(g, wide, [0, 0, 0, 0], [0, 0, WIDE - kh!, WIDE - kw!])
  const split = transposed(g, reshaped(g, full, [4 * out, channels, 3, 2, 3, 2]), reversed ? [2, 4, 3, 5, 1, 0] : [2, 4, 0, 3, 5, 1])
  const shape = reversed ? [TILE, 4 * channels, 4 * out] : [TILE, 4 * out, 4 * channels]
  return reshaped(g, transformed(g, KERNEL, reshaped(g, split, [TAPS, 16 * out * channels])), shape)
}

const product = (g: Graph, a: Tensor, b: Tensor): Tensor => g.op('MatMul', [a, b], {}, { shape: [a.shape[0]!, a.shape[1]!, b.shape[2]!] })

export const winogradPool: Operation<{ readonly padding: Sides }> = {
  name: 'conv2dMaxPool2x2Winograd',
  infer: ([x, w, b], { padding }) => {
    const { channels, out, length } = sizesOf(x!, w!, padding)
    const tiles = { shape: [RESULTS, 1, out * length] }
    // Beside the result: the pooled values before the bias and their phases by tiles, and the transformed input.
    return [{ shape: pooledShape(x!, w!, b ?? null, padding) }, tiles, ...PHASES.map(() => tiles), { shape: [TILE, 4 * channels, length] }]
  },
  emit: (g, [x, w, b], { padding }) => {
    const sizes = sizesOf(x!, w!, padding)
    const { n, channels, out, oh, ow, th, tw, length } = sizes
    const tiles = reshaped(g, takeRows(g, toRows(g, x!), tilePlaces(sizes)), [TILE, 4 * channels * length])
    const input = reshaped(g, transformed(g, INPUT, tiles), [TILE, 4 * channels, length])
    const kernels = transformedKernels(g, w!, sizes)
    const results = reshaped(g, transformed(g, OUTPUT, product(g, kernels, input)), [RESULTS, PHASES.length, out * length])
    const phases = parted(g, results, 1, PHASES.map(() => 1))
    const pooled = g.op('Max', phases, {}, { shape: phases[0]!.shape })
    const places = eachPlace([out, oh, ow], (o, y, z) => (((y % 2) * 2 + (z % 2)) * out + o) * th * tw + (y >> 1) * tw + (z >> 1))
    const rows = takeRows(g, reshaped(g, pooled, [RESULTS * out * th * tw, n]), places)
    const biased = b ? reshaped(g, plus(g, reshaped(g, rows, [out, oh * ow * n]), reshaped(g, b, [out, 1])), [out * oh * ow, n]) : rows
    return [fromRows(g, biased, [out, oh, ow]), pooled, ...phases, input]
  },
  gradient: (g, { inputs: [x, w], outputs: [, pooled, ...rest], attributes: { padding } }, [d]) => {
    const sizes = sizesOf(x!, w!, padding)
    const { channels, out, oh, ow, th, tw, length, n } = sizes
    const [phases, input] = [rest.slice(0, PHASES.length), rest[PHASES.length]!]
    const rows = toRows(g, d!)
    const places = eachPlace([2, 2, out, th, tw], (i, j, o, t, u) => {
      const [y, z] = [2 * t + i, 2 * u + j]
      return y < oh && z < ow ? (o * oh + y) * ow + z : NO_ROW
    })
    const upstream = reshaped(g, takeRows(g, rows, places), pooled!.shape)
    const all = joined(g, phaseGradients(g, pooled!, phases, upstream), 1)
    const products = reshaped(g, transformed(g, OUTPUT, reshaped(g, all, [RESULTS, 4 * out * length]), true), [TILE, 4 * out, length])
    return [
      () => {
        const tiles = transformed(g, INPUT, product(g, transformedKernels(g, w!, sizes, true), products), true)
        return fromRows(g, untiled(g, tiles, sizes), [channels, sizes.height, sizes.width])
      },
      () => {
        const taps = transformed(g, KERNEL, product(g, input, matrixTransposed(g, products)), true)
        const split = transposed(g, reshaped(g, taps, [3, 3, 2, 2, channels, 4 * out]), [5, 4, 0, 2, 1, 3])
        const [kh, kw] = [(w!.shape[2] as number) + 1, (w!.shape[3] as number) + 1]
        const wide = sliced(g, reshaped(g, split, [4 * out, channels, WIDE, WIDE]), [{ axis: 2, start: 0, end: kh }, { axis: 3, start: 0, end: kw }])
        return kernelGradient(g, wide, w!)
      },
      () => reduced(g, 'ReduceSum', reshaped(g, rows, [out, oh * ow * n]), [1], false),
    ]
  },
}

/** Adds up the tiles, which overlap by half along both axes: the reverse of taking them. [in·height·width, N] */
function untiled(g: Graph, tiles: Tensor, { n, channels, height, width, th, tw, top, left }: Sizes): Tensor {
  // A tile's place a is 2·A + α: its half A says by how many blocks it is shifted.
  const overlapped = (x: Tensor, half: number, along: number) => {
    const none = x.shape.map(() => 0)
    const at = (k: number, axis: number) => none.map((v, i) => (i === axis ? k : v))
    return total(g, parted(g, x, half, [1, 1]).map((part, k) => padded(g, part, at(k, along), at(1 - k, along))))
  }
  const byRow = overlapped(reshaped(g, tiles, [2, 16 * 2 * channels, th, tw * n]), 0, 2)
  const byBoth = overlapped(reshaped(g, byRow, [2, 2, 8 * channels * (th + 1), tw, n]), 1, 3)
  const places = eachPlace([channels, height, width], (c, row, column) => {
    const [y, z] = [row + top, column + left]
    if (y >= 4 * (th + 1) || z >= 4 * (tw + 1)) return NO_ROW
    const block = [y >> 2, z >> 2] as const
    return (((((((y >> 1) & 1) * 2 + ((z >> 1) & 1)) * 2 + (y & 1)) * 2 + (z & 1)) * channels + c) * (th + 1) + block[0]) * (tw + 1) + block[1]
  })
  return takeRows(g, reshaped(g, byBoth, [16 * channels * (th + 1) * (tw + 1), n]), places)
}
