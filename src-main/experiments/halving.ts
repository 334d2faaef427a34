/**
 * Successive halving (Jamieson and Talwalkar 2016), the inner loop of Hyperband (Li et al. 2018): all trials train for a
 * few epochs, the best part of them for some times as many, and so on. Pure.
 */

/** Epochs at the end of each rung: `fewest`, times `factor` each, up to `most`, which is the last. */
export function rungEpochs(fewest: number, factor: number, most: number): number[] {
  const rungs: number[] = []
  for (let epochs = fewest; epochs < most; epochs *= factor) rungs.push(epochs)
  return [...rungs, most]
}

/** How many go on after a rung: one of `factor`, and at least one. */
export const survivorsOf = (trials: number, factor: number): number => Math.max(1, Math.floor(trials / factor))

/** Trials in each rung. */
export const rungSizes = (trials: number, factor: number, rungs: number): number[] =>
  Array.from({ length: rungs - 1 }).reduce<number[]>((sizes) => [...sizes, survivorsOf(sizes.at(-1)!, factor)], [trials])
