/** Files in, recognitions out. A file that cannot be read is reported and the others go on. */
import { availableParallelism } from 'node:os'
import { type AppError, fail, ok, type Result, type SerialisedError } from '../kit/index.ts'
import { createDecodePool, type DecodePool } from '../audio/index.ts'
import type { ModelInfo } from '../models/index.ts'
import { findDetections } from './detections.ts'
import { parseOptions, type CompleteOptions, type RecogniseOptions } from './options.ts'
import { startModelCrew } from './process/model-crew.ts'
import type { ModelProcess } from './process/model-process.ts'
import type { ClipRecognition, Recognition, StreamRecognition } from './recognition.ts'
import { recordingPieces } from './recording-pieces.ts'
import { scoreRecording } from './score-recording.ts'

export interface FileFailure extends SerialisedError {
  readonly file: string
}

export interface RecognitionReport {
  readonly model: ModelInfo
  /** In the order of the files. */
  readonly recognitions: readonly Recognition[]
  readonly failed: readonly FileFailure[]
}

export interface RecogniseProgress {
  readonly done: number
  readonly total: number
  readonly result: Recognition | FileFailure
}

export interface RecogniseContext {
  readonly onProgress?: ((progress: RecogniseProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export async function recogniseFiles(
  modelPath: string,
  files: readonly string[],
  options: RecogniseOptions = {},
  { onProgress, signal }: RecogniseContext = {},
): Promise<Result<RecognitionReport>> {
  const checked = parseOptions(options)
  if (!checked.ok) return checked
  const { stream, threads = stream ? availableParallelism() : 1 } = checked.value
  const started = await startModelCrew(modelPath, threads)
  if (!started.ok) return started
  await using crew = started.value
  const parsed = parseOptions(options, crew.models[0].info.workingPoint)
  if (!parsed.ok) return parsed
  const settings = parsed.value
  const [model] = crew.models
  await using pool = createDecodePool(settings.workers === undefined ? {} : { workers: settings.workers })
  const recognitions: Recognition[] = []
  const failed: FileFailure[] = []
  const each = settings.stream ? detectAll(crew.models, pool, files, settings, signal) : classifyAll(model, pool, files, signal)
  let done = 0
  for await (const { file, result } of each) {
    if (signal?.aborted) return fail('CANCELLED', 'Recognition was cancelled.')
    if (!result.ok && concernsModel(crew.models, result.error)) return result
    const outcome = result.ok ? result.value : { ...result.error.toJSON(), file }
    if ('kind' in outcome) recognitions.push(outcome)
    else failed.push(outcome)
    onProgress?.({ done: ++done, total: files.length, result: outcome })
  }
  if (signal?.aborted) return fail('CANCELLED', 'Recognition was cancelled.')
  return ok({ model: model.info, recognitions, failed })
}

/** What went wrong with the model would go wrong with every file. */
export const concernsModel = (models: readonly ModelProcess[], error: AppError): boolean =>
  models.some((model) => model.ended !== undefined) || error.code === 'MODEL_INVALID' || error.code === 'MODEL_REFUSED'

interface Outcome {
  readonly file: string
  readonly result: Result<Recognition>
}

async function* classifyAll(model: ModelProcess, pool: DecodePool, files: readonly string[], signal?: AbortSignal): AsyncGenerator<Outcome> {
  const { sampleRate } = model.info
  let next = 0
  for await (const sound of pool.decodeAll(files.map((path) => ({ path, sampleRate })), { signal })) {
    const file = files[next++]!
    if (!sound.ok) yield { file, result: sound }
    else yield { file, result: await classify(model, file, sound.value.samples) }
  }
}

async function classify(model: ModelProcess, file: string, samples: Float32Array): Promise<Result<ClipRecognition>> {
  if (samples.length === 0) return fail('AUDIO_EMPTY', 'There is no sound in the recording.', { file })
  const row = await model.classify(samples)
  if (!row.ok) return row
  const { labels, sampleRate } = model.info
  const best = row.value.indexOf(Math.max(...row.value))
  if (best < 0) return fail('MODEL_INVALID', 'The model gave something that is no probability.', { file })
  return ok({
    kind: 'clip',
    file,
    duration: samples.length / sampleRate,
    label: labels[best]!,
    probability: row.value[best]!,
    scores: Object.fromEntries(labels.map((label, i) => [label, row.value[i]!])),
  })
}

async function* detectAll(
  models: readonly ModelProcess[],
  pool: DecodePool,
  files: readonly string[],
  settings: CompleteOptions,
  signal?: AbortSignal,
): AsyncGenerator<Outcome> {
  for (const file of files) yield { file, result: await detect(models, pool, file, settings, signal) }
}

async function detect(
  models: readonly ModelProcess[],
  pool: DecodePool,
  file: string,
  settings: CompleteOptions,
  signal?: AbortSignal,
): Promise<Result<StreamRecognition>> {
  const track = await scoreRecording(models, recordingPieces(pool, file, models[0]!.info.sampleRate, signal), settings)
  if (!track.ok) return track
  return ok({ kind: 'stream', file, duration: track.value.duration, detections: findDetections(track.value, settings) })
}
