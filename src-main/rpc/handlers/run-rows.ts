import type { z } from 'zod'
import type { Evaluation, Run } from '../../../src-contract/index.ts'
import type { RunRecord } from '../../catalog/index.ts'
import { runConfigOf, runState } from '../../runs/index.ts'
import type { Classification } from '../../training/index.ts'

/** Where the queue has runs: their ids. */
export interface QueuePlaces {
  readonly queued: ReadonlySet<string>
  /** The one that is trained here; its process may not have begun yet. */
  readonly current: string | null
}

/** A run as the contract's table shows it. */
export function toRun(record: RunRecord, { queued, current }: QueuePlaces, config = runConfigOf(record)): z.input<typeof Run> {
  const { summary } = record
  const number = (key: string): number | null => (typeof summary[key] === 'number' ? summary[key] : null)
  const error = summary['error'] as { code: string; message: string; hint?: string } | undefined
  const settings = config?.settings
  return {
    id: record.id,
    name: record.name,
    dataset: record.datasetId,
    datasetName: config?.dataset.name ?? '',
    status: record.id === current ? 'running' : queued.has(record.id) ? 'queued' : runState(record),
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    tags: [...record.tags],
    note: record.note,
    favourite: record.favourite,
    group: record.groupId,
    config:
      config && settings
        ? {
            architecture: settings.architecture.name,
            frontEnd: settings.frontEnd.kind,
            augmentSteps: settings.augment.steps.length,
            optimizer: settings.optimizer.type,
            schedule: settings.schedule.type,
            rate: settings.schedule.rate,
            epochs: settings.epochs,
            batch: settings.batch,
            seed: settings.seed,
            device: config.device,
            threads: config.threads,
            labels: config.labels.length,
            clips: config.clips,
            splitHash: config.splitHash,
          }
        : null,
    summary: {
      epochs: number('epochs'),
      steps: number('steps'),
      parameters: number('parameters'),
      secondsPerEpoch: number('secondsPerEpoch'),
      chosenEpoch: number('chosenEpoch'),
      device: typeof summary['device'] === 'string' ? summary['device'] : null,
      trainLoss: number('train.loss'),
      trainAccuracy: number('train.accuracy'),
      validationLoss: number('validation.loss'),
      validationAccuracy: number('validation.accuracy'),
      validationMacroF1: number('validation.macroF1'),
      testAccuracy: number('test.accuracy'),
      testMacroF1: number('test.macroF1'),
      error: error ? { code: error.code, message: error.message, hint: error.hint ?? null } : null,
    },
  }
}

export const toEvaluation = (c: Classification): z.input<typeof Evaluation> => ({
  clips: c.clips,
  classes: [...c.classes],
  accuracy: c.accuracy,
  balancedAccuracy: c.balancedAccuracy,
  macroF1: c.macroF1,
  loss: c.negativeLogLikelihood,
  calibrationError: c.expectedCalibrationError,
  intervals: { accuracy: c.intervals.accuracy, balancedAccuracy: c.intervals.balancedAccuracy, macroF1: c.intervals.macroF1 },
  perClass: c.perClass.map(({ label, support, precision, recall, f1 }) => ({ label, support, precision, recall, f1 })),
  confusion: c.confusion.map((row) => [...row]),
})
