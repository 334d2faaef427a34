import type { EnergyEnvelope } from './envelope.ts'

export interface SegmentSettings {
  /** dB: of full scale (−40), or above the noise floor where `relative` (12). */
  readonly threshold: number
  readonly relative: boolean
  /** Seconds. Shorter sounds are left out. */
  readonly minSound: number
  /** Seconds. Sounds that lie closer together are one. */
  readonly minSilence: number
  /** Seconds added before and after, at most to the middle of the silence between two sounds. */
  readonly padding: number
  /** Seconds. Longer sounds are cut where they are quietest; null for no limit. */
  readonly maxLength: number | null
}

/** [start, end) in samples of the recording. */
export interface SampleSpan {
  readonly start: number
  readonly end: number
}

export interface Segmentation {
  readonly spans: readonly SampleSpan[]
  /** dBFS above which there is sound. */
  readonly threshold: number
}

/**
 * Finds the sounds of a recording by their energy. A pass over its envelope: two hours take a few milliseconds, so a
 * person hears and sees at once what a threshold does.
 */
export function findSegments(envelope: EnergyEnvelope, settings: SegmentSettings): Segmentation {
  const { levels, hop, sampleRate, frames, noiseFloor } = envelope
  const threshold = settings.relative ? noiseFloor + settings.threshold : settings.threshold
  const count = (seconds: number): number => (seconds * sampleRate) / hop
  const sounds = joinClose(above(levels, threshold), count(settings.minSilence)).filter((s) => s.end - s.start >= count(settings.minSound))
  const padded = pad(sounds, Math.round(count(settings.padding)), levels.length)
  const limit = settings.maxLength === null ? Infinity : Math.max(1, Math.floor(count(settings.maxLength)))
  const spans = padded
    .flatMap((sound) => cutLong(sound, levels, limit))
    .map(({ start, end }) => ({ start: start * hop, end: Math.min(frames, end * hop) }))
  return { spans, threshold }
}

function above(levels: Float32Array, threshold: number): SampleSpan[] {
  const runs: SampleSpan[] = []
  let start = -1
  for (let i = 0; i <= levels.length; i++) {
    const loud = i < levels.length && levels[i]! >= threshold
    if (loud && start < 0) start = i
    else if (!loud && start >= 0) {
      runs.push({ start, end: i })
      start = -1
    }
  }
  return runs
}

function joinClose(runs: readonly SampleSpan[], gap: number): SampleSpan[] {
  const joined: SampleSpan[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last && run.start - last.end < gap) joined[joined.length - 1] = { start: last.start, end: run.end }
    else joined.push(run)
  }
  return joined
}

function pad(sounds: readonly SampleSpan[], padding: number, length: number): SampleSpan[] {
  const middle = (a: SampleSpan, b: SampleSpan): number => Math.floor((a.end + b.start) / 2)
  return sounds.map((sound, i) => {
    const before = sounds[i - 1]
    const after = sounds[i + 1]
    return {
      start: Math.max(before ? middle(before, sound) : 0, sound.start - padding),
      end: Math.min(after ? middle(sound, after) : length, sound.end + padding),
    }
  })
}

/** Cuts at the quietest level of the last two thirds of what is allowed, so that no part is a sliver. */
function cutLong(sound: SampleSpan, levels: Float32Array, limit: number): SampleSpan[] {
  const parts: SampleSpan[] = []
  let { start } = sound
  while (sound.end - start > limit) {
    const from = start + Math.max(1, Math.floor(limit / 3))
    // What is left over must be worth a part of its own too.
    const to = Math.min(start + limit, Math.max(from, sound.end - Math.floor(limit / 3)))
    let cut = to
    for (let i = from; i <= to; i++) if (levels[i]! < levels[cut]!) cut = i
    parts.push({ start, end: cut })
    start = cut
  }
  return [...parts, { start, end: sound.end }]
}
