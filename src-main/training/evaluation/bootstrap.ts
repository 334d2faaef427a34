/**
 * Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13): clips are drawn
 * with replacement as often as there are clips, the measures are taken again, and the middle 95 % of their
 * values is the interval. Clips are treated as independent: where many clips come from one speaker, the true
 * uncertainty about new speakers is larger than the interval says.
 */
import { createRandom } from '../../kit/index.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Quantile by linear interpolation between the order statistics (type 7, numpy's default); `sorted` ascending. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q
  const below = Math.floor(at)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (at - below)
}

/**
 * Intervals of several measures from the same resamples. `measure` writes its values for the clips at `order`
 * into `values`; `NaN` (not defined in this resample) is left out, and a measure that is defined in no
 * resample has no interval.
 */
export function bootstrapIntervals(options: {
  readonly clips: number
  readonly measures: number
  readonly resamples: number
  readonly seed: number | string
  readonly confidence?: number
  readonly measure: (order: Uint32Array, values: Float64Array) => void
}): (Interval | null)[] {
  const { clips, measures, resamples, measure, confidence = 0.95 } = options
  if (clips === 0 || resamples === 0) return Array.from({ length: measures }, () => null)
  const random = createRandom(`bootstrap/${options.seed}`)
  const order = new Uint32Array(clips)
  const values = new Float64Array(measures)
  const drawn = Array.from({ length: measures }, () => new Float64Array(resamples))
  const counts = new Uint32Array(measures)
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < clips; i++) order[i] = random.int(clips)
    values.fill(NaN)
    measure(order, values)
    for (let m = 0; m < measures; m++) if (!Number.isNaN(values[m])) drawn[m]![counts[m]!++] = values[m]!
  }
  const tail = (1 - confidence) / 2
  return drawn.map((all, m) => {
    if (counts[m] === 0) return null
    const sorted = all.subarray(0, counts[m]).sort()
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
  })
}
