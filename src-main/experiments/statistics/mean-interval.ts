import { studentQuantile } from './student-t.ts'

export interface MeanInterval {
  readonly n: number
  readonly mean: number
  /** Sample standard deviation (n − 1); null for a single value. */
  readonly deviation: number | null
  /** Of the mean; null for a single value. */
  readonly low: number | null
  readonly high: number | null
}

/**
 * Mean with its interval by Student's t: mean ± t · s / √n with n − 1 degrees of freedom. Over seeds it says how much
 * the mean would vary with other seeds on the same clips, if the values are about normal; it says nothing of other clips
 * or speakers. With two or three seeds it is wide, as it should be. Its ends may lie outside 0 to 1.
 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (n === 1) return { n, mean, deviation: null, low: null, high: null }
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1))
  const half = (studentQuantile(confidence, n - 1) * deviation) / Math.sqrt(n)
  return { n, mean, deviation, low: mean - half, high: mean + half }
}
