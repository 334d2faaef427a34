/**
 * Slides a model over a recording that arrives in pieces; memory holds one piece, however long it is. Where a gate is
 * set the recording is heard twice: once for its levels, and once to judge what stands out of its background.
 */
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

/** Begins anew each time that it is gone through. */
type Pieces = AsyncIterable<Result<Float32Array>> | Iterable<Result<Float32Array>>

/** Inactive windows between two active ones that are judged along with them: the frames that both share cost more. */
const BRIDGED = 4

/** Several processes with the same model share the work. */
export async function scoreRecording(models: ModelProcess | readonly ModelProcess[], pieces: Pieces, options: ScoreOptions): Promise<Result<ScoreTrack>> {
  const workers = 'info' in models ? [models] : models
  const [model] = workers as [ModelProcess]
  const { labels, sampleRate, clipSeconds } = model.info
  const length = Math.round(clipSeconds * sampleRate)
  const prepared = await model.prepare()
  if (!prepared.ok) return prepared
  const hop = hopSamples(options.hop, sampleRate, length, prepared.value.frameHop)
  const active = options.gate === null ? null : await activeIn(pieces, { hop, length, sampleRate, gate: options.gate })
  if (active && !active.ok) return active
  const blocks: { readonly row: number; readonly scores: Promise<Result<Float32Array>> }[] = []
  let scored = 0 // windows
  let total = 0 // samples
  let held: Float32Array = new Float32Array(0) // samples from the next window's start on

  const score = async (windows: number): Promise<Result<void>> => {
    for (const [first, end] of blocksOf(scored, scored + windows, active?.value ?? null)) {
      const from = (first - scored) * hop
      const samples = held.slice(from, from + (end - first - 1) * hop + length)
      const worker = workers[blocks.length % workers.length]!
      blocks.push({ row: first, scores: worker.slide({ samples, hop, windows: end - first }) })
      const before = await blocks[blocks.length - WAITING * workers.length - 1]?.scores
      if (before && !before.ok) return before
      options.onProgress?.((first * hop) / sampleRate)
    }
    held = held.slice(Math.min(held.length, windows * hop))
    scored += windows
    return ok(undefined)
  }

  for await (const piece of pieces) {
    if (!piece.ok) return err(piece.error)
    total += piece.value.length
    held = concatenate([held, piece.value])
    const whole = held.length < length ? 0 : 1 + Math.floor((held.length - length) / hop)
    const done = await score(whole)
    if (!done.ok) return done
  }
  if (total === 0) return fail('AUDIO_EMPTY', 'There is no sound in the recording.')
  const windows = countWindows(total, length, hop)
  // A recording that is shorter than a window is padded by the model itself, as a clip is.
  if (total >= length) await score(windows - scored)
  else if (!active || active.value[0]) blocks.push({ row: 0, scores: model.classify(held) })
  const scores = new Float32Array(windows * labels.length)
  for (const block of blocks) {
    const done = await block.scores
    if (!done.ok) return done
    scores.set(done.value, block.row * labels.length)
  }
  if (active) for (const [w, isActive] of active.value.entries()) if (!isActive) scores.fill(0, w * labels.length, (w + 1) * labels.length)
  return ok({ labels, windows, scores, hop: hop / sampleRate, length: Math.min(length, total) / sampleRate, duration: total / sampleRate })
}

interface WindowPlan {
  /** Samples. */
  readonly hop: number
  readonly length: number
  readonly sampleRate: number
  readonly gate: number
}

/** For each window of the whole recording; the background is known only at its end. */
async function activeIn(pieces: Pieces, { hop, length, sampleRate, gate }: WindowPlan): Promise<Result<boolean[]>> {
  const meter = createLevelMeter(sampleRate)
  let total = 0
  for await (const piece of pieces) {
    if (!piece.ok) return err(piece.error)
    meter.push(piece.value)
    total += piece.value.length
  }
  const plan = { windows: countWindows(total, length, hop), hop: hop / sampleRate, length: Math.min(length, total) / sampleRate }
  return ok(activeWindows({ levels: meter.levels(), frame: meter.frame }, plan, gate))
}

/** Spans [first, end) of windows to judge, none longer than a block; all of them where `active` is null. */
export function* blocksOf(from: number, to: number, active: readonly boolean[] | null): Generator<readonly [first: number, end: number], void, void> {
  for (let first = from; first < to; ) {
    if (active && !active[first]) {
      first++
      continue
    }
    let end = first + 1
    for (let w = end; w < to && w - first < BLOCK && w - end <= BRIDGED; w++) if (!active || active[w]) end = w + 1
    yield [first, end]
    first = end
  }
}

/** The hop in samples: a whole number of the front end's frames where windows can share them, at most a window. */
export function hopSamples(seconds: number, sampleRate: number, length: number, frameHop: number | null): number {
  const unit = frameHop ?? 1
  return Math.min(Math.max(unit, Math.round((seconds * sampleRate) / unit) * unit), Math.max(unit, Math.floor(length / unit) * unit))
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
