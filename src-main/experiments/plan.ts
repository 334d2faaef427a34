/** What an experiment or a search would do, and what stands in its way, before anything is begun. */
import type { Library } from '../catalog/index.ts'
import { hashJson, ok, type Result } from '../kit/index.ts'
import { createPlanner, type PlanProblem, type TrainingPlan } from '../runs/index.ts'
import { conditionsOf } from './conditions.ts'
import { designSchema, requestSchema, type Design, type ExperimentRequest, type Trial } from './design.ts'
import { rungSizes } from './halving.ts'
import { rungsOf } from './trial-status.ts'
import { trialSettings } from './trial-settings.ts'
import { makeTrials } from './trials.ts'

export interface PlannedCondition {
  readonly values: readonly number[]
  readonly seeds: number
  readonly plan: TrainingPlan
}

export interface ExperimentPlan {
  /** Null where nothing can be made of the request; then there is a problem that says why. */
  readonly design: Design | null
  readonly conditions: readonly PlannedCondition[]
  /** What is the same for all, as of the data. */
  readonly problems: readonly PlanProblem[]
  /** Of successive halving: trials that train to so many epochs. */
  readonly rungs: readonly { readonly epochs: number; readonly trials: number }[]
  /** Trainings, and the sum of their epochs. */
  readonly trainings: number
  readonly epochs: number
}

const problem = (message: string, field: PlanProblem['field'] = 'dataset'): PlanProblem => ({ code: 'SETTING_INVALID', level: 'error', field, message, values: { setting: '', message } })

export function planExperiment(library: Library, dataset: string, request: ExperimentRequest): Result<ExperimentPlan> {
  const planner = createPlanner(library, dataset)
  if (!planner.ok) return planner
  const nothing = (problems: readonly PlanProblem[]) => ok({ design: null, conditions: [], problems, rungs: [], trainings: 0, epochs: 0 })
  const checked = requestSchema.safeParse(request)
  if (!checked.success) return nothing([problem(checked.error.issues[0]?.message ?? '')])
  const trials = makeTrials(request)
  if (!trials.ok) return nothing([problem(trials.error.hint === undefined ? trials.error.message : `${trials.error.message}. ${trials.error.hint}`)])
  const conditions = conditionsOf({ trials: trials.value }).map((condition): PlannedCondition => {
    const trial: Trial = { values: [...condition.values], seed: trials.value[condition.trials[0]!]!.seed }
    return { values: condition.values, seeds: condition.trials.length, plan: planner.value(trialSettings(request.base, request.axes, trial)) }
  })
  const { own, shared } = divide(conditions)
  const { axes, method, measure, test, device, threads } = request
  const { clips } = conditions[0]!.plan
  const design = designSchema.safeParse({ version: 1, base: request.base, axes, method, measure, test: clips.test === 0 ? 'none' : test, device, threads, trials: trials.value })
  const problems = [...shared]
  // Trials are ranked by validation; with nothing to rank by there is nothing to find out.
  if (clips.validation === 0) {
    const at = problems.findIndex((p) => p.code === 'NO_VALIDATION')
    if (at >= 0) problems[at] = { ...problems[at]!, level: 'error' }
  }
  if (!design.success && own.every((c) => c.plan.problems.every((p) => p.level !== 'error'))) problems.push(problem(design.error.issues[0]?.message ?? ''))
  const rungs = design.success ? rungTable(design.data) : []
  const trainings = trials.value.length
  const epochs = rungs.length > 0
    ? rungs.reduce((sum, rung, i) => sum + rung.trials * (rung.epochs - (rungs[i - 1]?.epochs ?? 0)), 0)
    : own.reduce((sum, c) => sum + c.seeds * (c.plan.settings?.epochs ?? 0), 0)
  return ok({ design: design.success ? design.data : null, conditions: own, problems, rungs, trainings, epochs })
}

export function rungTable(design: Design): { readonly epochs: number; readonly trials: number }[] {
  const epochs = rungsOf(design)
  if (!epochs || design.method.type !== 'halving') return []
  const sizes = rungSizes(design.trials.length, design.method.factor, epochs.length)
  return epochs.map((e, i) => ({ epochs: e, trials: sizes[i]! }))
}

/** A problem that every condition has is told once. */
function divide(conditions: readonly PlannedCondition[]): { readonly own: PlannedCondition[]; readonly shared: PlanProblem[] } {
  const key = (p: PlanProblem) => hashJson([p.code, p.field, p.values])
  const counts = new Map<string, number>()
  for (const { plan } of conditions) for (const p of plan.problems) counts.set(key(p), (counts.get(key(p)) ?? 0) + 1)
  const everywhere = (p: PlanProblem) => counts.get(key(p)) === conditions.length && (p.field === 'dataset' || conditions.length > 1)
  return {
    shared: (conditions[0]?.plan.problems ?? []).filter(everywhere),
    own: conditions.map((c) => ({ ...c, plan: { ...c.plan, problems: c.plan.problems.filter((p) => !everywhere(p)) } })),
  }
}

/** The first error of a plan. */
export const planError = ({ problems, conditions }: ExperimentPlan): PlanProblem | undefined =>
  [...problems, ...conditions.flatMap((c) => c.plan.problems)].find((p) => p.level === 'error')
