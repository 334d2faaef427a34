/** Writes runs where other programs look for them: TensorBoard's folder of runs, or a folder of W&B runs to sync. */
import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Library, RunRecord } from '../../catalog/index.ts'
import { err, ok, safeRelativeName, toAppError, writeFileAtomic, type Result } from '../../kit/index.ts'
import type { MetricLine } from '../../training/index.ts'
import { flattenSettings } from '../compare/flat-settings.ts'
import { readRun, type RunDetails } from '../record.ts'
import type { LoggedRun } from './run-log.ts'
import { tensorBoardEvents } from './tensorboard.ts'
import { wandbFile } from './wandb.ts'

export const LOG_FORMATS = ['tensorboard', 'wandb'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** A log as a file, and where it belongs below a folder of logs. */
export interface RunLogFile {
  readonly place: readonly string[]
  readonly bytes: Uint8Array
}

export async function runLogFile(library: Library, id: string, format: LogFormat): Promise<Result<RunLogFile>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const run = logOf(details.value)
  return ok(format === 'tensorboard' ? { place: tensorBoardPlace(run), bytes: tensorBoardEvents(run) } : { place: wandbPlace(run), bytes: wandbFile(run) })
}

/** The file of the run, below the folder. */
export async function exportRunLog(library: Library, id: string, format: LogFormat, folder: string): Promise<Result<string>> {
  const log = await runLogFile(library, id, format)
  if (!log.ok) return log
  const file = join(folder, ...log.value.place)
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    await writeFileAtomic(file, log.value.bytes)
    return ok(file)
  } catch (cause) {
    return err(toAppError(cause, 'writing the log of the run', file))
  }
}

const plainName = (name: string): string => safeRelativeName(name.replaceAll('/', '_')) ?? 'run'

/** One folder a run: its name, made unmistakable by the end of its id. */
const tensorBoardPlace = (run: LoggedRun): string[] => [`${plainName(run.name)}-${run.id.slice(-4)}`, `events.out.tfevents.${Math.floor(run.startedAt)}.${plainName(hostname())}`]
/** `wandb/offline-run-YYYYMMDD_HHMMSS-ID/run-ID.wandb` */
const wandbPlace = (run: LoggedRun): string[] => {
  const digits = new Date(run.startedAt * 1000).toISOString().replace(/\D/g, '')
  return ['wandb', `offline-run-${digits.slice(0, 8)}_${digits.slice(8, 14)}-${run.id}`, `run-${run.id}.wandb`]
}

const logOf = ({ record, config, metrics }: RunDetails): LoggedRun => ({
  id: record.id,
  name: record.name,
  tags: record.tags,
  note: record.note,
  group: record.groupId,
  project: config.dataset.name,
  startedAt: Date.parse(record.startedAt ?? record.createdAt) / 1000,
  finished: record.status === 'finished',
  settings: flattenSettings({ ...config.settings, dataset: config.dataset.name, device: config.device, splitHash: config.splitHash }),
  steps: stepsOf(metrics),
  summary: measuresOf(record),
})

/** The epoch's numbers stand at its last step. */
function stepsOf(metrics: readonly MetricLine[]): LoggedRun['steps'] {
  const steps = new Map<number, { step: number; seconds: number; values: Record<string, number> }>()
  let past = 0
  for (const line of metrics) {
    const at = steps.get(line.step) ?? { step: line.step, seconds: past, values: {} }
    steps.set(line.step, at)
    if (line.type === 'step') {
      Object.assign(at.values, { 'train.loss': line.loss, 'train.accuracy': line.accuracy, learningRate: line.learningRate, gradientNorm: line.gradientNorm, epoch: line.epoch })
      if (line.seconds !== undefined) at.seconds = line.seconds
    } else {
      past += line.seconds
      at.seconds = past
      if (line.validation) Object.assign(at.values, { 'validation.loss': line.validation.loss, 'validation.accuracy': line.validation.accuracy })
    }
  }
  return [...steps.values()].sort((a, b) => a.step - b.step)
}

const measuresOf = ({ summary }: RunRecord): Record<string, number> =>
  Object.fromEntries(Object.entries(summary).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])))
