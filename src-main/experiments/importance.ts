/** Which of the settings that a search varied mattered, as far as its trials tell. */
import { isRange, type Measure } from './design.ts'
import { merit } from './conditions.ts'
import type { ExperimentRecord, Score } from './state.ts'
import { functionalAnova } from './statistics/functional-anova.ts'
import type { Input } from './statistics/regression-forest.ts'
import { placeIn } from './trials.ts'
import type { TrialView } from './trial-status.ts'

export interface SettingImportance {
  /** By axis, 0 to 1. */
  readonly shares: readonly number[]
  readonly together: number
  /** Trials it is told from, and after how many epochs where not all trained as long. */
  readonly trials: number
  readonly epochs: number | null
}

/** Null where there are too few trials. With successive halving from the scores after the first rung: all have those. */
export function settingImportance({ design, state }: ExperimentRecord, views: readonly TrialView[]): SettingImportance | null {
  const { axes } = design
  const first = state.rungs[0]
  const scores: readonly (Score | null)[] = first ? first.scores : views.map((v) => (v.status === 'finished' ? v.score : null))
  if (design.method.type === 'halving' && !first) return null
  const rows = design.trials.flatMap(({ values }, trial) => {
    const y = merit(scores[trial], design.measure satisfies Measure)
    return y === null ? [] : [{ x: values.map((value, i) => { const axis = axes[i]!; return isRange(axis) ? placeIn(axis, value) : value }), y }]
  })
  const inputs = axes.map((axis): Input => (isRange(axis) ? { kind: 'number' } : { kind: 'category', count: axis.options.length }))
  const found = functionalAnova(inputs, rows.map((r) => r.x), rows.map((r) => r.y))
  return found && { ...found, trials: rows.length, epochs: first?.epochs ?? null }
}
