/** Reads an exported file back: what it is, and bytes that may be run. */
import { readFile, stat } from 'node:fs/promises'
import { AppError, err, fail, hashBytes, ok, toAppError, type Result } from '../kit/index.ts'
import { frontEndShape } from '../features/index.ts'
import { countParameters, OPSETS, planNetwork } from '../nn/index.ts'
import { inspectModel, type ModelInspection } from './inspect/inspect-model.ts'
import { MODEL_LIMITS } from './inspect/limits.ts'
import { readMetadata, type ModelMetadata } from './metadata.ts'
import { withFrontEnd } from './parts/with-front-end.ts'

/** All that is known of an exported model, as plain data. */
export interface ModelInfo extends ModelMetadata {
  /** Hz, of the waveform that it takes. */
  readonly sampleRate: number
  /** Seconds that it looks at: longer clips are cropped, shorter ones padded, inside the model. */
  readonly clipSeconds: number
  readonly parameters: number
  /** Version of ONNX's operators. */
  readonly opset: number
  /** Clips in one run, where the network takes exactly so many; null for any number. */
  readonly batch: number | null
  /** Of the file. */
  readonly sha256: string
  readonly bytes: number
  /** How many nodes of each operator. */
  readonly operators: Readonly<Record<string, number>>
}

export interface LoadedModel {
  readonly info: ModelInfo
  /** The inspected model, written anew, its front end put before it where the file has none: what the runtime may be given. */
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
  const { frontEnd, labels } = metadata.value
  const wrong = wrongSignature(inspected.value, metadata.value)
  if (wrong !== undefined) return fail('MODEL_INVALID', `The model ${wrong}.`)
  const parameters = parametersOf(metadata.value, inspected.value)
  if (!parameters.ok) return parameters
  const [batch] = inspected.value.inputs[0]!.shape
  return ok({
    bytes: metadata.value.input === 'waveform' ? inspected.value.bytes : withFrontEnd(inspected.value.bytes, frontEnd, labels),
    info: {
      ...metadata.value,
      sampleRate: frontEnd.sampleRate,
      clipSeconds: frontEnd.clip.seconds,
      parameters: parameters.value,
      opset: inspected.value.opset,
      batch: typeof batch === 'number' && batch > 0 ? batch : null,
      sha256: hashBytes(bytes),
      bytes: bytes.length,
      operators: inspected.value.operators,
    },
  })
}

/** Of a network from elsewhere all stored numbers count, those of its front end included. */
function parametersOf({ architecture, frontEnd, labels }: ModelMetadata, { storedElements }: ModelInspection): Result<number> {
  if (architecture === null) return ok(storedElements)
  const network = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  if (!network.ok) return fail('MODEL_INVALID', `The model's architecture does not fit its front end: ${network.error.message}`)
  return ok(countParameters(network.value))
}

function wrongSignature({ inputs, outputs, opset }: ModelInspection, { input: wanted, frontEnd, labels }: ModelMetadata): string | undefined {
  const [input, ...more] = inputs
  if (more.length > 0 || input?.name !== wanted || input.type !== 'float') return `does not take one tensor ${wanted}`
  if (wanted === 'waveform' && input.shape.length !== 2) return 'does not take one waveform [N, samples]'
  const sizes = frontEndShape(frontEnd)
  if (wanted === 'features' && (input.shape.length !== 4 || sizes.some((size, i) => input.shape[i + 1] !== size)))
    return `does not take the features that its front end gives, [N, ${sizes.join(', ')}]`
  if (wanted === 'features' && opset < OPSETS[0]) return `is written for opset ${opset}, which has no front end`
  const output = outputs.find((o) => o.name === 'probabilities')
  if (output?.type !== 'float' || output.shape.length !== 2 || output.shape[1] !== labels.length)
    return `does not give the probabilities of its ${labels.length} labels`
  return undefined
}
