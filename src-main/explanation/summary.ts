/** Many numbers in short: their extremes, mean, deviation and distribution. */
export interface Summary {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Standard deviation of all of them. */
  readonly deviation: number
  /** Euclidean norm. */
  readonly norm: number
  /** Share that is exactly zero, as after a ReLU. */
  readonly zeros: number
  /** Counts of equal parts from `min` to `max`; all in the first where these are one. */
  readonly histogram: readonly number[]
}

const BARS = 32

export function summarise(values: Float32Array): Summary {
  let [min, max, sum, squares, zeros] = [Infinity, -Infinity, 0, 0, 0]
  for (const v of values) {
    if (v < min) min = v
    if (v > max) max = v
    if (v === 0) zeros++
    sum += v
    squares += v * v
  }
  const count = values.length
  const mean = sum / count
  let spread = 0
  const histogram = Array.from({ length: BARS }, () => 0)
  for (const v of values) {
    spread += (v - mean) ** 2
    histogram[max > min ? Math.min(BARS - 1, Math.floor((BARS * (v - min)) / (max - min))) : 0]! += 1
  }
  return { min, max, mean, deviation: Math.sqrt(spread / count), norm: Math.sqrt(squares), zeros: zeros / count, histogram }
}
