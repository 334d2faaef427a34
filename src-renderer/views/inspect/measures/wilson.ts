export interface Interval {
  readonly low: number
  readonly high: number
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054

/** Wilson's score interval of a part, 95 % (Wilson 1927): true to its word where there are few clips, or all are right. */
export function wilson(right: number, clips: number): Interval {
  if (clips === 0) return { low: 0, high: 1 }
  const part = right / clips
  const z2 = (Z * Z) / clips
  const middle = (part + z2 / 2) / (1 + z2)
  const half = (Z / (1 + z2)) * Math.sqrt((part * (1 - part)) / clips + z2 / (4 * clips))
  return { low: right === 0 ? 0 : middle - half, high: right === clips ? 1 : middle + half }
}
