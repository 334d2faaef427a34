/**
 * A model that listens: samples in as they come, scores and detections out. All times are seconds since the start of
 * the signal; nothing here knows a clock, so a file pushed through gives what the microphone would have given.
 */
import { ok, type Result } from '../../kit/index.ts'
import type { ModelProcess } from '../process/model-process.ts'
import { hopSamples } from '../score-recording.ts'
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

export async function createLiveRecogniser(model: ModelProcess, options: LiveOptions): Promise<Result<LiveRecogniser>> {
  const { labels, sampleRate, clipSeconds } = model.info
  const prepared = await model.prepare()
  if (!prepared.ok) return prepared
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

  /** Samples between windows, and the silence before the signal that lets the first one end after one hop. */
  const hop = hopSamples(options.hop, sampleRate, window, prepared.value.frameHop)
  let windows = 0
  const spans = labels.map((label) => options.smoothings[label] ?? options.smoothing)
  const longest = Math.max(options.smoothing, ...spans)

  /** Levels of the frames that have passed until `sample`. */
  function follow(sample: number): void {
    while ((frames + 1) * frameSize <= sample) step = gate.push(meanSquare(ring.read(frames * frameSize, ++frames * frameSize)))
  }
  let step: Pick<GateStep, 'level' | 'background'> = { level: -120, background: -120 }

  async function judgeWindows(samples: Float32Array): Promise<Result<LiveEvent[]>> {
    if (windows === 0 && ring.end === samples.length) await model.stream(new Float32Array(window - hop), hop)
    const rows = await model.stream(samples, hop)
    if (!rows.ok) return rows
    const events: LiveEvent[] = []
    for (let at = 0; at < rows.value.length; at += labels.length) {
      history.push(rows.value.subarray(at, at + labels.length))
      if (history.length > longest) history.shift()
      const end = ++windows * hop
      follow(end)
      const scores = Float32Array.from(spans, (span, i) => mean(history.slice(-span), i))
      const time = end / sampleRate
      events.push({ type: 'scores', time, ...level(step), scores }, ...detect(scores, { start: Math.max(0, time - clipSeconds), end: time }, time))
    }
    follow(ring.end)
    return ok(events)
  }

  async function judgeSounds(): Promise<Result<LiveEvent[]>> {
    const events: LiveEvent[] = []
    while ((frames + 1) * frameSize <= ring.end) {
      const next = gate.push(meanSquare(ring.read(frames * frameSize, (frames + 1) * frameSize)))
      const judged = await judgeSound(next, ++frames)
      if (!judged.ok) return judged
      events.push(...judged.value)
    }
    return ok(events)
  }

  return ok({
    async push(samples) {
      const events: LiveEvent[] = []
      // At most a second at a time enters the ring, so that it still holds what is judged.
      for (let at = 0; at < samples.length; at += sampleRate) {
        const piece = samples.subarray(at, at + sampleRate)
        ring.push(piece)
        const judged = await (options.mode === 'sounds' ? judgeSounds() : judgeWindows(piece))
        if (!judged.ok) return judged
        events.push(...judged.value)
      }
      return ok(events)
    },
    recall(start, end) {
      const [first, last] = [Math.round(start * sampleRate), Math.round(end * sampleRate)]
      const known = first >= Math.max(0, ring.end - RECALL_SECONDS * sampleRate) && last <= ring.end && last > first
      return known ? ring.read(first, last) : null
    },
  })
}

const level = ({ level, background }: Pick<GateStep, 'level' | 'background'>) => ({ level, background })
const mean = (rows: readonly Float32Array[], i: number): number => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length

const meanSquare = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x * x, 0) / samples.length
