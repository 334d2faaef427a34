/**
 * The neighbourhoods of all points as one weighted graph: the fuzzy simplicial set of McInnes, Healy and Melville 2018
 * (algorithms 2 and 3). Each point's distances are made relative to its nearest neighbour and to a width that gives its
 * neighbourhood the size log₂(k); what two points say of each other is united by a + b − a·b.
 */
import type { Neighbours } from '../neighbours.ts'

/** Each pair of neighbours stands in it twice, once from each side. */
export interface FuzzyGraph {
  readonly from: Int32Array
  readonly to: Int32Array
  /** 0 to 1. */
  readonly weight: Float64Array
}

const BISECTIONS = 64
const TOLERANCE = 1e-5
/** A width is at least this part of the mean distance. */
const LEAST_WIDTH = 1e-3

export function fuzzyGraph(neighbours: Neighbours): FuzzyGraph {
  const { count: k, indices } = neighbours
  const points = indices.length / k
  const strengths = membershipStrengths(neighbours)
  const rows = Array.from({ length: points }, () => new Map<number, number>())
  for (let i = 0; i < points; i++)
    for (let n = 1; n < k; n++) {
      const strength = strengths[i * k + n]!
      if (strength > 0) rows[i]!.set(indices[i * k + n]!, strength)
    }
  const pairs: [number, number, number][] = []
  for (let i = 0; i < points; i++)
    for (const [j, there] of rows[i]!) {
      const back = rows[j]!.get(i) ?? 0
      // A pair that both name is made once.
      if (back > 0 && j < i) continue
      pairs.push([i, j, there + back - there * back])
    }
  const graph = { from: new Int32Array(2 * pairs.length), to: new Int32Array(2 * pairs.length), weight: new Float64Array(2 * pairs.length) }
  pairs.forEach(([i, j, w], p) => {
    graph.from.set([i, j], 2 * p)
    graph.to.set([j, i], 2 * p)
    graph.weight.set([w, w], 2 * p)
  })
  return graph
}

/** [points, k]; 0 for the point itself. */
export function membershipStrengths({ count: k, indices, distances }: Neighbours): Float64Array {
  const points = indices.length / k
  const target = Math.log2(k)
  const meanOfAll = mean(distances)
  const strengths = new Float64Array(points * k)
  for (let i = 0; i < points; i++) {
    const row = distances.subarray(i * k, (i + 1) * k)
    const nearest = row.find((d) => d > 0) ?? 0
    const least = LEAST_WIDTH * (nearest > 0 ? mean(row) : meanOfAll)
    const width = Math.max(bisectWidth(row, nearest, target), least)
    for (let n = 1; n < k; n++) {
      const beyond = row[n]! - nearest
      strengths[i * k + n] = beyond <= 0 || width === 0 ? 1 : Math.exp(-beyond / width)
    }
  }
  return strengths
}

function bisectWidth(row: Float64Array, nearest: number, target: number): number {
  let [low, high, middle] = [0, Infinity, 1]
  for (let step = 0; step < BISECTIONS; step++) {
    let size = 0
    for (let n = 1; n < row.length; n++) {
      const beyond = row[n]! - nearest
      size += beyond > 0 ? Math.exp(-beyond / middle) : 1
    }
    if (Math.abs(size - target) < TOLERANCE) break
    if (size > target) high = middle
    else low = middle
    middle = high === Infinity ? middle * 2 : (low + high) / 2
  }
  return middle
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length
