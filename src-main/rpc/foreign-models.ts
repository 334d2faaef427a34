/** Model files from elsewhere: what is in them, and taking them into the library. */
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { NetworkDeclaration, NetworkFile } from '../../src-contract/index.ts'
import { listModels, recordModel } from '../catalog/index.ts'
import { FRONT_ENDS, frontEndShape, parseFrontEnd } from '../features/index.ts'
import { AppError, createRandom, err, fail, ok, sweepTemporaryFilesOf, toAppError, type Result } from '../kit/index.ts'
import { inspectModel, MODEL_LIMITS, readModel, wrapNetwork, writeModel } from '../models/index.ts'
import { startModelProcess } from '../recognition/index.ts'
import { keepModel, keptInfo } from './models.ts'
import type { Services } from './services.ts'

/** A model that Espectro exported: checked first, as every file from elsewhere is; then copied under the name of its content. */
export async function takeModel({ library }: Pick<Services, 'library'>, path: string): Promise<Result<string>> {
  const info = await readModel(path)
  if (!info.ok) return info
  const id = info.value.sha256
  const known = [...listModels(library), ...listModels(library, { binned: true })].find((m) => m.id === id)
  const file = join(library.folder.models, `${id}.onnx`)
  try {
    await sweepTemporaryFilesOf(file)
    await copyFile(path, file)
  } catch (cause) {
    return err(toAppError(cause, 'copying the model into the library', path))
  }
  const recorded = recordModel(library, { id, runId: known?.runId ?? null, name: info.value.name, file, bytes: info.value.bytes, metadata: keptInfo(info.value, null) })
  return recorded.ok ? ok(id) : recorded
}

/** Nothing of the file is run. */
export async function describeNetwork(path: string): Promise<Result<z.input<typeof NetworkFile>>> {
  const bytes = await readBounded(path)
  if (!bytes.ok) return bytes
  const inspected = inspectModel(bytes.value)
  if (!inspected.ok) return named(inspected.error, path)
  const { opset, producer, inputs, outputs, operators, metadata } = inspected.value
  const copy = (values: typeof inputs) => values.map(({ name, type, shape }) => ({ name, type, shape: [...shape] }))
  return ok({
    own: metadata['espectro.version'] !== undefined,
    bytes: bytes.value.length,
    opset,
    producer: producer.slice(0, 200),
    inputs: copy(inputs),
    outputs: copy(outputs),
    nodes: Object.values(operators).reduce((a, b) => a + b, 0),
    frontEnds: Object.entries(FRONT_ENDS).map(([name, config]) => ({ name, config: JSON.parse(JSON.stringify(config)), shape: [...frontEndShape(config)] })),
  })
}

/** Puts the declared front end before the network, tries the whole in a process of its own, and keeps it. */
export async function adoptModel(services: Pick<Services, 'library'>, path: string, file: string, declared: NetworkDeclaration, signal?: AbortSignal): Promise<Result<string>> {
  const frontEnd = parseFrontEnd(declared.frontEnd)
  if (!frontEnd.ok) return frontEnd
  const bytes = await readBounded(path)
  if (!bytes.ok) return bytes
  const { name, layout, labels, outputs, output } = declared
  const whole = wrapNetwork(bytes.value, { name, file, frontEnd: frontEnd.value, layout, labels, outputs, output: output ?? undefined })
  if (!whole.ok) return named(whole.error, path)
  const tried = await tryModel(services, whole.value, outputs, signal)
  return tried.ok ? await keepModel(services, whole.value, { run: null, facts: null }) : named(tried.error, path)
}

/** How far from 1 the probabilities of a clip may sum, with all that float16 rounds away. */
const SUM_TOLERANCE = 0.02

/** Silence and noise of several lengths must give probabilities. */
async function tryModel({ library }: Pick<Services, 'library'>, bytes: Uint8Array, outputs: NetworkDeclaration['outputs'], signal?: AbortSignal): Promise<Result<void>> {
  let folder: string | undefined
  try {
    folder = await mkdtemp(join(library.folder.inbox, 'model-'))
    const file = join(folder, 'model.onnx')
    const written = await writeModel(file, bytes)
    if (!written.ok) return written
    const started = await startModelProcess(file, { threads: 1 })
    if (!started.ok) return started
    await using model = started.value
    const { sampleRate, clipSeconds, labels } = model.info
    const random = createRandom('a model is tried')
    for (const part of [1, 0.3, 1.7]) {
      if (signal?.aborted) return fail('CANCELLED', 'The model was not taken')
      const length = Math.max(1, Math.round(part * clipSeconds * sampleRate))
      const row = await model.classify(Float32Array.from({ length }, () => (part === 1 ? 0 : 0.1 * random.normal())))
      if (!row.ok) return fail(row.error.code, `The network does not run behind this front end: ${row.error.message}`, { hint: 'Check what it takes, and in which order.' })
      const problem = wrongRow(row.value, labels.length, outputs)
      if (problem) return fail('INVALID', problem.message, { hint: problem.hint })
    }
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'trying the model'))
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
}

function wrongRow(row: Float32Array, classes: number, outputs: NetworkDeclaration['outputs']): { readonly message: string; readonly hint: string } | undefined {
  if (row.length !== classes) return { message: `The network gives ${row.length} numbers for a clip, and there are ${classes} labels`, hint: 'Give one label for each class, in the order of the outputs.' }
  if (!row.every(Number.isFinite)) return { message: 'The network gives numbers that are not finite', hint: 'Check its sample rate and front end.' }
  const sum = row.reduce((a, b) => a + b, 0)
  const proper = row.every((p) => p >= -SUM_TOLERANCE && p <= 1 + SUM_TOLERANCE) && Math.abs(sum - 1) <= SUM_TOLERANCE
  if (outputs === 'probabilities' && !proper) return { message: `The outputs of the network are no probabilities: they sum to ${sum.toFixed(3)}`, hint: 'Declare them as logits.' }
  return undefined
}

async function readBounded(path: string): Promise<Result<Uint8Array>> {
  try {
    const { size } = await stat(path)
    if (size > MODEL_LIMITS.bytes) return fail('MODEL_REFUSED', `The model file has ${size} bytes; at most ${MODEL_LIMITS.bytes} are accepted.`, { file: path })
    return ok(new Uint8Array(await readFile(path)))
  } catch (cause) {
    return err(toAppError(cause, 'reading the model', path))
  }
}

const named = ({ code, message, hint }: AppError, file: string): Result<never> => err(new AppError(code, message, { file, ...(hint === undefined ? {} : { hint }) }))
