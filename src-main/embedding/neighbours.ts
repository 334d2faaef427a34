/**
 * The nearest neighbours of every point, exactly: all distances, a block of points at a time, as one matrix product and
 * a TopK on ONNX Runtime. At 50,000 points of 50 values that is some seconds, and there is nothing approximate to
 * explain.
 */
import { unwrap } from '../kit/index.ts'
import { Graph, toOnnx } from '../nn/index.ts'
import { createSession, floats, tensor } from '../runtime/index.ts'

export interface Neighbours {
  readonly count: number
  /** [points, count]: the point itself first, then by distance. */
  readonly indices: Int32Array
  /** Euclidean, in double precision. */
  readonly distances: Float64Array
}

export interface NeighboursOptions {
  /** The point itself included. */
  readonly count: number
  readonly threads: number
  readonly onProgress?: (done: number, total: number) => void
}

/** Distances that are in memory at a time. */
const BLOCK_VALUES = 2 ** 24

export async function nearestNeighbours(points: Float64Array, size: number, { count, threads, onProgress }: NeighboursOptions): Promise<Neighbours> {
  const total = points.length / size
  const k = Math.min(count, total)
  const all = Float32Array.from(points)
  const norms = new Float32Array(total)
  for (let i = 0; i < total; i++) {
    let sum = 0
    for (let d = 0; d < size; d++) sum += points[i * size + d]! ** 2
    norms[i] = sum
  }
  await using session = unwrap(await createSession(searchModel(total, size, Math.min(total, k + 1)), { device: 'cpu', threads }))
  const kept = { points: tensor(all, [total, size]), norms: tensor(norms, [1, total]) }
  const indices = new Int32Array(total * k)
  const distances = new Float64Array(total * k)
  const step = Math.max(1, Math.floor(BLOCK_VALUES / total))
  for (let start = 0; start < total; start += step) {
    const rows = Math.min(step, total - start)
    const run = await session.run({ ...kept, block: tensor(all.subarray(start * size, (start + rows) * size), [rows, size]) })
    const found = floats(run['indices']!)
    const perRow = found.length / rows
    for (let r = 0; r < rows; r++) keepNearest(points, size, start + r, found.subarray(r * perRow, (r + 1) * perRow), k, indices, distances)
    onProgress?.(start + rows, total)
  }
  return { count: k, indices, distances }
}

/**
 * Distances anew in double precision, in their order, the point itself before equals. One candidate more than needed
 * was asked for, so that the point can be put in where equals crowded it out.
 */
function keepNearest(points: Float64Array, size: number, point: number, candidates: Float32Array, k: number, indices: Int32Array, distances: Float64Array): void {
  const others = [...candidates].filter((j) => j !== point).map((j) => ({ j, d: distance(points, size, point, j) }))
  others.sort((a, b) => a.d - b.d || a.j - b.j)
  indices[point * k] = point
  for (let i = 1; i < k; i++) {
    indices[point * k + i] = others[i - 1]!.j
    distances[point * k + i] = others[i - 1]!.d
  }
}

function distance(points: Float64Array, size: number, a: number, b: number): number {
  let sum = 0
  for (let d = 0; d < size; d++) sum += (points[a * size + d]! - points[b * size + d]!) ** 2
  return Math.sqrt(sum)
}

/** Ranks by ‖b‖² − 2·a·b, which is the squared distance but for ‖a‖². Indices come out as float32: exact below 2²⁴. */
function searchModel(total: number, size: number, k: number): Uint8Array {
  const g = new Graph()
  const block = g.input('block', ['B', size])
  const points = g.input('points', [total, size])
  const norms = g.input('norms', [1, total])
  const dots = g.op('Gemm', [block, points], { transB: 1, alpha: { float: -2 } }, { shape: ['B', total] })
  const ranks = g.op('Add', [dots, norms], {}, { shape: ['B', total] })
  const [, places] = g.op('TopK', [ranks, g.ints(k)], { axis: 1, largest: 0, sorted: 0 }, [{ shape: ['B', k] }, { shape: ['B', k], dtype: 'int64' }])
  g.output('indices', g.op('Cast', [places!], { to: 1 }, { shape: ['B', k] }))
  return toOnnx(g, { graphName: 'nearest neighbours' })
}
