/** Models of the library: made from runs, measured as files, described, and changed from where calls come in. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { Measurement as CallMeasurement, Model, ModelAbout } from '../../src-contract/index.ts'
import { forgetModel, listModels, recordModel, updateModel, type ModelRecord } from '../catalog/index.ts'
import { AppError, err, fail, hashBytes, ok, toAppError, type Result } from '../kit/index.ts'
import { makeModel, readModel, writeCard, writeModel, type Card, type CardFacts, type Language, type ModelInfo, type ModelRequest } from '../models/index.ts'
import { measureModel, type MeasureOptions } from '../recognition/index.ts'
import { runSounds } from '../runs/index.ts'
import { evaluateClassification } from '../training/index.ts'
import type { Services } from './services.ts'

/** Clips that a model is measured on. */
const MEASURED_CLIPS = 1000

type Progress = { readonly done: number; readonly total: number }
export type Stage = 'ranges' | 'writing' | 'measuring'

export interface MakeCall extends ModelRequest {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((stage: Stage, progress: Progress) => void) | undefined
}

/** Into the library's own folder, under the name of its content. The id of the model. */
export async function makeLibraryModel({ library, decodePool }: Services, { signal, onProgress, ...request }: MakeCall): Promise<Result<string>> {
  const made = await makeModel(library, request, { pool: decodePool, signal, onProgress: (progress) => onProgress?.('ranges', progress) })
  if (!made.ok) return made
  onProgress?.('writing', { done: 0, total: 1 })
  const { bytes, facts } = made.value
  const kept = await keepModel({ library }, bytes, { run: facts.run, facts })
  onProgress?.('writing', { done: 1, total: 1 })
  return kept
}

/** Checks the bytes, writes them and remembers them. */
export async function keepModel({ library }: Pick<Services, 'library'>, bytes: Uint8Array, { run, facts }: { readonly run: string | null; readonly facts: CardFacts | null }): Promise<Result<string>> {
  const info = await readModel(bytes)
  if (!info.ok) return info
  const id = hashBytes(bytes)
  const file = join(library.folder.models, `${id}.onnx`)
  const written = await writeModel(file, bytes)
  if (!written.ok) return written
  const recorded = recordModel(library, { id, runId: run, name: info.value.name, file, bytes: bytes.length, metadata: keptInfo(info.value, facts) })
  return recorded.ok ? ok(id) : recorded
}

/** On test clips of its run, else on validation clips; remembered with the model. */
export async function measureLibraryModel(services: Services, id: string, options: MeasureOptions = {}): Promise<Result<CallMeasurement>> {
  const { library, decodePool } = services
  const { file, runId, metadata } = findModel(services, id)
  if (runId === null) return fail('INVALID', 'This model came from elsewhere: there are no clips to measure it on')
  const { labels } = metadata as unknown as Kept
  for (const split of ['test', 'validation'] as const) {
    const sounds = await runSounds(library, decodePool, runId, split, MEASURED_CLIPS, options.signal)
    if (!sounds.ok) return sounds
    if (sounds.value.length === 0) continue
    const measured = await measureModel(file, sounds.value, options)
    if (!measured.ok) return measured
    const { clips, milliseconds, predicted } = measured.value
    const truth = sounds.value.map((sound) => labels.indexOf(sound.label))
    const { accuracy, intervals } = evaluateClassification({ classes: labels, labels: truth, predictions: predicted, seed: runId })
    const classes = labels.map((label, c) => ({ label, clips: truth.filter((t) => t === c).length, correct: truth.filter((t, i) => t === c && predicted[i] === c).length }))
    const measurement: CallMeasurement = { split, clips, accuracy, interval: intervals.accuracy && { ...intervals.accuracy }, milliseconds, classes }
    const noted = updateModel(library, id, { metadata: { measurement } })
    return noted.ok ? ok(measurement) : noted
  }
  return fail('INVALID', 'The run of this model has no test and no validation clips', { hint: 'Split the dataset, then train again.' })
}

export function findModel({ library }: Pick<Services, 'library'>, id: string): ModelRecord {
  const model = listModels(library).find((m) => m.id === id)
  if (!model) throw new AppError('NOT_FOUND', 'There is no such model in this library', { hint: 'Export a run first.' })
  return model
}

export function binModel(services: Pick<Services, 'library'>, id: string): Result<void> {
  findModel(services, id)
  return updateModel(services.library, id, { metadata: { binnedAt: new Date().toISOString() } })
}

export const restoreModel = ({ library }: Pick<Services, 'library'>, id: string): Result<void> => updateModel(library, id, { metadata: { binnedAt: null } })

/** For good, with its file. */
export async function purgeModel({ library }: Pick<Services, 'library'>, id: string): Promise<Result<void>> {
  const forgotten = forgetModel(library, id)
  if (!forgotten.ok) return forgotten
  // The name is made of the id: whatever the catalog says, nothing else is deleted.
  const file = join(library.folder.models, `${id}.onnx`)
  try {
    await rm(file, { force: true })
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'deleting the model', file))
  }
}

export const cardOf = (record: ModelRecord, language: Language): string => writeCard(describe(record), language)

function describe({ id, name, bytes, metadata }: ModelRecord): Card {
  const { labels, sampleRate, clipSeconds, facts = null, provenance = {}, about = NO_ABOUT, precision = 'float32', opset = 18, temperature = 1, measurement = null } = metadata as unknown as Kept
  return { name, labels, sampleRate, seconds: clipSeconds, about, facts, provenance, file: { precision, opset, temperature, bytes, sha256: id }, measurement }
}

type Shown = Pick<ModelInfo, 'labels' | 'sampleRate' | 'clipSeconds' | 'parameters' | 'metrics'>
/** What the catalog keeps of a model. Models of earlier versions have only the first part. */
type Kept = Shown & Partial<Pick<ModelInfo, 'precision' | 'opset' | 'temperature' | 'provenance'>> & {
  readonly about?: z.infer<typeof ModelAbout>
  readonly note?: string
  readonly facts?: CardFacts | null
  readonly measurement?: CallMeasurement
}
const NO_ABOUT = { intendedUse: '', limits: '', licence: '' }

export const keptInfo = (info: ModelInfo, facts: CardFacts | null): Record<string, unknown> => {
  const { labels, sampleRate, clipSeconds, parameters, metrics, precision, opset, temperature, provenance, intendedUse, limits, licence } = info
  return { labels, sampleRate, clipSeconds, parameters, metrics, precision, opset, temperature, provenance, about: { intendedUse, limits, licence }, ...(facts ? { facts } : {}) }
}

export function toModel({ id, name, runId, bytes, createdAt, file, metadata }: ModelRecord): z.input<typeof Model> {
  const kept = metadata as unknown as Kept
  const { labels, sampleRate, clipSeconds, parameters, metrics, precision = 'float32', opset = 18, temperature = 1, note = '', about = NO_ABOUT, measurement = null } = kept
  const { source, ...hashes } = kept.provenance ?? {}
  return {
    id, name, note, run: runId, labels: [...labels], sampleRate, seconds: clipSeconds, parameters, precision, opset, temperature, bytes, metrics: { ...metrics },
    measurement, about: { ...about }, provenance: { ...hashes, ...(source ? { sourceFile: source.file, sourceHash: source.sha256 } : {}) } as Record<string, string>,
    createdAt, present: existsSync(file),
  }
}
