/** Slides a model over a recording that arrives in pieces; memory holds one piece, however long it is. */
import { err, fail, ok, type Result } from '../kit/index.ts'
import { activeWindows, createLevelMeter } from './activity.ts'
import type { ModelProcess } from './process/model-process.ts'
import { countWindows, type ScoreTrack } from './score-track.ts'

export interface ScoreOptions {
  /** Seconds between windows; at most a window's length. */
  readonly hop: number
  /** dB; see `activeWindows`. Windows without activity score 0 for every label. */
  readonly gate: number | null
  /** Seconds that have been judged. */
  readonly onProgress?: (seconds: number) => void
}

/** Windows in one message to a model's process. */
const BLOCK = 64
/** Blocks that wait for a process, so that none is idle while the next piece is decoded. */
const WAITING = 2

type Pieces = AsyncIterable<Result<Float32Array>> | Iterable<Result<Float32Array>>

/** Several processes with the same model share the work. */
export async function scoreRecording(models: ModelProcess | readonly ModelProcess[], pieces: Pieces, options: ScoreOptions): Promise<Result<ScoreTrack>> {
  const workers = 'info' in models ? [models] : models
  const [model] = workers as [ModelProcess]
  const { labels, sampleRate, clipSeconds } = model.info
  const length = Math.round(clipSeconds * sampleRate)
  const prepared = await model.prepare()
  if (!prepared.ok) return prepared
  const hop = hopSamples(options.hop, sampleRate, length, prepared.value.frameHop)
  const meter = createLevelMeter(sampleRate)
  const blocks: Promise<Result<Float32Array>>[] = []
  let scored = 0 // windows
  let total = 0 // samples
  let held: Float32Array = new Float32Array(0) // samples from the next window's start on

  const score = async (windows: number): Promise<Result<void>> => {
    for (let done = 0; done < windows; done += BLOCK) {
      const count = Math.min(BLOCK, windows - done)
      const samples = held.slice(done * hop, (done + count - 1) * hop + length)
      const worker = workers[blocks.length % workers.length]!
      blocks.push(worker.slide({ samples, hop, windows: count }))
      const before = await blocks[blocks.length - WAITING * workers.length - 1]
      if (before && !before.ok) return before
      options.onProgress?.(((scored + done) * hop) / sampleRate)
    }
    held = held.slice(Math.min(held.length, windows * hop))
    scored += windows
    return ok(undefined)
  }

  for await (const piece of pieces) {
    if (!piece.ok) return err(piece.error)
    meter.push(piece.value)
    total += piece.value.length
    held = concatenate([held, piece.value])
    const whole = held.length < length ? 0 : 1 + Math.floor((held.length - length) / hop)
    const done = await score(whole)
    if (!done.ok) return done
  }
  if (total === 0) return fail('AUDIO_EMPTY', 'There is no sound in the recording.')
  const windows = countWindows(total, length, hop)
  // A recording that is shorter than a window is padded by the model itself, as a clip is.
  if (total < length) blocks.push(model.classify(held))
  else await score(windows - scored)
  const rows: Float32Array[] = []
  for (const block of blocks) {
    const done = await block
    if (!done.ok) return done
    rows.push(done.value)
  }
  const track: ScoreTrack = {
    labels,
    windows,
    scores: concatenate(rows),
    hop: hop / sampleRate,
    length: Math.min(length, total) / sampleRate,
    duration: total / sampleRate,
  }
  return ok(options.gate === null ? track : muteInactive(track, activeWindows({ levels: meter.levels(), frame: meter.frame }, track, options.gate)))
}

/** The hop in samples: a whole number of the front end's frames where windows can share them, at most a window. */
export function hopSamples(seconds: number, sampleRate: number, length: number, frameHop: number | null): number {
  const unit = frameHop ?? 1
  return Math.min(Math.max(unit, Math.round((seconds * sampleRate) / unit) * unit), Math.max(unit, Math.floor(length / unit) * unit))
}

function muteInactive(track: ScoreTrack, active: readonly boolean[]): ScoreTrack {
  const classes = track.labels.length
  return { ...track, scores: track.scores.map((p, i) => (active[Math.floor(i / classes)] ? p : 0)) }
}

function concatenate(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
