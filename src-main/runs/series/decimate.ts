/** Fewer points for the same picture. Pure. */

export interface Points {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/**
 * At most `limit` points that look like all of them: the range of places is cut into equal buckets, and each keeps
 * its lowest and its highest point, in order; the first and the last point stay. So no spike is lost, which a sample
 * of every n-th point would. (The first half of M4: Jugel et al., Proceedings of the VLDB Endowment 7 (10), 2014.)
 */
export function decimate(points: Points, limit: number): Points {
  const kept = decimateIndices(points.y, limit)
  return kept === null ? points : { x: kept.map((i) => points.x[i]!), y: kept.map((i) => points.y[i]!) }
}

/** The places of the points that `decimate` keeps; null for all. */
export function decimateIndices(y: readonly number[], limit: number): number[] | null {
  if (y.length <= limit || limit < 4) return null
  const buckets = Math.floor((limit - 2) / 2)
  const kept: number[] = [0]
  const inner = y.length - 2
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets)
    let low = from
    let high = from
    for (let i = from + 1; i < to; i++) {
      if (y[i]! < y[low]!) low = i
      if (y[i]! > y[high]!) high = i
    }
    kept.push(Math.min(low, high))
    if (low !== high) kept.push(Math.max(low, high))
  }
  kept.push(y.length - 1)
  return kept
}
