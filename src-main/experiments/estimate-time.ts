/** What all trainings of an experiment will take together: steps of each different network are tried, one after another. */
import { hashJson, ok, type Result } from '../kit/index.ts'
import type { createEstimator, Estimate } from '../runs/index.ts'
import type { ExperimentPlan, PlannedCondition } from './plan.ts'

/** Different networks that are tried; with more, the rest is taken to be as the mean of these. */
const MOST_TRIED = 10

export interface TimeEstimate {
  /** Networks tried, of so many different ones. */
  readonly tried: number
  readonly of: number
  readonly different: number
  /** Null until all were tried. */
  readonly seconds: { readonly low: number; readonly high: number } | null
}

const networkOf = ({ plan }: PlannedCondition): string =>
  plan.settings ? hashJson([plan.settings.architecture, plan.settings.frontEnd, plan.settings.optimizer.type, plan.batch]) : ''

export async function* estimateTime(plan: ExperimentPlan, estimate: ReturnType<typeof createEstimator>, signal?: AbortSignal): AsyncGenerator<Result<TimeEstimate>, void, void> {
  const { design } = plan
  if (!design) return
  const kinds = new Map<string, PlannedCondition>()
  for (const condition of plan.conditions) if (!kinds.has(networkOf(condition))) kinds.set(networkOf(condition), condition)
  const tried = [...kinds].slice(0, MOST_TRIED)
  const measured = new Map<string, Estimate>()
  const told = (seconds: TimeEstimate['seconds']): Result<TimeEstimate> => ok({ tried: measured.size, of: tried.length, different: kinds.size, seconds })
  yield told(null)
  for (const [key, { plan: one }] of tried) {
    if (!one.settings) continue
    const result = await estimate({ plan: { ...one, settings: one.settings }, device: design.device, threads: design.threads }, signal)
    if (!result.ok) return yield result
    measured.set(key, result.value)
    if (measured.size < tried.length) yield told(null)
  }
  const every = [...measured.values()]
  const mean = { low: average(every.map((e) => e.epochSeconds.low)), high: average(every.map((e) => e.epochSeconds.high)) }
  const epochOf = (condition: PlannedCondition) => measured.get(networkOf(condition))?.epochSeconds ?? mean
  if (plan.rungs.length > 0) {
    // Nobody knows yet which go on: the usual epoch counts.
    const usual = { low: average(plan.conditions.map((c) => epochOf(c).low)), high: average(plan.conditions.map((c) => epochOf(c).high)) }
    return yield told({ low: plan.epochs * usual.low, high: plan.epochs * usual.high })
  }
  const sum = (end: 'low' | 'high') => plan.conditions.reduce((total, c) => total + c.seeds * (c.plan.settings?.epochs ?? 0) * epochOf(c)[end], 0)
  yield told({ low: sum('low'), high: sum('high') })
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)
