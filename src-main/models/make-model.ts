import type { DecodePool } from '../audio/index.ts'
import type { Library } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import type { Opset } from '../nn/index.ts'
import { loadRunModel, runSounds } from '../runs/index.ts'
import { gatherFacts, type CardFacts } from './card/facts.ts'
import type { Language } from './card/words.ts'
import { writeShortCard, type About } from './card/write-card.ts'
import { exportModel, type ExportInput, type Precision } from './export-model.ts'
import type { PrecisionName } from './metadata.ts'
import { calibrate } from './precision/calibrate.ts'

/** Training clips that the ranges of 8-bit numbers are measured on. */
export const CALIBRATION_CLIPS = 300

export interface ModelRequest {
  readonly run: string
  /** null for the run's. */
  readonly name: string | null
  readonly precision: PrecisionName
  readonly opset?: Opset | undefined
  /** `fitted`: the one of the run's validation clips. */
  readonly temperature?: number | 'fitted' | null | undefined
  readonly about?: About | undefined
  /** Of the short card in the metadata. */
  readonly language?: Language | undefined
}

export interface MadeModel {
  readonly bytes: Uint8Array
  readonly facts: CardFacts
}

export interface MakeOptions {
  readonly pool: DecodePool
  readonly signal?: AbortSignal | undefined
  /** Of measuring ranges, where the precision needs them. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

const NOTHING: About = { intendedUse: '', limits: '', licence: '' }

/** The recogniser of a run as the bytes of a file, with what its card needs. */
export async function makeModel(library: Library, request: ModelRequest, options: MakeOptions): Promise<Result<MadeModel>> {
  const { run, precision, opset, about = NOTHING, language = 'en' } = request
  const model = await loadRunModel(library, run)
  if (!model.ok) return model
  const { fittedTemperature } = model.value
  const temperature = request.temperature === 'fitted' ? fittedTemperature : (request.temperature ?? 1)
  if (temperature === null)
    return fail('INVALID', 'No temperature was fitted to this run: it had no validation clips', { hint: 'Give the dataset a validation side and train again, or export without a temperature.' })
  const facts = await gatherFacts(library, run)
  if (!facts.ok) return facts
  const name = request.name ?? model.value.name
  const { sampleRate, clip } = model.value.frontEnd
  const card = writeShortCard(
    { name, labels: model.value.labels, sampleRate, seconds: clip.seconds, about, facts: facts.value, provenance: {}, file: null, measurement: null },
    language,
    temperature,
  )
  const input: ExportInput = { ...model.value, ...about, name, card, temperature, ...(opset === undefined ? {} : { opset }) }
  const how = await choosePrecision(library, run, input, precision, options)
  if (!how.ok) return how
  const bytes = exportModel({ ...input, precision: how.value })
  return bytes.ok ? ok({ bytes: bytes.value, facts: facts.value }) : bytes
}

async function choosePrecision(library: Library, run: string, input: ExportInput, type: PrecisionName, { pool, signal, onProgress }: MakeOptions): Promise<Result<Precision>> {
  if (type !== 'int8') return ok({ type })
  const sounds = await runSounds(library, pool, run, 'train', CALIBRATION_CLIPS, signal)
  if (!sounds.ok) return sounds
  const ranges = await calibrate(input, sounds.value.map((s) => s.samples), { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) })
  return ranges.ok ? ok({ type, ranges: ranges.value }) : ranges
}
