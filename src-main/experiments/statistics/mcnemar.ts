import { mcnemarExact } from '../../runs/index.ts'

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
  return { onlyFirst, onlySecond, p: mcnemarExact(onlyFirst, onlySecond) ?? 1 }
}
