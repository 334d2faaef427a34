/** Reads an exported file back: what it is, and bytes that may be run. */
import { readFile, stat } from 'node:fs/promises'
import { AppError, err, fail, hashBytes, ok, toAppError, type Result } from '../kit/index.ts'
import { frontEndShape } from '../features/index.ts'
import { countParameters, planNetwork } from '../nn/index.ts'
import { inspectModel, type ModelInspection } from './inspect/inspect-model.ts'
import { MODEL_LIMITS } from './inspect/limits.ts'
import { readMetadata, type ModelMetadata } from './metadata.ts'

/** All that is known of an exported model, as plain data. */
export interface ModelInfo extends ModelMetadata {
  /** Hz, of the waveform that it takes. */
  readonly sampleRate: number
  /** Seconds that it looks at: longer clips are cropped, shorter ones padded, inside the model. */
  readonly clipSeconds: number
  readonly parameters: number
  /** Of the file. */
  readonly sha256: string
  readonly bytes: number
  /** How many nodes of each operator. */
  readonly operators: Readonly<Record<string, number>>
}

export interface LoadedModel {
  readonly info: ModelInfo
  /** The inspected model, written anew: what the runtime may be given. */
  readonly bytes: Uint8Array
}

/** What the file is; everything in it is checked first. */
export async function readModel(source: string | Uint8Array): Promise<Result<ModelInfo>> {
  const loaded = await loadModel(source)
  return loaded.ok ? ok(loaded.value.info) : loaded
}

/** As `readModel`, with bytes to run. */
export async function loadModel(source: string | Uint8Array): Promise<Result<LoadedModel>> {
  if (typeof source !== 'string') return describeModel(source)
  try {
    const { size } = await stat(source)
    if (size > MODEL_LIMITS.bytes)
      return fail('MODEL_REFUSED', `The model file has ${size} bytes; at most ${MODEL_LIMITS.bytes} are accepted.`, { file: source })
    const described = describeModel(await readFile(source))
    if (described.ok) return described
    const { code, message, hint } = described.error
    return err(new AppError(code, message, { file: source, ...(hint === undefined ? {} : { hint }) }))
  } catch (cause) {
    return err(toAppError(cause, 'reading the model', source))
  }
}

function describeModel(bytes: Uint8Array): Result<LoadedModel> {
  const inspected = inspectModel(bytes)
  if (!inspected.ok) return inspected
  const metadata = readMetadata(inspected.value.metadata)
  if (!metadata.ok) return metadata
  const { frontEnd, labels, architecture } = metadata.value
  const wrong = wrongSignature(inspected.value, labels.length)
  if (wrong !== undefined) return fail('MODEL_INVALID', `The model ${wrong}.`)
  const network = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  if (!network.ok) return fail('MODEL_INVALID', `The model's architecture does not fit its front end: ${network.error.message}`)
  return ok({
    bytes: inspected.value.bytes,
    info: {
      ...metadata.value,
      sampleRate: frontEnd.sampleRate,
      clipSeconds: frontEnd.clip.seconds,
      parameters: countParameters(network.value),
      sha256: hashBytes(bytes),
      bytes: bytes.length,
      operators: inspected.value.operators,
    },
  })
}

function wrongSignature({ inputs, outputs }: ModelInspection, classes: number): string | undefined {
  const [input, ...more] = inputs
  if (more.length > 0 || input?.name !== 'waveform' || input.type !== 'float' || input.shape.length !== 2)
    return 'does not take one waveform [N, samples]'
  const output = outputs.find((o) => o.name === 'probabilities')
  if (output?.type !== 'float' || output.shape.length !== 2 || output.shape[1] !== classes)
    return `does not give the probabilities of its ${classes} labels`
  return undefined
}
