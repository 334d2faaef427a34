import type { z } from 'zod'
import type { ExperimentDetail, ExperimentRequest, ExperimentRow, PlanProblem } from '../../../src-contract/index.ts'
import { listRunGroups } from '../../catalog/index.ts'
import {
  compareConditions, conditionCurves, conditionRows, estimateTime, experimentOf, planExperiment, readExperiment, rungTable, settingImportance,
  type ExperimentPlan, type ExperimentRecord, type TrialView,
} from '../../experiments/index.ts'
import { fail } from '../../kit/index.ts'
import { datasetById, runConfigOf } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { toJson } from './json.ts'

const plain = <T>(value: unknown): T => JSON.parse(JSON.stringify(value)) as T

export const experiments = {
  list: calls.experiments.list.handler(({ context: { services } }) =>
    listRunGroups(services.library).flatMap((group) => {
      const record = experimentOf(group)
      if (!record.ok || record.value.state.binnedAt !== null) return []
      return [rowOf(services, record.value, services.experiments.trials(record.value))]
    }),
  ),
  get: calls.experiments.get.handler(({ input, context: { services } }) => detailOf(services, answer(readExperiment(services.library, input.experiment)))),
  plan: calls.experiments.plan.handler(({ input, context: { services } }) => {
    const { problems, conditions, rungs, trainings, epochs } = planOf(services, input.dataset, input.request)
    return {
      problems: problems.map(toProblem),
      clips: conditions[0]?.plan.clips ?? null,
      conditions: conditions.map(({ values, seeds, plan }) => ({
        values: [...values], seeds, problems: plan.problems.map(toProblem), parameters: plan.network?.parameters ?? null, input: plan.network ? [...plan.network.input] : null,
      })),
      rungs: rungs.map((rung) => ({ ...rung })),
      trainings,
      epochs,
    }
  }),
  estimate: calls.experiments.estimate.handler(async function* ({ input, context: { services }, signal }) {
    if (services.queue.state.current) answer(fail('INVALID', 'A training is under way, so that steps cannot be timed', { hint: 'Look again when it has ended.' }))
    for await (const step of estimateTime(planOf(services, input.dataset, input.request), services.estimate, signal)) yield answer(step)
  }),
  start: calls.experiments.start.handler(async ({ input: { dataset, name, request }, context: { services } }) => ({
    experiment: answer(await services.experiments.start({ dataset, name, request })),
  })),
  cancel: calls.experiments.cancel.handler(({ input, context: { services } }) => answer(services.experiments.cancel(input.experiment))),
  resume: calls.experiments.resume.handler(async ({ input: { experiment, failed }, context: { services } }) => answer(await services.experiments.resume(experiment, { failed }))),
  remove: calls.experiments.remove.handler(({ input, context: { services } }) => answer(services.experiments.remove(input.experiment))),
  restore: calls.experiments.restore.handler(({ input, context: { services } }) => answer(services.experiments.restore(input.experiment))),
  rename: calls.experiments.rename.handler(({ input, context: { services } }) => answer(services.experiments.rename(input.experiment, input.name))),
  compare: calls.experiments.compare.handler(async ({ input: { experiment, reference, split }, context: { services: { library } } }) =>
    answer(await compareConditions(library, answer(readExperiment(library, experiment)), reference, split)),
  ),
  curves: calls.experiments.curves.handler(async ({ input: { experiment, measure }, context: { services: { library, metrics } } }) =>
    (await conditionCurves(library, metrics, answer(readExperiment(library, experiment)), measure))
      .map(({ condition, epoch, mean, low, high }) => ({ condition, epoch: [...epoch], mean: [...mean], low: [...low], high: [...high] })),
  ),
}

const toProblem = (p: ExperimentPlan['problems'][number]): PlanProblem => ({ ...p, values: { ...p.values } })

const planOf = ({ library }: Services, dataset: number, request: ExperimentRequest): ExperimentPlan =>
  answer(planExperiment(library, answer(datasetById(library, dataset)), request))

function rowOf({ experiments }: Services, { group, design, state }: ExperimentRecord, trials: readonly TrialView[]): z.input<typeof ExperimentRow> {
  const chosen = state.chosen && state.results?.[state.chosen.trial]
  return {
    id: group.id,
    name: group.name,
    kind: group.kind,
    dataset: group.datasetId,
    createdAt: group.createdAt,
    finishedAt: state.finishedAt,
    progress: experiments.progress({ group, design, state }, trials),
    done: trials.filter((t) => ['finished', 'failed', 'pruned', 'removed'].includes(t.status)).length,
    trainings: trials.length,
    best: chosen?.validation?.[design.measure] ?? null,
    measure: design.measure,
  }
}

function detailOf(services: Services, record: ExperimentRecord): z.input<typeof ExperimentDetail> {
  const { design, state } = record
  const views = services.experiments.trials(record)
  const first = views.find((v) => v.run)?.run
  const config = first ? runConfigOf(first) : null
  const importance = settingImportance(record, views)
  return {
    ...rowOf(services, record, views),
    base: toJson(design.base),
    axes: plain(design.axes),
    method: plain(design.method),
    test: design.test,
    device: design.device,
    threads: design.threads,
    datasetName: config?.dataset.name ?? '',
    labels: [...(config?.labels ?? [])],
    clips: config?.clips ?? null,
    splitHash: state.splitHash,
    trials: views.map(({ run, status, score }, trial) => {
      const error = run?.summary['error'] as { message: string } | undefined
      return {
        values: [...design.trials[trial]!.values],
        seed: design.trials[trial]!.seed,
        run: run?.id ?? null,
        status,
        score,
        rungs: state.rungs.flatMap((rung) => rung.scores[trial] ?? []),
        error: status === 'failed' ? (error?.message ?? null) : null,
      }
    }),
    conditions: conditionRows(design, state, views).map((row) => plain(row)),
    rungs: rungTable(design),
    chosen: state.chosen,
    tests: state.tests,
    importance: importance && { ...importance, shares: [...importance.shares] },
  }
}
