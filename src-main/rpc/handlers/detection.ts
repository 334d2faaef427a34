import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { MOST_DETECTIONS, type CalibrationEvent, type DetectSettings, type FilesEvent } from '../../../src-contract/index.ts'
import { encodeWav } from '../../audio/index.ts'
import { setModelWorkingPoint, type ModelRecord } from '../../catalog/index.ts'
import { keepSound, recordingSessions } from '../../curation/index.ts'
import { AppError, err, ok, toAppError, unwrap, type Result } from '../../kit/index.ts'
import { readModel, withWorkingPoint, workingPointSchema, type CardFacts, type WorkingPoint } from '../../models/index.ts'
import {
  appendDetections, checkParity, DETECTION_LOG, findDetections, formatRecognitions, listSounds, operatingCurves, PARITY_LIMIT, recogniseFolder,
  recordingPieces, scoreRecording, startModelCrew, THRESHOLDS, type FolderRecognition, type ScoredRecording,
} from '../../recognition/index.ts'
import { runSounds } from '../../runs/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { calibrationRecordings } from '../calibration.ts'
import { spanOf } from '../detected-sound.ts'
import type { JudgedFile } from '../detection-jobs.ts'
import { createEventQueue, createLatestQueue } from '../event-queue.ts'
import { findModel, keepModel } from '../models.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'

/** Windows without a sound this far above the background (dB) have no say; as on the command line. */
const GATE = 10
/** Windows that are averaged: what a calibration tries. */
const SMOOTHINGS = [1, 2, 3, 5, 8, 12]
/** What a calibration detects with; as on the command line. */
const { minimumDuration, suppression } = { minimumDuration: 0.2, suppression: 0.4 }
const PARITY_SOUNDS = 4
/** Clips of a session, and sessions that are offered. */
const [SEVERAL, SESSIONS] = [3, 200]

export const detection = {
  files: calls.detection.files.handler(async function* ({ input, context: { services }, signal }) {
    const folder = answer(services.places.resolve(input.place))
    const model = findModel(services, input.model)
    const stop = stopWith(signal)
    const queue = createEventQueue<FileNews>()
    const job = services.detections.open()
    try {
      await using crew = answer(await startModelCrew(model.file, availableParallelism()))
      const [{ info }] = crew.models
      const { frameHop } = answer(await crew.models[0].prepare())
      yield { type: 'ready' as const, job: job.id, labels: [...info.labels], hop: hopOf(input.hop, info.sampleRate, frameHop) }
      const how: FolderRecognition = {
        hop: input.hop, gate: GATE, watch: input.watch, signal: stop.signal,
        onProgress: (progress) => queue.push({ type: 'progress', ...progress }),
        onWatching: () => queue.push({ type: 'watching' }),
        async onFile({ name, path }, track) {
          if (!track.ok) {
            const { code, message, hint } = track.error
            queue.push({ type: 'failed', name, code, message, hint: hint ?? null })
            return
          }
          queue.push({ type: 'file', file: job.add({ name, path, track: track.value }), name, seconds: track.value.duration })
          if (!input.csv) return
          const detections = findDetections(track.value, input.csv)
          await appendDetections(join(folder, DETECTION_LOG), { kind: 'stream', file: name, duration: track.value.duration, detections }).catch((cause: unknown) => {
            const error = toAppError(cause, 'adding to the table of detections', DETECTION_LOG)
            queue.push({ type: 'failed', name: DETECTION_LOG, code: error.code, message: error.message, hint: error.hint ?? null })
          })
        },
      }
      const work = recogniseFolder(crew.models, services.decodePool, folder, how)
        .catch((cause: unknown) => err(toAppError(cause, 'recognising the files', folder)))
        .finally(() => queue.end())
      try {
        yield* queue.read()
        answer(await work)
      } finally {
        stop.abort()
        await work
      }
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    }
  }),
  list: calls.detection.list.handler(({ input, context: { services } }) => {
    const { files } = answer(services.detections.find(input.job))
    const detections = files.flatMap(({ track }, file) => findDetections(track, input.settings).map((d) => ({ file, ...d })))
    return { detections: detections.slice(0, MOST_DETECTIONS), more: detections.length > MOST_DETECTIONS }
  }),
  export: calls.detection.export.handler(({ input, context: { services } }) => {
    const { files } = answer(services.detections.find(input.job))
    return { text: formatRecognitions(files.map((file) => recognitionOf(file, input.settings)), input.format) }
  }),
  keep: calls.detection.keep.handler(async ({ input: { job, file, start, end, dataset, label }, context: { services } }) => {
    const { path, name } = answer(services.detections.file(job, file))
    const { samples, sampleRate } = answer(await spanOf(services, path, start, end))
    const stem = basename(name).replace(/\.[^.]*$/, '')
    const sound = { bytes: encodeWav(samples, sampleRate), name: `${stem}-${start.toFixed(2)}.wav`, dataset, label, session: stem }
    const kept = answer(await keepSound(services.library, services.decodePool, sound, 'keep detection'))
    services.changes.announce()
    return { clip: kept.clip, added: kept.added }
  }),
  close: calls.detection.close.handler(({ input, context: { services } }) => services.detections.close(input.job)),
  sessions: calls.detection.sessions.handler(({ input, context: { services } }) => recordingSessions(services.library, input.dataset, SEVERAL, SESSIONS)),
  calibrate: calls.detection.calibrate.handler(async function* ({ input, context: { services }, signal }) {
    const stop = stopWith(signal)
    const progress = createLatestQueue<CalibrationProgress>()
    try {
      const model = findModel(services, input.model)
      const recordings = answer(await calibrationRecordings(services, input.source))
      await using crew = answer(await startModelCrew(model.file, availableParallelism()))
      const work = (async (): Promise<Result<CalibrationResult>> => {
        const scored: ScoredRecording[] = []
        for (const { name, path, events } of recordings) {
          const pieces = recordingPieces(services.decodePool, path, crew.models[0].info.sampleRate, stop.signal)
          const onProgress = (done: number) => progress.push({ type: 'progress', stage: 'scoring', name, done })
          const track = await scoreRecording(crew.models, pieces, { hop: input.hop, gate: GATE, onProgress })
          if (!track.ok) return track
          scored.push({ track: track.value, events })
        }
        const onProgress = (done: number) => progress.push({ type: 'progress', stage: 'counting', name: '', done })
        const { hop, labels } = scored[0]!.track
        const curves = await operatingCurves(scored, {
          smoothings: SMOOTHINGS, thresholds: THRESHOLDS, tolerance: input.tolerance, minimumDuration, suppression, signal: stop.signal, onProgress,
        })
        const known = new Set(labels)
        return ok({
          type: 'result',
          recordings: scored.length,
          seconds: scored.reduce((sum, s) => sum + s.track.duration, 0),
          hop,
          foreign: [...new Set(scored.flatMap((s) => s.events.map((e) => e.label)))].filter((label) => !known.has(label)).slice(0, 100),
          curves: curves.map((c) => ({ ...c, smoothingSeconds: c.smoothing * hop, points: c.points.map((p) => ({ ...p })) })),
        })
      })().finally(() => progress.end())
      try {
        yield* progress.read()
        yield answer(await work)
      } finally {
        stop.abort()
        await work
      }
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    }
  }),
  workingPoint: calls.detection.workingPoint.handler(async ({ input, context: { services } }) => {
    const model = findModel(services, input.model)
    return rememberedPoint(model) ?? answer(await readModel(model.file)).workingPoint
  }),
  setWorkingPoint: calls.detection.setWorkingPoint.handler(async ({ input: { model: id, point, inFile }, context: { services } }) => {
    const model = findModel(services, id)
    answer(setModelWorkingPoint(services.library, id, point))
    const made = inFile ? answer(await writeInFile(services, model, point)) : id
    services.changes.announce()
    return { model: made }
  }),
  parity: calls.detection.parity.handler(async ({ input, context: { services }, signal }) => {
    const model = findModel(services, input.model)
    const sounds = answer(await soundsFor(services, model, signal))
    const parity = answer(await checkParity(model.file, sounds, services.decodePool, services.library.folder.inbox, signal))
    return { ...parity, sounds: sounds.length, limit: PARITY_LIMIT }
  }),
}

type FileNews = Exclude<FilesEvent, { type: 'ready' }>
type CalibrationProgress = Extract<CalibrationEvent, { type: 'progress' }>
type CalibrationResult = Extract<CalibrationEvent, { type: 'result' }>

function stopWith(signal: AbortSignal | undefined): AbortController {
  const stop = new AbortController()
  signal?.addEventListener('abort', () => stop.abort(), { once: true })
  return stop
}

const hopOf = (seconds: number, sampleRate: number, frameHop: number | null): number =>
  frameHop === null ? seconds : (Math.max(1, Math.round((seconds * sampleRate) / frameHop)) * frameHop) / sampleRate

const recognitionOf = ({ name, track }: JudgedFile, settings: DetectSettings) =>
  ({ kind: 'stream', file: name, duration: track.duration, detections: findDetections(track, settings) }) as const

function rememberedPoint({ metadata }: ModelRecord): WorkingPoint | null {
  const parsed = workingPointSchema.safeParse(metadata['workingPoint'])
  return parsed.success ? parsed.data : null
}

/** The file with the point in its metadata, as another model of the library. */
async function writeInFile({ library }: Services, { file, runId, metadata }: ModelRecord, point: WorkingPoint | null): Promise<Result<string>> {
  const old = await readFile(file).catch((cause: unknown) => toAppError(cause, 'reading the model', file))
  if (old instanceof AppError) return err(old)
  const facts = (metadata['facts'] ?? null) as CardFacts | null
  const kept = await keepModel({ library }, withWorkingPoint(old, point), { run: runId, facts })
  if (!kept.ok) return kept
  const remembered = setModelWorkingPoint(library, kept.value, point)
  return remembered.ok ? kept : remembered
}

/** Test clips of the model's run, or what the samples hold. */
async function soundsFor(services: Services, { runId, file }: ModelRecord, signal?: AbortSignal): Promise<Result<Float32Array[]>> {
  for (const split of ['test', 'validation', 'train'] as const) {
    const sounds = runId === null ? null : await runSounds(services.library, services.decodePool, runId, split, PARITY_SOUNDS, signal)
    if (sounds?.ok && sounds.value.length > 0) return ok(sounds.value.map((s) => s.samples))
  }
  const info = await readModel(file)
  if (!info.ok) return info
  const samples = unwrap(await listSounds(services.samples)).slice(0, PARITY_SOUNDS)
  const sounds: Float32Array[] = []
  for await (const sound of services.decodePool.decodeAll(samples.map(({ path }) => ({ path, sampleRate: info.value.sampleRate })))) if (sound.ok) sounds.push(sound.value.samples)
  return ok(sounds)
}
