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
}

/** Windows in one message to the model's process. */
const BLOCK = 128

type Pieces = AsyncIterable<Result<Float32Array>> | Iterable<Result<Float32Array>>

export async function scoreRecording(model: ModelProcess, pieces: Pieces, options: ScoreOptions): Promise<Result<ScoreTrack>> {
  const { labels, sampleRate, clipSeconds } = model.info
  const length = Math.round(clipSeconds * sampleRate)
  const hop = Math.min(length, Math.max(1, Math.round(options.hop * sampleRate)))
  const meter = createLevelMeter(sampleRate)
  const blocks: Float32Array[] = []
  let scored = 0 // windows
  let total = 0 // samples
  let held: Float32Array = new Float32Array(0) // samples from the next window's start on

  const score = async (windows: number): Promise<Result<void>> => {
    for (let done = 0; done < windows; done += BLOCK) {
      const count = Math.min(BLOCK, windows - done)
      const samples = held.subarray(done * hop, (done + count - 1) * hop + length)
      const rows = await model.slide({ samples, length, hop, windows: count })
      if (!rows.ok) return rows
      blocks.push(rows.value)
    }
    held = held.subarray(Math.min(held.length, windows * hop))
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
  const rest = total < length ? await single(model, held, blocks) : await score(windows - scored)
  if (!rest.ok) return rest
  const track: ScoreTrack = {
    labels,
    windows,
    scores: concatenate(blocks),
    hop: hop / sampleRate,
    length: Math.min(length, total) / sampleRate,
    duration: total / sampleRate,
  }
  return ok(options.gate === null ? track : muteInactive(track, activeWindows({ levels: meter.levels(), frame: meter.frame }, track, options.gate)))
}

async function single(model: ModelProcess, samples: Float32Array, blocks: Float32Array[]): Promise<Result<void>> {
  const row = await model.classify(samples)
  if (!row.ok) return row
  blocks.push(row.value)
  return ok(undefined)
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
