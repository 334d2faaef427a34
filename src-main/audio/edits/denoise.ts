import { createFft, type Fft } from '../fft.ts'

export interface DenoiseSettings {
  /** dB by which what is taken for noise is lowered. */
  readonly reduction: number
  /** Standard deviations above the noise's mean level at which a bin passes. */
  readonly threshold: number
}

/** Seconds of a frame: long enough to part the harmonics of a voice. Frames overlap by three quarters. */
const FRAME = 0.032
/** Part of the frames, the quietest ones, that the noise is learnt from. */
const QUIET = 0.15
/**
 * Powers are averaged over so many Hz and seconds to each side before they are judged: the level of noise then varies
 * little, and no lone bins pass, which would blink and be heard as musical noise.
 */
const SMOOTH_HZ = 40
const SMOOTH_SECONDS = 0.016
/** dB above the limit over which the gate opens. */
const KNEE = 6
const SILENCE = 1e-14

/**
 * Spectral gating (T. Sainburg, M. Thielk, T. Gentner, "Finding, visualizing, and quantifying latent structure across
 * diverse animal vocal repertoires", 2020, after S. Boll, "Suppression of acoustic noise in speech using spectral
 * subtraction", 1979). The level of each frequency in the quietest frames gives the noise's mean and spread in dB; a
 * bin that is louder than that by `threshold` deviations passes, another is lowered by `reduction` dB.
 */
export function denoise(samples: Float32Array, sampleRate: number, settings: DenoiseSettings): Float32Array<ArrayBuffer> {
  const size = Math.max(32, 2 ** Math.round(Math.log2(FRAME * sampleRate)))
  const frames = createFrames(samples, size)
  const bins = size / 2 + 1
  const levels = new Float32Array(frames.count * bins)
  frames.each((frame, re, im) => {
    for (let bin = 0; bin < bins; bin++) levels[frame * bins + bin] = re[bin]! ** 2 + im[bin]! ** 2
  })
  smooth(levels, frames.count, bins, 1, Math.round((SMOOTH_HZ * size) / sampleRate))
  smooth(levels, bins, frames.count, bins, Math.round((SMOOTH_SECONDS * sampleRate) / frames.hop))
  for (let i = 0; i < levels.length; i++) levels[i] = 10 * Math.log10(Math.max(SILENCE, levels[i]!))
  const limits = noiseLimits(levels, frames.count, bins, settings.threshold)
  return frames.resynthesise((frame, bin) => {
    const open = Math.max(0, Math.min(1, (levels[frame * bins + bin]! - limits[bin]!) / KNEE))
    return 10 ** ((-settings.reduction * (1 - open)) / 20)
  })
}

/** For each bin: mean level of the quietest frames and so many standard deviations more, dB. */
function noiseLimits(levels: Float32Array, count: number, bins: number, deviations: number): Float64Array {
  const power = Float64Array.from({ length: count }, (_, frame) => {
    let sum = 0
    for (let bin = 0; bin < bins; bin++) sum += 10 ** (levels[frame * bins + bin]! / 10)
    return sum
  })
  const quiet = [...power.keys()].sort((a, b) => power[a]! - power[b]!).slice(0, Math.max(Math.min(count, 4), Math.round(QUIET * count)))
  return Float64Array.from({ length: bins }, (_, bin) => {
    let sum = 0
    let squares = 0
    for (const frame of quiet) {
      const level = levels[frame * bins + bin]!
      sum += level
      squares += level * level
    }
    const mean = sum / quiet.length
    return mean + deviations * Math.sqrt(Math.max(0, squares / quiet.length - mean * mean))
  })
}

/** A running mean of 2 · reach + 1 values in place, along lines of `length` values that lie `stride` apart. */
function smooth(values: Float32Array, lines: number, length: number, stride: number, reach: number): void {
  if (reach < 1) return
  const line = new Float32Array(length)
  for (let l = 0; l < lines; l++) {
    const start = stride === 1 ? l * length : l
    for (let i = 0; i < length; i++) line[i] = values[start + i * stride]!
    let sum = 0
    for (let i = 0; i < Math.min(reach, length); i++) sum += line[i]!
    for (let i = 0; i < length; i++) {
      if (i + reach < length) sum += line[i + reach]!
      if (i - reach - 1 >= 0) sum -= line[i - reach - 1]!
      values[start + i * stride] = sum / (Math.min(length - 1, i + reach) - Math.max(0, i - reach) + 1)
    }
  }
}

interface Frames {
  readonly count: number
  readonly hop: number
  each(look: (frame: number, re: Float64Array, im: Float64Array) => void): void
  resynthesise(gain: (frame: number, bin: number) => number): Float32Array<ArrayBuffer>
}

/** Frames under a periodic Hann window, centred from before the first sample to after the last one. */
function createFrames(samples: Float32Array, size: number): Frames {
  const hop = size / 4
  const fft: Fft = createFft(size)
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  const count = Math.ceil(samples.length / hop) + 3
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  const analyse = (frame: number): number => {
    const start = (frame - 3) * hop
    for (let i = 0; i < size; i++) {
      re[i] = window[i]! * (samples[start + i] ?? 0)
      im[i] = 0
    }
    fft.forward(re, im)
    return start
  }
  return {
    count,
    hop,
    each(look) {
      for (let frame = 0; frame < count; frame++) {
        analyse(frame)
        look(frame, re, im)
      }
    },
    resynthesise(gain) {
      const sum = new Float64Array(samples.length)
      // Four overlapping squares of this window add up to 3/2.
      for (let frame = 0; frame < count; frame++) {
        const start = analyse(frame)
        for (let bin = 0; bin <= size / 2; bin++) {
          const g = gain(frame, bin)
          re[bin] = re[bin]! * g
          im[bin] = im[bin]! * g
          if (bin === 0 || bin === size / 2) continue
          re[size - bin] = re[bin]!
          im[size - bin] = -im[bin]!
        }
        fft.inverse(re, im)
        for (let i = Math.max(0, -start); i < size && start + i < sum.length; i++)
          sum[start + i] = sum[start + i]! + (window[i]! * re[i]!) / 1.5
      }
      return Float32Array.from(sum)
    },
  }
}
