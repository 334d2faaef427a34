/**
 * A model that listens: samples in as they come, scores and detections out. All times are seconds since the start of
 * the signal; nothing here knows a clock, so a file pushed through gives what the microphone would have given.
 */
import { ok, type Result } from '../../kit/index.ts'
import type { ModelProcess } from '../process/model-process.ts'
import { isBackgroundLabel } from '../score-track.ts'
import type { LiveOptions } from './live-options.ts'
import { createSampleRing } from './sample-ring.ts'
import { createSoundGate, DEFAULT_GATE, FRAME_SECONDS, type GateStep, type SoundSpan } from './sound-gate.ts'

export interface LiveScores {
  readonly type: 'scores'
  readonly time: number
  /** dBFS */
  readonly level: number
  readonly background: number
  /** Of every label, in the model's order; null while there is nothing to judge. */
  readonly scores: Float32Array | null
}

export interface LiveDetection {
  readonly type: 'detection'
  readonly label: string
  readonly probability: number
  /** The sound, or in mode `windows` the window. */
  readonly start: number
  readonly end: number
  /** When it was known. */
  readonly time: number
}

export type LiveEvent = LiveScores | LiveDetection

export interface LiveRecogniser {
  /** Mono at the model's rate. The events come in the order of their times. */
  push(samples: Float32Array): Promise<Result<readonly LiveEvent[]>>
  /** The newest seconds of the signal, to keep what was said. Null where they are forgotten. */
  recall(start: number, end: number): Float32Array<ArrayBuffer> | null
}

/** Seconds of signal that can be recalled. */
export const RECALL_SECONDS = 60
/** Seconds kept around a sound: its soft beginning and end lie under the gate. */
const [BEFORE, AFTER] = [0.05, 0.03]

export function createLiveRecogniser(model: ModelProcess, options: LiveOptions): LiveRecogniser {
  const { labels, sampleRate, clipSeconds } = model.info
  const frameSize = Math.round(FRAME_SECONDS * sampleRate)
  const window = Math.round(clipSeconds * sampleRate)
  const ring = createSampleRing(Math.max(Math.round(RECALL_SECONDS * sampleRate), 2 * window))
  const gate = createSoundGate({ ...DEFAULT_GATE, gate: options.gate })
  const candidates = labels.flatMap((label, i) => (isBackgroundLabel(label) ? [] : [i]))
  const hopFrames = Math.max(1, Math.round(options.hop / FRAME_SECONDS))
  const history: Float32Array[] = []
  let frames = 0
  let quietUntil = -Infinity

  const detect = (scores: Float32Array, span: { start: number; end: number }, time: number): LiveDetection[] => {
    const best = candidates.reduce((top, i) => (scores[i]! > (scores[top] ?? -1) ? i : top), -1)
    const label = labels[best]
    const wins = label !== undefined && scores.every((p) => p <= scores[best]!)
    if (!wins || scores[best]! < (options.thresholds[label] ?? options.threshold) || time < quietUntil) return []
    quietUntil = time + options.refractory
    return [{ type: 'detection', label, probability: Math.min(1, scores[best]!), ...span, time }]
  }

  /** The samples of a sound with a little around it; of one longer than a window, its newest part. */
  const soundOf = ({ start, end }: SoundSpan, now: number) => {
    const stop = Math.min(now * frameSize, end * frameSize + Math.round(AFTER * sampleRate))
    const first = Math.max(start * frameSize - Math.round(BEFORE * sampleRate), stop - window)
    return ring.read(first, stop)
  }

  async function judgeSound(step: GateStep, now: number): Promise<Result<LiveEvent[]>> {
    const { level, background, open, closed } = step
    const time = now * FRAME_SECONDS
    const sound = closed ?? (open && now % hopFrames === 0 ? open : null)
    if (!sound) return ok(now % hopFrames === 0 ? [{ type: 'scores', time, level, background, scores: null }] : [])
    const row = await model.classify(soundOf(sound, now))
    if (!row.ok) return row
    const events: LiveEvent[] = [{ type: 'scores', time, level, background, scores: row.value }]
    // A sound that is longer than a window is judged as it goes on; a shorter one when it has ended.
    if (closed || (sound.end - sound.start) * frameSize >= window)
      events.push(...detect(row.value, { start: sound.start * FRAME_SECONDS, end: sound.end * FRAME_SECONDS }, time))
    return ok(events)
  }

  async function judgeWindow({ level, background }: GateStep, now: number): Promise<Result<LiveEvent[]>> {
    if (now % hopFrames !== 0) return ok([])
    const time = now * FRAME_SECONDS
    const row = await model.classify(ring.read(now * frameSize - window, now * frameSize))
    if (!row.ok) return row
    history.push(row.value)
    if (history.length > options.smoothing) history.shift()
    const scores = Float32Array.from(labels, (_, i) => history.reduce((sum, p) => sum + p[i]!, 0) / history.length)
    return ok([{ type: 'scores', time, level, background, scores }, ...detect(scores, { start: Math.max(0, time - clipSeconds), end: time }, time)])
  }

  const judge = options.mode === 'sounds' ? judgeSound : judgeWindow
  return {
    async push(samples) {
      const events: LiveEvent[] = []
      // At most a second at a time enters the ring, so that it still holds what is judged.
      for (let at = 0; at < samples.length; at += sampleRate) {
        ring.push(samples.subarray(at, at + sampleRate))
        while ((frames + 1) * frameSize <= ring.end) {
          const step = gate.push(meanSquare(ring.read(frames * frameSize, (frames + 1) * frameSize)))
          frames++
          const judged = await judge(step, frames)
          if (!judged.ok) return judged
          events.push(...judged.value)
        }
      }
      return ok(events)
    },
    recall(start, end) {
      const [first, last] = [Math.round(start * sampleRate), Math.round(end * sampleRate)]
      const known = first >= Math.max(0, ring.end - RECALL_SECONDS * sampleRate) && last <= ring.end && last > first
      return known ? ring.read(first, last) : null
    },
  }
}

const meanSquare = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x * x, 0) / samples.length
