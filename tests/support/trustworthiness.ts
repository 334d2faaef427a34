/**
 * How far neighbours on a map are neighbours in truth (Venna and Kaski 2001), as scikit-learn measures it: 1 where each
 * of the k nearest points on the map is among the k nearest of the data. Quadratic: for some thousand points.
 */
export function trustworthiness(data: readonly ArrayLike<number>[], map: readonly ArrayLike<number>[], k: number): number {
  const n = data.length
  let penalty = 0
  for (let i = 0; i < n; i++) {
    const rank = new Int32Array(n)
    ranked(data, i).forEach((j, at) => (rank[j] = at + 1))
    for (const j of ranked(map, i).slice(0, k)) penalty += Math.max(0, rank[j]! - k)
  }
  return 1 - penalty * (2 / (n * k * (2 * n - 3 * k - 1)))
}

/** The other points from the nearest on. */
function ranked(points: readonly ArrayLike<number>[], i: number): number[] {
  const own = points[i]!
  const distance = points.map((p) => {
    let sum = 0
    for (let d = 0; d < own.length; d++) sum += (p[d]! - own[d]!) ** 2
    return sum
  })
  return Array.from(points.keys()).filter((j) => j !== i).sort((a, b) => distance[a]! - distance[b]! || a - b)
}

/** [count, width] as rows. */
export const rowsOf = (values: Float32Array | Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)))
