/**
 * UMAP (McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and Projection for Dimension
 * Reduction") into the plane, with exact neighbours and from principal components as the beginning. A seed gives the
 * same map again.
 */
import { createRandom } from '../../kit/index.ts'
import { nearestNeighbours } from '../neighbours.ts'
import { fitCurve } from './curve.ts'
import { fuzzyGraph } from './fuzzy-graph.ts'
import { optimiseLayout } from './layout.ts'

export interface UmapOptions {
  /** Size of a neighbourhood, the point itself included. */
  readonly neighbours: number
  /** The least distance of points on the map, in its own units. */
  readonly minDist: number
  readonly seed: number
  readonly threads: number
  /** Passes over the graph; chosen by the number of points unless told. */
  readonly epochs?: number
  readonly onProgress?: (stage: 'neighbours' | 'layout', done: number, total: number) => void
}

/** As the authors' program has it: more passes where they are cheap. */
const epochsFor = (points: number): number => (points <= 10_000 ? 500 : 200)

/** Extent of the map at the beginning. */
const EXTENT = 10
/** Points that are alike do not begin at one place. */
const NOISE = 1e-4

/**
 * `points` [count, size]; `start` [count, 2]: where they begin, on any scale. Gives [count, 2]. One or two points have
 * no neighbourhood to speak of and stay where they begin.
 */
export async function umap(points: Float64Array, size: number, start: Float64Array, options: UmapOptions): Promise<Float32Array> {
  const { seed, minDist, threads, onProgress } = options
  const count = points.length / size
  const random = createRandom(seed)
  const positions = beginning(start, random.fork('beginning').normal)
  if (count < 3) return positions
  const found = await nearestNeighbours(points, size, { count: options.neighbours, threads, onProgress: (done, total) => onProgress?.('neighbours', done, total) })
  optimiseLayout(positions, fuzzyGraph(found), fitCurve(minDist), {
    epochs: options.epochs ?? epochsFor(count),
    random: random.fork('layout'),
    onEpoch: (done, total) => onProgress?.('layout', done, total),
  })
  return positions
}

function beginning(start: Float64Array, noise: () => number): Float32Array {
  const extent = start.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  const positions = Float32Array.from(start, (v) => (extent > 0 ? (EXTENT * v) / extent : 0) + NOISE * noise())
  for (const axis of [0, 1]) {
    let [low, high] = [Infinity, -Infinity]
    for (let i = axis; i < positions.length; i += 2) {
      low = Math.min(low, positions[i]!)
      high = Math.max(high, positions[i]!)
    }
    if (high > low) for (let i = axis; i < positions.length; i += 2) positions[i] = (EXTENT * (positions[i]! - low)) / (high - low)
  }
  return positions
}
