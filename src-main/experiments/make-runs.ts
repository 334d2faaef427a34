/** Makes the runs of an experiment that are not there yet. What a crash left behind is taken up again. */
import { listRuns, updateRun, type Library, type RunRecord } from '../catalog/index.ts'
import { fail, hashJson, ok, type Result } from '../kit/index.ts'
import { createTrainingRun, datasetById, runConfigOf } from '../runs/index.ts'
import { trainingSettingsSchema, type TrainingSettings } from '../training/index.ts'
import { changeState, readExperiment, type ExperimentRecord } from './state.ts'
import { rungsOf } from './trial-status.ts'
import { trialSettings, valueName } from './trial-settings.ts'

/** The settings, whatever the epochs that successive halving gives. */
const keyOf = (settings: TrainingSettings): string => hashJson({ ...settings, epochs: 0 })

export async function makeRuns(library: Library, id: string): Promise<Result<ExperimentRecord>> {
  let record = readExperiment(library, id)
  if (!record.ok) return record
  const { design, group } = record.value
  if (group.datasetId === null) return fail('NOT_FOUND', 'The dataset of this experiment is no longer there')
  const dataset = datasetById(library, group.datasetId)
  if (!dataset.ok) return dataset
  const lost = new Map<string, RunRecord>()
  for (const run of listRuns(library, { groupId: id })) {
    const settings = record.value.state.runs.includes(run.id) ? undefined : runConfigOf(run)?.settings
    if (settings && run.status === 'created') lost.set(keyOf(settings), run)
  }
  for (const [trial, { values, seed }] of design.trials.entries()) {
    if (record.value.state.runs[trial] != null) continue
    const parsed = trainingSettingsSchema.safeParse(trialSettings(design.base, design.axes, { values, seed }))
    if (!parsed.success) return fail('INVALID', `The settings of training ${trial + 1} are not valid: ${parsed.error.issues[0]?.message ?? ''}`)
    const settings = { ...parsed.data, epochs: rungsOf(design)?.[0] ?? parsed.data.epochs }
    const found = lost.get(keyOf(settings))
    const run = found ? ok(found) : await createTrainingRun(library, {
      dataset: dataset.value, settings, device: design.device, threads: design.threads, test: false, name: runName(record.value, trial), group: id,
    })
    if (!run.ok) return run
    const { splitHash } = runConfigOf(run.value)!
    const expected = record.value.state.splitHash
    if (expected !== null && expected !== splitHash) {
      updateRun(library, run.value.id, { binnedAt: new Date().toISOString() })
      return fail('INVALID', `The clips of “${dataset.value}” have changed since the experiment began`, { hint: 'Its trainings would not be comparable: begin a new experiment.' })
    }
    record = changeState(library, id, { splitHash, runs: record.value.state.runs.with(trial, run.value.id) })
    if (!record.ok) return record
  }
  return record
}

function runName({ design, group }: ExperimentRecord, trial: number): string {
  if (design.method.type !== 'factorial') return `${group.name} · ${trial + 1}`
  const { values, seed } = design.trials[trial]!
  return `${design.axes.map((axis, i) => valueName(axis, values[i]!)).join(' · ')} (${seed})`
}
