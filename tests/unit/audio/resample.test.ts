import { describe, expect, it } from 'vitest'
import { resample, resampledLength } from '../../../src-main/audio/index.ts'

const RATIOS: [number, number][] = [
  [44_100, 16_000], [48_000, 16_000], [8_000, 16_000], [22_050, 16_000], [16_000, 8_000], [96_000, 16_000], [192_000, 8_000], [44_100, 48_000],
]

const tone = (frequency: number, rate: number, length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate))

/** Root mean square away from the ends, where the zeros outside the input are heard. */
const level = (x: Float32Array): number => {
  const edge = Math.floor(x.length / 4)
  let sum = 0
  for (let i = edge; i < x.length - edge; i++) sum += x[i]! ** 2
  return Math.sqrt(sum / (x.length - 2 * edge))
}
const dB = (ratio: number): number => 20 * Math.log10(Math.max(ratio, 1e-12))

/** The amplitude of the tone of this frequency, fitted with a Hann window away from the ends. */
const amplitude = (x: Float32Array, frequency: number, rate: number): number => {
  let re = 0
  let im = 0
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    const w = 1 - Math.cos((2 * Math.PI * (i + 0.5)) / x.length)
    re += w * x[i]! * Math.cos((2 * Math.PI * frequency * i) / rate)
    im += w * x[i]! * Math.sin((2 * Math.PI * frequency * i) / rate)
    sum += w
  }
  return (2 * Math.hypot(re, im)) / sum
}

describe.each(RATIOS)('resample %i to %i Hz', (from, to) => {
  const nyquist = Math.min(from, to) / 2
  const length = Math.round(from * 0.05)

  it('passes every tone below 0.9 of the new Nyquist frequency within 0.1 dB', () => {
    for (let f = 0.05; f <= 0.9; f += 0.085) {
      const out = resample(tone(f * nyquist, from, length), from, to)
      expect(Math.abs(dB(amplitude(out, f * nyquist, to))), `${f} of Nyquist`).toBeLessThan(0.1)
    }
  })

  it('keeps time and phase: the result is the tone itself, at least 90 dB above any error', () => {
    for (const f of [0.11, 0.5, 0.88]) {
      const out = resample(tone(f * nyquist, from, length), from, to)
      const error = tone(f * nyquist, to, out.length).map((x, i) => x - out[i]!)
      expect(dB(level(error) / Math.SQRT1_2), `${f} of Nyquist`).toBeLessThan(-90)
    }
  })

  it('rejects by 90 dB what would fold back', () => {
    if (to > from) return
    const span = from / 2 / nyquist
    for (let step = 0; step <= 12; step++) {
      const f = 1.0 + ((span * 0.999 - 1.0) * step) / 12
      const out = resample(tone(f * nyquist, from, length), from, to)
      expect(dB(level(out) / Math.SQRT1_2), `${f} of the new Nyquist`).toBeLessThan(-90)
    }
  })
})

describe('resample', () => {
  it('returns ceil(length · to / from) samples', () => {
    for (const [n, from, to] of [[1, 8000, 16_000], [100, 44_100, 16_000], [441, 44_100, 16_000], [442, 44_100, 16_000], [7, 96_000, 16_000]] as const) {
      expect(resample(new Float32Array(n), from, to)).toHaveLength(resampledLength(n, from, to))
      expect(resampledLength(n, from, to)).toBe(Math.ceil((n * to) / from))
    }
  })

  it('keeps a constant at its height and leaves its argument alone', () => {
    const input = new Float32Array(4410).fill(0.5)
    const out = resample(input, 44_100, 16_000)
    for (const x of out.subarray(400, 1200)) expect(Math.abs(x - 0.5)).toBeLessThan(1e-6)
    expect(input.every((x) => x === 0.5)).toBe(true)
  })

  it('hands equal rates through, and takes empty input', () => {
    const input = Float32Array.of(1, 2, 3)
    expect(resample(input, 8000, 8000)).toBe(input)
    expect(resample(new Float32Array(0), 44_100, 16_000)).toHaveLength(0)
  })

  it('converts rates without a common divisor by interpolating between phases, 90 dB clean', () => {
    const out = resample(tone(1000, 16_001, 1600), 16_001, 15_999)
    const error = tone(1000, 15_999, out.length).map((x, i) => x - out[i]!)
    expect(dB(level(error) / Math.SQRT1_2)).toBeLessThan(-90)
  })

  it('refuses rates that are not positive integers', () => {
    expect(() => resample(new Float32Array(4), 0, 16_000)).toThrow('Bug')
    expect(() => resample(new Float32Array(4), 8000, 0.5)).toThrow('Bug')
  })
})
