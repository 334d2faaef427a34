/** Where the sound of a take lies. */
export interface Trim {
  /** Samples [start, end). */
  readonly start: number
  readonly end: number
  /** False where nothing stands out of the background: the whole take is kept then. */
  readonly found: boolean
}

/** Seconds. */
const FRAME = 0.01
/** What is left before and behind: soft beginnings and ends of words lie below any threshold. */
const BEFORE = 0.1
const BEHIND = 0.15
/** dB that a frame stands above the background, and at most below the loudest one. */
const ABOVE_NOISE = 10
const BELOW_PEAK = 35
/** Quieter than this is no voice, dBFS. */
const LEAST = -55

/** By energy: from the first to the last frame that stands out of the background, with some room around. */
export function trimmed(samples: Float32Array, sampleRate: number): Trim {
  const size = Math.max(1, Math.round(FRAME * sampleRate))
  const levels: number[] = []
  for (let at = 0; at + size <= samples.length; at += size) {
    let power = 0
    for (let i = at; i < at + size; i++) power += samples[i]! ** 2
    levels.push(10 * Math.log10(power / size + 1e-12))
  }
  const sorted = levels.toSorted((a, b) => a - b)
  const background = sorted[Math.floor(sorted.length / 10)] ?? 0
  const loudest = sorted.at(-1) ?? -120
  const threshold = Math.max(background + ABOVE_NOISE, loudest - BELOW_PEAK, LEAST)
  const first = levels.findIndex((level) => level > threshold)
  if (first < 0) return { start: 0, end: samples.length, found: false }
  const last = levels.findLastIndex((level) => level > threshold)
  return {
    start: Math.max(0, first * size - Math.round(BEFORE * sampleRate)),
    end: Math.min(samples.length, (last + 1) * size + Math.round(BEHIND * sampleRate)),
    found: true,
  }
}
