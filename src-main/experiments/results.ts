/** The table of an experiment: each condition's measures over its seeds. Pure. */
import { conditionsOf } from './conditions.ts'
import type { Design } from './design.ts'
import type { ExperimentState } from './state.ts'
import { meanInterval, type MeanInterval } from './statistics/mean-interval.ts'
import type { TrialView } from './trial-status.ts'

export interface ConditionRow {
  readonly values: readonly number[]
  readonly trials: readonly number[]
  readonly validation: { readonly accuracy: MeanInterval | null; readonly macroF1: MeanInterval | null; readonly loss: MeanInterval | null }
  readonly test: { readonly accuracy: MeanInterval | null; readonly macroF1: MeanInterval | null }
  readonly parameters: number | null
  /** Mean, seconds. */
  readonly secondsPerEpoch: number | null
}

export function conditionRows(design: Design, state: ExperimentState, views: readonly TrialView[]): ConditionRow[] {
  return conditionsOf(design).map(({ values, trials }) => {
    const scores = trials.flatMap((trial) => (views[trial]?.score?.validation ? [views[trial].score] : []))
    const tests = state.tests.filter((t) => trials.includes(t.trial) && t.accuracy !== null)
    return {
      values,
      trials,
      validation: {
        accuracy: meanInterval(scores.map((s) => s.validation!.accuracy)),
        macroF1: meanInterval(scores.map((s) => s.validation!.macroF1)),
        loss: meanInterval(scores.flatMap((s) => s.validation!.loss ?? [])),
      },
      test: { accuracy: meanInterval(tests.map((t) => t.accuracy!)), macroF1: meanInterval(tests.flatMap((t) => t.macroF1 ?? [])) },
      parameters: scores[0]?.parameters ?? null,
      secondsPerEpoch: meanInterval(scores.flatMap((s) => s.secondsPerEpoch ?? []))?.mean ?? null,
    }
  })
}
