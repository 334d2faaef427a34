import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listModels, recordModel, type ModelRecord } from '../../catalog/index.ts'
import { AppError, fail, hashBytes, ok, type Result } from '../../kit/index.ts'
import { calibrate, exportModel, readModel, writeModel, type ExportInput, type ModelInfo, type Precision, type PrecisionName } from '../../models/index.ts'
import { measureModel, type Measurement } from '../../recognition/index.ts'
import { loadRunModel, runSounds } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'

/** Training clips that the ranges of 8-bit numbers are measured on, and clips that a model is measured on. */
const [CALIBRATION_CLIPS, MEASURED_CLIPS] = [300, 1000]

export const models = {
  list: calls.models.list.handler(({ context: { services } }) => listModels(services.library).map(toModel)),
  export: calls.models.export.handler(async ({ input, context: { services }, signal }) => {
    const id = answer(await exportToLibrary(services, input, signal))
    services.changes.announce()
    return toModel(findModel(services, id))
  }),
  measure: calls.models.measure.handler(async ({ input, context: { services }, signal }) => {
    const model = findModel(services, input.model)
    for (const split of ['test', 'validation'] as const) {
      const measured = answer(await measure(services, model, split, signal))
      if (measured) return { split, ...measured }
    }
    throw new AppError('INVALID', 'The run of this model has no test and no validation clips', { hint: 'Split the dataset, then train again.' })
  }),
}

interface ExportRequest {
  readonly run: string
  readonly name: string | null
  readonly precision: PrecisionName
}

/** Into the library's own folder, under the name of its content. */
async function exportToLibrary(services: Services, { run, name, precision }: ExportRequest, signal?: AbortSignal): Promise<Result<string>> {
  const { library } = services
  const model = await loadRunModel(library, run)
  if (!model.ok) return model
  const input: ExportInput = { ...model.value, ...(name === null ? {} : { name }) }
  const how = await choosePrecision(services, run, input, precision, signal)
  if (!how.ok) return how
  const bytes = exportModel({ ...input, precision: how.value })
  if (!bytes.ok) return bytes
  const id = hashBytes(bytes.value)
  const file = join(library.folder.models, `${id}.onnx`)
  const written = await writeModel(file, bytes.value)
  if (!written.ok) return written
  const info = await readModel(bytes.value)
  if (!info.ok) return info
  const recorded = recordModel(library, { id, runId: run, name: info.value.name, file, bytes: bytes.value.length, metadata: shownInfo(info.value) })
  return recorded.ok ? ok(id) : recorded
}

async function choosePrecision({ library, decodePool }: Services, run: string, input: ExportInput, type: PrecisionName, signal?: AbortSignal): Promise<Result<Precision>> {
  if (type !== 'int8') return ok({ type })
  const sounds = await runSounds(library, decodePool, run, 'train', CALIBRATION_CLIPS, signal)
  if (!sounds.ok) return sounds
  const ranges = await calibrate(input, sounds.value.map((s) => s.samples), signal ? { signal } : {})
  return ranges.ok ? ok({ type, ranges: ranges.value }) : ranges
}

async function measure({ library, decodePool }: Services, { file, runId }: ModelRecord, split: 'test' | 'validation', signal?: AbortSignal): Promise<Result<Measurement | null>> {
  if (runId === null) return fail('INVALID', 'This model came from elsewhere: there are no clips to measure it on')
  const sounds = await runSounds(library, decodePool, runId, split, MEASURED_CLIPS, signal)
  if (!sounds.ok) return sounds
  return sounds.value.length === 0 ? ok(null) : await measureModel(file, sounds.value)
}

export function findModel({ library }: Services, id: string): ModelRecord {
  const model = listModels(library).find((m) => m.id === id)
  if (!model) throw new AppError('NOT_FOUND', 'There is no such model in this library', { hint: 'Export a run first.' })
  return model
}

type Shown = Pick<ModelInfo, 'labels' | 'sampleRate' | 'clipSeconds' | 'parameters' | 'metrics' | 'precision'>
export const shownInfo = ({ labels, sampleRate, clipSeconds, parameters, metrics, precision }: Shown) => ({ labels, sampleRate, clipSeconds, parameters, metrics, precision })

export function toModel({ id, name, runId, bytes, createdAt, file, metadata }: ModelRecord) {
  const { labels, sampleRate, clipSeconds, parameters, metrics, precision = 'float32' } = metadata as unknown as Shown
  return {
    id, name, run: runId, labels: [...labels], sampleRate, seconds: clipSeconds, parameters, precision, bytes, metrics: { ...metrics }, createdAt, present: existsSync(file),
  }
}
