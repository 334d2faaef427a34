import { logGamma } from './student-t.ts'

export interface McNemar {
  /** Clips that only the one, or only the other, gets right. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Two-sided. */
  readonly p: number
}

/**
 * McNemar's test (1947) of two classifiers on the same clips, exact: of the clips that only one of them gets right, half
 * would be the one's if they were equally good, so the smaller count is held against the binomial distribution of ½.
 */
export function mcNemar(first: readonly boolean[], second: readonly boolean[]): McNemar {
  let [onlyFirst, onlySecond] = [0, 0]
  first.forEach((right, i) => {
    if (right && !second[i]) onlyFirst += 1
    else if (!right && second[i]) onlySecond += 1
  })
  const n = onlyFirst + onlySecond
  let tail = 0
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) tail += Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2)
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * tail) }
}
