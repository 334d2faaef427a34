/**
 * Cuts a live signal into sounds: from where it rises above its background to where it falls back. Levels are of
 * 10 ms frames. The background is the least smoothed level of the last seconds, after the minimum statistics of
 * Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics" (2001), in one
 * band and without its bias term: a steady hum or hiss becomes background by itself, a word does not.
 */

export interface GateOptions {
  /** dB above the background from which on a frame is sound; it stays sound down to 3 dB less. */
  readonly gate: number
  /** Seconds of background after which a sound has ended: longer than the closure within a word. */
  readonly hang: number
  /** Frames below this level, dBFS, are never sound. */
  readonly floor: number
}

export const DEFAULT_GATE: GateOptions = { gate: 9, hang: 0.1, floor: -65 }

/** Frames of 10 ms, counted from the start of the signal. */
export interface SoundSpan {
  readonly start: number
  /** One past the last frame that was sound. */
  readonly end: number
}

export interface GateStep {
  /** dBFS of the newest frame. */
  readonly level: number
  readonly background: number
  /** The sound that goes on now. */
  readonly open: SoundSpan | null
  /** The sound whose end this frame has shown. */
  readonly closed: SoundSpan | null
}

export interface SoundGate {
  /** Mean square of the next frame, full scale 1. */
  push(power: number): GateStep
}

/** Seconds of a frame. */
export const FRAME_SECONDS = 0.01
const SILENCE_DB = -120
/** Frames that must be loud before a sound has begun: shorter ones are clicks. */
const ONSET = 3
const HYSTERESIS_DB = 3
/** The background looks back over this many blocks of this many frames: four seconds. */
const [BLOCKS, BLOCK] = [8, 50]
/** Of the smoothed power that the background follows: about five frames. */
const SMOOTHING = 0.8

export function createSoundGate({ gate, hang, floor }: GateOptions = DEFAULT_GATE): SoundGate {
  const hangFrames = Math.max(1, Math.round(hang / FRAME_SECONDS))
  const minima: number[] = []
  let least = Infinity
  let inBlock = 0
  let smoothed: number | undefined
  let frame = 0
  let loud = 0
  let open: { start: number; last: number } | null = null

  function background(power: number): number {
    smoothed = smoothed === undefined ? power : SMOOTHING * smoothed + (1 - SMOOTHING) * power
    least = Math.min(least, smoothed)
    if (++inBlock === BLOCK) {
      minima.push(least)
      if (minima.length > BLOCKS) minima.shift()
      least = Infinity
      inBlock = 0
    }
    return decibel(Math.min(least, ...minima))
  }

  return {
    push(power) {
      const level = decibel(power)
      const quiet = background(power)
      const threshold = Math.max(floor, quiet + gate - (open ? HYSTERESIS_DB : 0))
      const now = frame++
      loud = level >= threshold ? loud + 1 : 0
      let closed: SoundSpan | null = null
      if (open && loud > 0) open.last = now
      else if (!open && loud >= ONSET) open = { start: now - ONSET + 1, last: now }
      else if (open && now - open.last >= hangFrames) {
        closed = { start: open.start, end: open.last + 1 }
        open = null
      }
      return { level, background: quiet, open: open && { start: open.start, end: open.last + 1 }, closed }
    },
  }
}

const decibel = (power: number): number => Math.max(SILENCE_DB, 10 * Math.log10(Math.max(1e-12, power)))
