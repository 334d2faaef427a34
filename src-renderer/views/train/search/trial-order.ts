/** Trials from the best to the worst. Pure. */
import type { ExperimentDetail } from '@contract'

type Trials = Pick<ExperimentDetail, 'trials' | 'measure'>

/** By the measure of the search; null where it has no score yet. */
export const scoreOf = ({ trials, measure }: Trials, index: number): number | null => trials[index]?.score?.validation?.[measure] ?? null

/** Those that went further first, among equals the better; what has no score last, in the order of the search. */
export function trialsByMerit(search: Trials): number[] {
  const sign = search.measure === 'loss' ? 1 : -1
  const key = (i: number) => {
    const score = scoreOf(search, i)
    return score === null ? Infinity : sign * score
  }
  const rung = (i: number) => search.trials[i]!.rungs.length
  return search.trials.map((_, i) => i).sort((a, b) => rung(b) - rung(a) || (key(a) === key(b) ? a - b : key(a) - key(b)))
}
