/**
 * The pooled convolution as one matrix product over the unfolded input, with the batch innermost; the weight gradient is
 * a product over the same unfolding. For few input channels: it has in·(kh + 1)·(kw + 1) values for each output.
 */
import type { Graph, Tensor } from '../graph.ts'
import { eachPlace, fromRows, NO_ROW, takeRows, toRows } from './batch-innermost.ts'
import { inputGradient } from './convolution-nodes.ts'
import { joined, parted, plus, reduced, reshaped, transposed } from './nodes.ts'
import type { Operation } from './operation.ts'
import { kernelGradient, PHASES, phaseGradients, phaseKernels, pooledShape } from './pool-phases.ts'
import { known, type Sides } from './shapes.ts'

interface Sizes {
  readonly x: readonly [number, number, number, number]
  readonly kernel: readonly [number, number]
  readonly out: number
  readonly pooled: readonly [number, number]
}

function sizesOf(x: Tensor, w: Tensor, padding: Sides): Sizes {
  const [out, , kh, kw] = known('conv2dMaxPool2x2', w) as [number, number, number, number]
  const [, , oh, ow] = pooledShape(x, w, null, padding) as [number, number, number, number]
  return { x: known('conv2dMaxPool2x2', x) as [number, number, number, number], kernel: [kh + 1, kw + 1], out, pooled: [oh, ow] }
}

const gemm = (g: Graph, a: Tensor, b: Tensor, shape: readonly number[], attributes: { readonly transB?: number } = {}) => g.op('Gemm', [a, b], attributes, { shape })

/** [in·kh·kw, oh·ow·N] */
function unfolded(g: Graph, x: Tensor, { x: [n, channels, height, width], kernel: [kh, kw], pooled: [oh, ow] }: Sizes, [top, left]: Sides): Tensor {
  const places = eachPlace([channels, kh, kw, oh, ow], (c, i, j, y, z) => {
    const [row, column] = [2 * y + i - top, 2 * z + j - left]
    return row < 0 || row >= height || column < 0 || column >= width ? NO_ROW : (c * height + row) * width + column
  })
  return reshaped(g, takeRows(g, toRows(g, x), places), [channels * kh * kw, oh * ow * n])
}

export const unfoldedPool: Operation<{ readonly padding: Sides }> = {
  name: 'conv2dMaxPool2x2Unfolded',
  infer: ([x, w, b], { padding }) => {
    const { x: [n, channels], kernel: [kh, kw], out, pooled: [oh, ow] } = sizesOf(x!, w!, padding)
    const rows = { shape: [out, oh * ow * n] }
    // Beside the result: the pooled values before the bias, their phases, and the unfolding, for the gradient.
    return [{ shape: pooledShape(x!, w!, b ?? null, padding) }, rows, ...PHASES.map(() => rows), { shape: [channels * kh * kw, oh * ow * n] }]
  },
  emit: (g, [x, w, b], { padding }) => {
    const sizes = sizesOf(x!, w!, padding)
    const { x: [n, channels], kernel: [kh, kw], out, pooled: [oh, ow] } = sizes
    const columns = unfolded(g, x!, sizes, padding)
    const kernels = reshaped(g, phaseKernels(g, w!), [PHASES.length * out, channels * kh * kw])
    const phases = parted(g, gemm(g, kernels, columns, [PHASES.length * out, oh * ow * n]), 0, PHASES.map(() => out))
    const pooled = g.op('Max', phases, {}, { shape: phases[0]!.shape })
    const biased = b ? plus(g, pooled, reshaped(g, b, [out, 1])) : pooled
    return [fromRows(g, reshaped(g, biased, [out * oh * ow, n]), [out, oh, ow]), pooled, ...phases, columns]
  },
  gradient: (g, { inputs: [x, w], outputs, attributes: { padding } }, [d]) => {
    const { x: [n, channels], kernel: [kh, kw], out, pooled: [oh, ow] } = sizesOf(x!, w!, padding)
    const [, pooled, ...rest] = outputs
    const [phases, columns] = [rest.slice(0, PHASES.length), rest[PHASES.length]!]
    const upstream = reshaped(g, toRows(g, d!), pooled!.shape)
    const all = joined(g, phaseGradients(g, pooled!, phases, upstream), 0)
    return [
      () => {
        const planes = fromRows(g, reshaped(g, all, [PHASES.length * out * oh * ow, n]), [PHASES.length * out, oh, ow])
        return inputGradient(g, x!.shape, phaseKernels(g, w!), planes, { stride: [2, 2], padding, dilation: [1, 1], groups: 1 })
      },
      () => {
        // In this order a fifth faster than as the transposed product; the reshape keeps ONNX Runtime from turning it round.
        const product = gemm(g, columns, all, [channels * kh * kw, PHASES.length * out], { transB: 1 })
        return kernelGradient(g, transposed(g, reshaped(g, product, [channels, kh, kw, PHASES.length * out]), [3, 0, 1, 2]), w!)
      },
      () => reduced(g, 'ReduceSum', upstream, [1], false),
    ]
  },
}
