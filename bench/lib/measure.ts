/** Timing that can be trusted on a noisy machine: A and B in turn, medians, and the ratio pair by pair. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export interface Comparison {
  readonly a: number
  readonly b: number
  /** Median over the pairs of b/a: above 1 means that A is faster. */
  readonly ratio: number
}

/** Each function runs once and returns what it cost (any unit, both the same). */
export async function alternate(pairs: number, a: () => Promise<number>, b: () => Promise<number>): Promise<Comparison> {
  const as: number[] = []
  const bs: number[] = []
  for (let i = 0; i < pairs; i++) {
    as.push(await a())
    bs.push(await b())
  }
  return { a: median(as), b: median(bs), ratio: median(as.map((x, i) => bs[i]! / x)) }
}
