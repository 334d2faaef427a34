/**
 * The sound that waveform steps work on: the front end's window, and where the clip is longer than the window up
 * to half a window of sound on either side, so that what moves in is sound and not silence. Which part of a long
 * clip the window takes is settled before any step; where nothing is changed the window holds exactly what the
 * front end would have been given.
 */
import { clipSamples, cropStart, signalSpan, type FrameSpan, type FrontEndConfig } from '../../features/index.ts'

/** The part of a clip that augmentation needs. */
export interface KeptClip {
  readonly samples: Float32Array
  /** Where the front end's window starts, counted from the first of these samples; negative where zeros come before. */
  readonly window: number
}

/** Cuts a clip down to what can reach the window. Short clips are kept whole, without copying. */
export function keepClip(samples: Float32Array, config: FrontEndConfig): KeptClip {
  const length = clipSamples(config)
  if (samples.length <= length) return { samples, window: -signalSpan(config, samples.length)[0] }
  const start = cropStart(samples, length, config.clip.crop)
  const from = Math.max(0, start - Math.floor(length / 2))
  return { samples: samples.slice(from, start + length + Math.floor(length / 2)), window: start - from }
}

export interface Canvas {
  /** Changed in place or replaced by the steps; its length stays. */
  samples: Float32Array
  readonly sampleRate: number
  /** Where the window starts, and its length, in samples. */
  readonly window: number
  readonly length: number
  /** Where the clip's own sound lies now, [start, end) in samples. */
  span: FrameSpan
}

export function createCanvas(clip: KeptClip, config: FrontEndConfig): Canvas {
  const length = clipSamples(config)
  const { samples, window } = clip
  const base = { sampleRate: config.sampleRate, length }
  if (samples.length > length) return { ...base, samples: samples.slice(), window, span: [0, samples.length] }
  const fitted = new Float32Array(length)
  fitted.set(samples, -window)
  return { ...base, samples: fitted, window: 0, span: [-window, -window + samples.length] }
}

/** What the front end is given, and where the clip's own sound lies in it. */
export function cutWindow({ samples, window, length, span }: Canvas): { readonly samples: Float32Array; readonly span: FrameSpan } {
  const place = (sample: number) => Math.min(length, Math.max(0, sample - window))
  return { samples: samples.subarray(window, window + length), span: [place(span[0]), place(span[1])] }
}

/** Root of the mean square over [start, end). */
export function rootMeanSquare(samples: Float32Array, start = 0, end = samples.length): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += samples[i]! * samples[i]!
  return end > start ? Math.sqrt(sum / (end - start)) : 0
}

/**
 * Puts a sound of another length in the clip's place, about the same middle; the rest is silence.
 */
export function replaceSound(canvas: Canvas, sound: Float32Array): void {
  const [start, end] = canvas.span
  const size = canvas.samples.length
  const from = Math.round((start + end - sound.length) / 2)
  const first = Math.max(0, from)
  const last = Math.min(size, from + sound.length)
  canvas.samples.fill(0)
  if (last > first) canvas.samples.set(sound.subarray(first - from, last - from), first)
  canvas.span = [Math.min(first, size - 1), Math.max(Math.min(first, size - 1) + 1, last)]
}
