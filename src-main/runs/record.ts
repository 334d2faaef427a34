/** A run on disk and in the catalog: its settings, the clips it was given, and its result. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { findRecording, getRun, type Library, type RunRecord } from '../catalog/index.ts'
import { err, fail, hashJson, ok, toAppError, writeFileAtomic, type Result } from '../kit/index.ts'
import {
  deviceSchema,
  readMetrics,
  runFiles,
  soundOf,
  trainingClipSchema,
  trainingSettingsSchema,
  type MetricLine,
  type TrainingClip,
  type TrainingResult,
} from '../training/index.ts'

const configSchema = z.strictObject({
  version: z.literal(1),
  dataset: z.strictObject({ id: z.int(), name: z.string() }),
  /** The classes, in the order of the network's outputs. */
  labels: z.array(z.string()).min(2),
  settings: trainingSettingsSchema,
  device: deviceSchema,
  threads: z.int().min(1).nullable(),
  /** Numbers of epochs that the run had before it was given more. */
  earlierEpochs: z.array(z.int().min(1)).default([]),
  /** Whether the test clips are evaluated at the end of the training, or later and once for a whole experiment. */
  test: z.boolean().default(true),
  /** Clips on each side of the split. */
  clips: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Names the clips with their labels. */
  datasetHash: z.string(),
  /** Names the clips with their labels and sides. */
  splitHash: z.string(),
})
/** What a run was asked to do. */
export type RunConfig = z.output<typeof configSchema>

/** A clip as it was when the run was made; its file is found anew each time, so a library can be moved. */
const snapshotSchema = z.array(trainingClipSchema.omit({ path: true }))
export type SnapshotClip = z.output<typeof snapshotSchema>[number]

export const hashDataset = (labels: readonly string[], clips: readonly SnapshotClip[]): string =>
  hashJson({ labels, clips: clips.map((c) => [...soundOf(c), c.label]) })

const snapshotPath = (run: RunRecord): string => join(run.folder, 'clips.json')

export async function writeSnapshot(run: RunRecord, config: RunConfig, clips: readonly SnapshotClip[]): Promise<Result<void>> {
  try {
    await writeFileAtomic(snapshotPath(run), JSON.stringify(clips))
    await writeFileAtomic(runFiles(run.folder).config, `${JSON.stringify(config, null, 2)}\n`)
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'writing the run', run.folder))
  }
}

/** The clips of the run with their files in this library, in the order of the snapshot. */
export async function readSnapshot(library: Library, run: RunRecord): Promise<Result<TrainingClip[]>> {
  const path = snapshotPath(run)
  const read = await readJson(path)
  if (!read.ok) return read
  const parsed = snapshotSchema.safeParse(read.value)
  if (!parsed.success) return fail('INVALID', 'The list of clips of the run is damaged', { file: path, hint: 'Start a new run.' })
  const paths = new Map<string, string>()
  for (const { contentKey } of parsed.data) {
    if (paths.has(contentKey)) continue
    const recording = findRecording(library.catalog, contentKey)
    if (!recording) return fail('NOT_FOUND', `A recording of the run is no longer in the library: ${contentKey}`, { hint: 'Import it again, or start a new run.' })
    paths.set(contentKey, library.mediaPath(recording))
  }
  return ok(parsed.data.map((clip) => ({ ...clip, path: paths.get(clip.contentKey)! })))
}

export interface RunDetails {
  readonly record: RunRecord
  readonly config: RunConfig
  /** Null until the run has finished. */
  readonly result: TrainingResult | null
  readonly metrics: readonly MetricLine[]
}

/** A run with everything that is known of it, by its id or an unmistakable part of it. */
export async function readRun(library: Library, id: string): Promise<Result<RunDetails>> {
  const found = findTrainingRun(library, id)
  if (!found.ok) return found
  const { record, config } = found.value
  const files = runFiles(record.folder)
  const result = await readJson(files.result)
  if (!result.ok && result.error.code !== 'NOT_FOUND') return result
  return ok({ record, config, result: result.ok ? (result.value as TrainingResult) : null, metrics: await readMetrics(files.metrics) })
}

/** Null where the settings cannot be read, as of a run of a newer program. */
export const runConfigOf = (record: RunRecord): RunConfig | null => configSchema.safeParse(record.config).data ?? null

export function findTrainingRun(library: Library, id: string): Result<{ record: RunRecord; config: RunConfig }> {
  const record = getRun(library, id)
  if (!record.ok) return record
  const config = configSchema.safeParse(record.value.config)
  if (!config.success) return fail('INVALID', `The settings of run ${record.value.id} cannot be read: ${config.error.issues[0]?.message ?? ''}`)
  return ok({ record: record.value, config: config.data })
}

async function readJson(path: string): Promise<Result<unknown>> {
  try {
    return ok(JSON.parse(await readFile(path, 'utf8')) as unknown)
  } catch (cause) {
    if (cause instanceof SyntaxError) return fail('INVALID', 'The file is not JSON', { file: path })
    return err(toAppError(cause, 'reading the run', path))
  }
}
