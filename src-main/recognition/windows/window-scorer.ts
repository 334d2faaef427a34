/** Slides a window over a signal that comes in pieces; what a window shares with the one before is kept, nothing else. */
import { emphasise, writeEdgeFrame, type SharedFrames, type WindowEngine } from './window-engine.ts'

export interface WindowScorer {
  /** The next samples. The scores of the windows that are whole now, row-major [window, label]; none is an empty array. */
  push(samples: Float32Array): Promise<Float32Array>
}

/** A window starts every `hop` samples, the first with the first sample. */
export function createWindowScorer(engine: WindowEngine, hop: number): WindowScorer {
  const { length, labels, batch } = engine
  const { shared } = engine
  const scoreBatch = shared && hop % shared.layout.hop === 0 ? sharedFrames(shared, hop) : wholeWindows(engine, hop)
  let held: Float32Array = new Float32Array(0)
  /** The place of its first sample in the signal. */
  let base = 0
  let next = 0 // window
  return {
    async push(samples) {
      held = join(held, samples)
      const whole = Math.max(0, Math.floor((base + held.length - length) / hop) + 1) - next
      const rows = new Float32Array(Math.max(0, whole) * labels)
      for (let done = 0; done < whole; done += batch) {
        const count = Math.min(batch, whole - done)
        rows.set(await scoreBatch(held, base, next, count), done * labels)
        next += count
      }
      // One sample more stays: pre-emphasis looks at the one before.
      const keep = Math.max(base, Math.min(next * hop - 1, base + held.length))
      if (keep > base) held = held.slice(keep - base)
      base = keep
      return rows
    },
  }
}

type ScoreBatch = (held: Float32Array, base: number, first: number, count: number) => Promise<Float32Array>

const wholeWindows = ({ length, judge }: WindowEngine, hop: number): ScoreBatch => (held, base, first, count) => {
  const windows = new Float32Array(count * length)
  for (let w = 0; w < count; w++) {
    const start = (first + w) * hop - base
    windows.set(held.subarray(start, start + length), w * length)
  }
  return judge(windows)
}

function sharedFrames(shared: SharedFrames, hop: number): ScoreBatch {
  const { preEmphasis, layout } = shared
  const { window, hop: frameHop, lead, frames, bins } = layout
  const [inner, innerEnd] = layout.inner
  const edges = Array.from({ length: frames }, (_, t) => t).filter((t) => t < inner || t >= innerEnd)
  /** Frames to the next window. */
  const step = hop / frameHop
  /** Levels of inner frames from `cachedFrom` on, counted along the signal: frame t of window w is w · step + t. */
  let cached: Float32Array = new Float32Array(0)
  let cachedFrom = 0

  return async (held, base, first, count) => {
    const from = first * step + inner
    const to = (first + count - 1) * step + innerEnd
    const kept = cached.subarray(Math.min(cached.length, Math.max(0, from - cachedFrom) * bins))
    const start = from + kept.length / bins
    const fresh = Math.max(0, to - start)
    const signal = emphasise(held, 0, preEmphasis)
    const rows = new Float32Array((fresh + count * edges.length) * window)
    for (let f = 0; f < fresh; f++) {
      const sample = (start + f) * frameHop - lead - base
      rows.set(signal.subarray(sample, sample + window), f * window)
    }
    for (let w = 0; w < count; w++) {
      const origin = (first + w) * hop - base
      const at = (n: number) => (n === 0 ? held[origin]! : signal[origin + n]!)
      for (const [e, t] of edges.entries()) {
        const row = fresh + w * edges.length + e
        writeEdgeFrame(rows.subarray(row * window, (row + 1) * window), layout, t, at)
      }
    }
    const levels = await shared.levels(rows)
    cached = join(kept, levels.subarray(0, fresh * bins))
    cachedFrom = from
    const clips = new Float32Array(count * frames * bins)
    for (let w = 0; w < count; w++) {
      const clip = clips.subarray(w * frames * bins, (w + 1) * frames * bins)
      clip.set(cached.subarray(w * step * bins, (w * step + innerEnd - inner) * bins), inner * bins)
      for (const [e, t] of edges.entries()) {
        const row = fresh + w * edges.length + e
        clip.set(levels.subarray(row * bins, (row + 1) * bins), t * bins)
      }
    }
    return shared.judge(clips)
  }
}

function join(a: Float32Array, b: Float32Array): Float32Array {
  if (a.length === 0) return b.slice()
  const both = new Float32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
