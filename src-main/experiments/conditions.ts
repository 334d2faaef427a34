/** Trials of equal values, whatever their seeds, are one condition. Pure. */
import type { Design, Measure } from './design.ts'
import type { Score } from './state.ts'

export interface Condition {
  /** Along each axis. */
  readonly values: readonly number[]
  /** Indices of trials. */
  readonly trials: readonly number[]
}

/** In the order of their first trial. */
export function conditionsOf({ trials }: Pick<Design, 'trials'>): Condition[] {
  const found = new Map<string, { values: readonly number[]; trials: number[] }>()
  trials.forEach(({ values }, i) => {
    const key = values.join()
    const condition = found.get(key)
    if (condition) condition.trials.push(i)
    else found.set(key, { values, trials: [i] })
  })
  return [...found.values()]
}

/** Larger is better; null where it was not measured. */
export function merit(score: Score | null | undefined, measure: Measure): number | null {
  const value = score?.validation?.[measure] ?? null
  return value === null ? null : measure === 'loss' ? -value : value
}

/** Better first; what has no score last. Equal ones by their loss, then in the order given. */
export function ranked(trials: readonly number[], scores: readonly (Score | null)[], measure: Measure): number[] {
  const by = (trial: number, m: Measure) => merit(scores[trial], m) ?? -Infinity
  const differ = (a: number, b: number) => (a === b ? 0 : b - a)
  return trials.toSorted((a, b) => differ(by(a, measure), by(b, measure)) || differ(by(a, 'loss'), by(b, 'loss')) || trials.indexOf(a) - trials.indexOf(b))
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/**
 * The best model by validation alone: the condition with the best mean over its seeds (equal ones by their mean loss), and
 * of its runs the best. Conditions without a finished run cannot be chosen.
 */
export function chooseBest(design: Design, scores: readonly (Score | null)[]): { readonly condition: number; readonly trial: number } | null {
  const { measure } = design
  const mates = conditionsOf(design).flatMap((condition, index) => {
    const done = condition.trials.filter((trial) => merit(scores[trial], measure) !== null)
    if (done.length === 0) return []
    const of = (m: Measure) => mean(done.map((trial) => merit(scores[trial], m) ?? -Infinity))
    return [{ index, done, score: of(measure), loss: of('loss') }]
  })
  const differ = (a: number, b: number) => (a === b ? 0 : b - a)
  const best = mates.toSorted((a, b) => differ(a.score, b.score) || differ(a.loss, b.loss))[0]
  return best ? { condition: best.index, trial: ranked(best.done, scores, measure)[0]! } : null
}
