/** Trains a run, from the beginning or from its newest checkpoint, and keeps the catalog informed. */
import { updateRun, type Library, type RunChange } from '../catalog/index.ts'
import type { Result } from '../kit/index.ts'
import {
  DEFAULT_CHECKPOINT_SECONDS,
  DEFAULT_LOG_EVERY,
  startTraining,
  type StartOptions,
  type TrainingResult,
} from '../training/index.ts'
import { findTrainingRun, readSnapshot } from './record.ts'

export interface TrainRunOptions extends StartOptions {
  /** Go on from the newest checkpoint. */
  readonly resume?: boolean
  readonly checkpointSeconds?: number
}

/**
 * One process trains a run: `RUN_BUSY` where another does. The catalog's status follows: `running`, then
 * `finished`, `stopped` (cancelled, can be resumed) or `failed` (the summary holds the error; resume if the process
 * died).
 */
export async function trainRun(library: Library, id: string, options: TrainRunOptions = {}): Promise<Result<TrainingResult>> {
  const found = findTrainingRun(library, id)
  if (!found.ok) return found
  const { record, config } = found.value
  const clips = await readSnapshot(library, record)
  if (!clips.ok) return clips
  const change = (fields: RunChange) => updateRun(library, record.id, fields)
  const started = change({ status: 'running', startedAt: new Date().toISOString(), finishedAt: null })
  if (!started.ok) return started
  const { resume = false, checkpointSeconds = DEFAULT_CHECKPOINT_SECONDS, ...start } = options
  const result = await startTraining(
    {
      version: 1,
      labels: config.labels,
      clips: clips.value,
      settings: config.settings,
      device: config.device,
      threads: config.threads,
      folders: { run: record.folder, features: library.folder.features },
      resume,
      earlierEpochs: config.earlierEpochs,
      test: config.test,
      checkpointSeconds,
      logEvery: DEFAULT_LOG_EVERY,
    },
    start,
  )
  if (!result.ok && result.error.code === 'RUN_BUSY') {
    // The other process says how it goes on.
    const { status, startedAt, finishedAt } = record
    const restored = change({ status, startedAt, finishedAt })
    return restored.ok ? result : restored
  }
  const ended = change({ finishedAt: new Date().toISOString(), ...outcome(result) })
  return ended.ok ? result : ended
}

function outcome(result: Result<TrainingResult>): Pick<RunChange, 'status' | 'summary'> {
  if (!result.ok) return { status: result.error.code === 'CANCELLED' ? 'stopped' : 'failed', summary: { error: result.error.toJSON() } }
  const { status, epochs, steps, parameters, device, threads, secondsPerEpoch, evaluation, chosen, history } = result.value
  const bestEpoch = history.find((h) => h.epoch === chosen?.epoch)
  return {
    status: status === 'cancelled' ? 'stopped' : 'finished',
    summary: {
      epochs,
      steps,
      parameters,
      device,
      threads,
      secondsPerEpoch,
      chosenEpoch: chosen?.epoch ?? null,
      'train.loss': history.at(-1)?.loss ?? null,
      'train.accuracy': history.at(-1)?.accuracy ?? null,
      'validation.loss': bestEpoch?.validation?.loss ?? null,
      'validation.accuracy': evaluation.validation?.accuracy ?? null,
      'test.accuracy': evaluation.test?.accuracy ?? null,
      'validation.macroF1': evaluation.validation?.macroF1 ?? null,
      'test.macroF1': evaluation.test?.macroF1 ?? null,
      ended: status,
    },
  }
}
