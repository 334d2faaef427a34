/** Seconds outside which a clip's length is unusual in its dataset. */
export interface UsualLengths {
  readonly shortest: number
  readonly longest: number
}

/** With fewer clips nobody can say what is usual. */
const ENOUGH = 20
/** Modified z-score (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993): 0.6745 · |x − median| / MAD. */
const LIMIT = 3.5
/** Octaves: where nearly all clips have one length the deviation is next to nothing, and 7 % more is not unusual. */
const LEAST_DEVIATION = 0.1

/** By the logarithm of the length: half and double are equally far. `seconds`: rising. null where there are too few. */
export function usualLengths(seconds: readonly number[]): UsualLengths | null {
  if (seconds.length < ENOUGH) return null
  const middle = Math.log2(median(seconds))
  const deviations = seconds.map((s) => Math.abs(Math.log2(s) - middle)).sort((a, b) => a - b)
  const reach = (LIMIT / 0.6745) * Math.max(LEAST_DEVIATION, median(deviations))
  return { shortest: 2 ** (middle - reach), longest: 2 ** (middle + reach) }
}

const median = (sorted: readonly number[]): number => (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
