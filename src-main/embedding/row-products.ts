/**
 * Products of a tall matrix, whose rows are clips, by narrow ones, on ONNX Runtime. The rows stay where they are: a
 * block of them at a time is packed into a matrix, and sums over blocks are taken in double precision.
 */
import { unwrap } from '../kit/index.ts'
import { Graph, toOnnx } from '../nn/index.ts'
import { createSession, floats, tensor, type Session } from '../runtime/index.ts'

export interface RowProducts extends AsyncDisposable {
  /** (X − 1·meanᵀ) · q, [rows, width]; q is [size, width]. */
  forward(q: Float64Array, width: number): Promise<Float64Array>
  /** (X − 1·meanᵀ)ᵀ · y, [size, width]; y is [rows, width]. */
  backward(y: Float64Array, width: number): Promise<Float64Array>
}

/** Values of one block: some megabytes, whatever the rows' size. */
const BLOCK_VALUES = 2 ** 21

export async function createRowProducts(rows: readonly Float32Array[], mean: Float64Array, threads: number): Promise<RowProducts> {
  const size = mean.length
  const session = unwrap(await createSession(products(), { device: 'cpu', threads }))
  const centre = Float32Array.from(mean)
  const step = Math.max(1, Math.floor(BLOCK_VALUES / size))

  async function* blocks(): AsyncGenerator<readonly [start: number, count: number, x: Float32Array]> {
    const packed = new Float32Array(Math.min(step, rows.length) * size)
    for (let start = 0; start < rows.length; start += step) {
      const count = Math.min(step, rows.length - start)
      for (let i = 0; i < count; i++) packed.set(rows[start + i]!, i * size)
      yield [start, count, packed.subarray(0, count * size)]
    }
  }
  const feed = (x: Float32Array, count: number) => ({ x: tensor(x, [count, size]), mean: tensor(centre, [1, size]) })

  return {
    async forward(q, width) {
      const out = new Float64Array(rows.length * width)
      const right = tensor(Float32Array.from(q), [size, width])
      for await (const [start, count, x] of blocks()) {
        const run = await session.run({ ...feed(x, count), q: right, y: tensor(new Float32Array(count), [count, 1]) }, ['projected'])
        out.set(floats(run['projected']!), start * width)
      }
      return out
    },
    async backward(y, width) {
      const sum = new Float64Array(size * width)
      const nothing = tensor(new Float32Array(size), [size, 1])
      for await (const [start, count, x] of blocks()) {
        const part = tensor(Float32Array.from(y.subarray(start * width, (start + count) * width)), [count, width])
        const run = await session.run({ ...feed(x, count), q: nothing, y: part }, ['gathered'])
        const values = floats(run['gathered']!)
        for (let i = 0; i < values.length; i++) sum[i]! += values[i]!
      }
      return sum
    },
    [Symbol.asyncDispose]: () => (session as Session)[Symbol.asyncDispose](),
  }
}

/** x [N, D], mean [1, D], q [D, K], y [N, L] → projected [N, K], gathered [D, L]. */
function products(): Uint8Array {
  const g = new Graph()
  const x = g.input('x', ['N', 'D'])
  const mean = g.input('mean', [1, 'D'])
  const q = g.input('q', ['D', 'K'])
  const y = g.input('y', ['N', 'L'])
  const centred = g.op('Sub', [x, mean], {}, { shape: ['N', 'D'] })
  g.output('projected', g.op('MatMul', [centred, q], {}, { shape: ['N', 'K'] }))
  g.output('gathered', g.op('Gemm', [centred, y], { transA: 1 }, { shape: ['D', 'L'] }))
  return toOnnx(g, { graphName: 'products of rows' })
}
