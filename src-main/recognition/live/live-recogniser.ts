/**
 * A model that listens: samples in as they come, scores and detections out. All times are seconds since the start of
 * the signal; nothing here knows a clock, so a file pushed through gives what the microphone would have given.
 */
import { ok, type Result } from '../../kit/index.ts'
import type { ModelProcess } from '../process/model-process.ts'
import { hopSamples } from '../score-recording.ts'
import { createLabelTrigger } from './label-trigger.ts'
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
  /** The sound, of a long one the newest window; the window where nothing gates. */
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
/**
 * Frames without sound after which mode `windows` takes a word for ended; a sound itself ends only after the gate's
 * hang. A word is not yet itself at its beginning (`six` begins as `seven` does), so its scores count from here on.
 */
const PAUSE = 5

export async function createLiveRecogniser(model: ModelProcess, options: LiveOptions): Promise<Result<LiveRecogniser>> {
  const { labels, sampleRate, clipSeconds } = model.info
  const prepared = await model.prepare()
  if (!prepared.ok) return prepared
  const frameSize = Math.round(FRAME_SECONDS * sampleRate)
  const window = Math.round(clipSeconds * sampleRate)
  const ring = createSampleRing(Math.max(Math.round(RECALL_SECONDS * sampleRate), 2 * window))
  const gate = createSoundGate({ ...DEFAULT_GATE, gate: options.gate })
  const trigger = createLabelTrigger(labels, options)
  const hopFrames = Math.max(1, Math.round(options.hop / FRAME_SECONDS))
  const sliding = options.mode === 'windows'
  let frames = 0
  /** The sound that goes on was detected. */
  let told = false

  const detect = (scores: Float32Array, span: { start: number; end: number }, time: number): LiveDetection[] => {
    const fired = trigger.fire(scores, time)
    if (!fired) return []
    told = true
    return [{ type: 'detection', ...fired, start: Math.max(0, span.start, span.end - clipSeconds), end: span.end, time }]
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
    // A sound that has ended is judged by itself: its last look is the only one that saw all of it.
    const scores = sliding && !closed ? trigger.smooth(row.value) : row.value
    const events: LiveEvent[] = [{ type: 'scores', time, level, background, scores }]
    // A sound that is longer than a window is judged as it goes on.
    const long = (sound.end - sound.start) * frameSize >= window
    const due = closed ? !told || long : sliding ? trigger.settled(scores) && (long || now - sound.end >= PAUSE) : long
    if (due) events.push(...detect(scores, { start: sound.start * FRAME_SECONDS, end: sound.end * FRAME_SECONDS }, time))
    if (closed) {
      trigger.forget()
      told = false
    }
    return ok(events)
  }

  /** Samples between windows, and the silence before the signal that lets the first one end after one hop. */
  const hop = hopSamples(options.hop, sampleRate, window, prepared.value.frameHop)
  let windows = 0

  /** Levels of the frames that have passed until `sample`. */
  function follow(sample: number): void {
    while ((frames + 1) * frameSize <= sample) step = gate.push(meanSquare(ring.read(frames * frameSize, ++frames * frameSize)))
  }
  let step: Pick<GateStep, 'level' | 'background'> = { level: -120, background: -120 }

  /** Every window as it is, whatever stands in it. */
  async function judgeWindows(samples: Float32Array): Promise<Result<LiveEvent[]>> {
    if (windows === 0 && ring.end === samples.length) await model.stream(new Float32Array(window - hop), hop)
    const rows = await model.stream(samples, hop)
    if (!rows.ok) return rows
    const events: LiveEvent[] = []
    for (let at = 0; at < rows.value.length; at += labels.length) {
      const scores = trigger.smooth(rows.value.subarray(at, at + labels.length))
      const end = ++windows * hop
      follow(end)
      const time = end / sampleRate
      events.push({ type: 'scores', time, level: step.level, background: step.background, scores })
      if (trigger.settled(scores)) events.push(...detect(scores, { start: time - clipSeconds, end: time }, time))
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
        const judged = await (sliding && options.gate === 0 ? judgeWindows(piece) : judgeSounds())
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

const meanSquare = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x * x, 0) / samples.length
