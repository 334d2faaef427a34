/**
 * Clips to features: what the cache does not hold is decoded by worker threads and run through the front end.
 * A clip that cannot be read is left out and reported; the rest goes on.
 */
import { createDecodePool, resampledLength } from '../audio/index.ts'
import {
  clipKey,
  computeFeatures,
  createFittedFrontEndModel,
  FEATURE_BATCH,
  frontEndHash,
  frontEndShape,
  openFeatureCache,
  validFrames,
  type FeatureEntry,
  type FrontEndConfig,
} from '../features/index.ts'
import { AppError, createScope, unwrap, type Result } from '../kit/index.ts'
import { createSession } from '../runtime/index.ts'
import type { TrainingEvent } from './events.ts'
import { frontEndRunner } from './front-end-runner.ts'
import { soundRequest } from './clip-sound.ts'
import type { SkippedClip, TrainingClip } from './job.ts'

export interface PreparedClip {
  readonly clip: TrainingClip
  /** [channel · height · width], before dataset normalisation. */
  readonly features: Float32Array
  /** Columns that hold signal rather than padding. */
  readonly validFrames: readonly [start: number, end: number]
}

export interface PrepareOptions {
  readonly clips: readonly TrainingClip[]
  readonly frontEnd: FrontEndConfig
  /** Of the feature cache. */
  readonly folder: string
  readonly threads: number
  readonly emit: (event: TrainingEvent) => void
  readonly cancelled: () => boolean
}

/** Clips whose features are written to the cache in one go: enough that flushing the disk costs little. */
const CACHE_GROUP = 512

export async function prepareClips(options: PrepareOptions): Promise<{ prepared: PreparedClip[]; skipped: SkippedClip[] }> {
  const { clips, frontEnd, emit } = options
  await using scope = createScope()
  const values = frontEndShape(frontEnd).reduce((a, b) => a * b, 1)
  const cache = scope.add(unwrap(await openFeatureCache(options.folder, frontEndHash(frontEnd), values)))
  const features = new Map<number, Float32Array>()
  const missing: TrainingClip[] = []
  for (const clip of clips) {
    const known = cache.get(keyOf(clip))
    if (known) features.set(clip.id, known)
    else missing.push(clip)
  }
  const cached = features.size
  emit({ type: 'preparing', done: cached, total: clips.length, cached })
  const skipped: SkippedClip[] = []
  if (missing.length > 0) {
    const pool = scope.add(createDecodePool({ workers: options.threads }))
    const session = scope.add(unwrap(await createSession(createFittedFrontEndModel(frontEnd), { device: 'cpu', threads: options.threads })))
    const run = frontEndRunner(session)
    const requests = missing.map((clip) => soundRequest(clip, frontEnd.sampleRate))
    let waiting: { clip: TrainingClip; samples: Float32Array }[] = []
    let unsaved: FeatureEntry[] = []
    const writes: Promise<Result<void>>[] = []
    const compute = async () => {
      const made = await computeFeatures(waiting.map((w) => w.samples), frontEnd, run)
      waiting.forEach(({ clip }, i) => {
        features.set(clip.id, made[i]!)
        unsaved.push({ key: keyOf(clip), values: made[i]! })
      })
      waiting = []
      emit({ type: 'preparing', done: features.size + skipped.length, total: clips.length, cached })
    }
    const save = () => {
      writes.push(cache.append(unsaved))
      unsaved = []
    }
    let index = 0
    for await (const decoded of pool.decodeAll(requests)) {
      const clip = missing[index++]!
      if (options.cancelled()) throw new AppError('CANCELLED', 'Cancelled before training began')
      if (decoded.ok) waiting.push({ clip, samples: decoded.value.samples })
      else skipped.push({ id: clip.id, file: clip.path, code: decoded.error.code, message: decoded.error.message })
      if (waiting.length >= FEATURE_BATCH) await compute()
      if (unsaved.length >= CACHE_GROUP) save()
    }
    await compute()
    save()
    const unkept = (await Promise.all(writes)).find((w) => !w.ok)
    if (unkept && !unkept.ok) emit({ type: 'warning', message: `The features are not kept for the next run: ${unkept.error.message}` })
  }
  for (const s of skipped) emit({ type: 'warning', message: `A clip was left out: ${s.message}`, file: s.file })
  const prepared = clips.flatMap((clip): PreparedClip[] => {
    const known = features.get(clip.id)
    if (!known) return []
    const samples = resampledLength(clip.endSample - clip.startSample, clip.sampleRate, frontEnd.sampleRate)
    return [{ clip, features: known, validFrames: validFrames(frontEnd, samples) }]
  })
  return { prepared, skipped }
}

const keyOf = (clip: TrainingClip): string => clipKey({ recording: clip.contentKey, start: clip.startSample, end: clip.endSample, edits: clip.edits ?? [] })
