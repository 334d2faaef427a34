/**
 * Are the three ways the same? One sound goes through the microphone's path (16-bit pieces of 20 ms through the live
 * recogniser), through the path of files (a WAV file, decoded and slid over), and window by window through the exported
 * file itself. The largest differences of a probability are told.
 */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, toAppError, err, type Result } from '../kit/index.ts'
import { encodeWav, type DecodePool } from '../audio/index.ts'
import { createLiveRecogniser } from './live/live-recogniser.ts'
import { liveOptionsSchema } from './live/live-options.ts'
import { recordingPieces } from './recording-pieces.ts'
import { scoreRecording } from './score-recording.ts'
import { windowScores } from './score-track.ts'
import { startModelProcess, type ModelProcess } from './process/model-process.ts'

export interface Parity {
  /** Windows compared. */
  readonly windows: number
  /** Largest difference of a probability between two ways. */
  readonly microphoneAndFile: number
  readonly microphoneAndModel: number
  readonly fileAndModel: number
  /** Windows share their frames in the ways of microphone and file; else all three do the same work. */
  readonly shared: boolean
  /**
   * Largest change of a probability, by the exported file, from one window to the next: the difference that would be
   * found if one way were a window late. Where it is small the sounds tell the ways not apart.
   */
  readonly oneHopLate: number
}

/** What counts as the same. */
export const PARITY_LIMIT = 1e-4
const HOP = 0.1
const PIECE = 0.02

/** `sounds`: mono at the model's rate. `folder` takes a file for a moment. */
export async function checkParity(modelPath: string, sounds: readonly Float32Array[], pool: DecodePool, folder: string, signal?: AbortSignal): Promise<Result<Parity>> {
  if (sounds.length === 0) return fail('INVALID', 'There is no sound to compare on')
  // The live recogniser keeps its own signal in its process, so it has one of its own for each sound.
  const started = await startModelProcess(modelPath, { threads: 1 })
  if (!started.ok) return started
  await using model = started.value
  let most: Parity = { windows: 0, microphoneAndFile: 0, microphoneAndModel: 0, fileAndModel: 0, shared: true, oneHopLate: 0 }
  for (const sound of sounds) {
    if (signal?.aborted) return fail('CANCELLED', 'The comparison was stopped.')
    const one = await compareOne(model, modelPath, sound, pool, folder)
    if (!one.ok) return one
    most = {
      windows: most.windows + one.value.windows,
      microphoneAndFile: Math.max(most.microphoneAndFile, one.value.microphoneAndFile),
      microphoneAndModel: Math.max(most.microphoneAndModel, one.value.microphoneAndModel),
      fileAndModel: Math.max(most.fileAndModel, one.value.fileAndModel),
      shared: most.shared && one.value.shared,
      oneHopLate: Math.max(most.oneHopLate, one.value.oneHopLate),
    }
  }
  return ok(most)
}

async function compareOne(model: ModelProcess, modelPath: string, sound: Float32Array, pool: DecodePool, folder: string): Promise<Result<Parity>> {
  const { sampleRate, clipSeconds, labels } = model.info
  const length = Math.round(clipSeconds * sampleRate)
  // What a microphone gives: 16 bits. Half a window of silence stands after the sound.
  const heard = new Float32Array(sound.length + Math.round(length / 2))
  heard.set(sound.map((x) => Math.round(Math.max(-1, Math.min(1, x)) * 32767) / 32768))
  const microphone = await scoresOfMicrophone(modelPath, heard)
  if (!microphone.ok) return microphone
  const { rows, hop } = microphone.value
  // The live recogniser hears silence before its first sample; so does the file.
  const before = new Float32Array(length - hop)
  const whole = new Float32Array(before.length + heard.length)
  whole.set(heard, before.length)
  const file = await scoresOfFile(model, whole, pool, folder)
  if (!file.ok) return file
  const windows = Math.min(rows.length, file.value.length)
  if (windows === 0) return fail('INVALID', 'The sound is too short to compare')
  const prepared = await model.prepare()
  if (!prepared.ok) return prepared
  const { frameHop } = prepared.value
  const shared = frameHop !== null && hop % frameHop === 0
  const parity = { windows, microphoneAndFile: 0, microphoneAndModel: 0, fileAndModel: 0, shared, oneHopLate: 0 }
  let earlier: Float32Array | null = null
  for (let w = 0; w < windows; w++) {
    const exact = await model.classify(whole.slice(w * hop, w * hop + length))
    if (!exact.ok) return exact
    for (let i = 0; i < labels.length; i++) {
      const [a, b, c] = [rows[w]![i]!, file.value[w]![i]!, exact.value[i]!]
      parity.microphoneAndFile = Math.max(parity.microphoneAndFile, Math.abs(a - b))
      parity.microphoneAndModel = Math.max(parity.microphoneAndModel, Math.abs(a - c))
      parity.fileAndModel = Math.max(parity.fileAndModel, Math.abs(b - c))
      if (earlier) parity.oneHopLate = Math.max(parity.oneHopLate, Math.abs(c - earlier[i]!))
    }
    earlier = exact.value
  }
  return ok(parity)
}

async function scoresOfMicrophone(modelPath: string, samples: Float32Array): Promise<Result<{ readonly rows: Float32Array[]; readonly hop: number }>> {
  const started = await startModelProcess(modelPath, { threads: 1 })
  if (!started.ok) return started
  await using model = started.value
  const { sampleRate } = model.info
  const live = await createLiveRecogniser(model, liveOptionsSchema.parse({ mode: 'windows', hop: HOP, smoothing: 1, threshold: 1, gate: 0 }))
  if (!live.ok) return live
  const piece = Math.round(PIECE * sampleRate)
  const rows: Float32Array[] = []
  let hop = 0
  for (let at = 0; at < samples.length; at += piece) {
    const events = await live.value.push(samples.subarray(at, at + piece))
    if (!events.ok) return events
    for (const event of events.value) {
      if (event.type !== 'scores' || !event.scores) continue
      if (rows.length === 0) hop = Math.round(event.time * sampleRate)
      rows.push(event.scores)
    }
  }
  return ok({ rows, hop })
}

async function scoresOfFile(model: ModelProcess, samples: Float32Array, pool: DecodePool, folder: string): Promise<Result<Float32Array[]>> {
  const path = join(folder, `${randomUUID()}.wav`)
  try {
    await writeFile(path, encodeWav(samples, model.info.sampleRate))
    const track = await scoreRecording(model, recordingPieces(pool, path, model.info.sampleRate), { hop: HOP, gate: null })
    return track.ok ? ok(Array.from({ length: track.value.windows }, (_, w) => windowScores(track.value, w))) : track
  } catch (cause) {
    return err(toAppError(cause, 'writing the sound to compare', path))
  } finally {
    await rm(path, { force: true })
  }
}
