import { describe, expect, it } from 'vitest'
import { createWaveformAugmenter, keepClip, parsePolicy, type AugmentedSound, type ClipPool, type KeptClip } from '../../../src-main/augment/index.ts'
import { createCanvas, cutWindow, rootMeanSquare } from '../../../src-main/augment/waveform/canvas.ts'
import { convolve, transform } from '../../../src-main/augment/waveform/fourier.ts'
import { colouredNoise, type NoiseColour } from '../../../src-main/augment/waveform/noise.ts'
import { roomResponse } from '../../../src-main/augment/waveform/reverb.ts'
import { changeSpeed } from '../../../src-main/augment/waveform/sinc-kernel.ts'
import { stretchTime } from '../../../src-main/augment/waveform/time-stretch.ts'
import { fitClip, parseFrontEnd, type FrontEndConfig } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'

const RATE = 16_000
const frontEnd = (clip: object = {}): FrontEndConfig => unwrap(parseFrontEnd({ version: 1, kind: 'waveform', sampleRate: RATE, clip: { seconds: 1, ...clip } }))
const NOBODY: ClipPool = { clips: 0, labelled: () => [] }
const sine = (hertz: number, seconds: number, amplitude = 0.5): Float32Array =>
  Float32Array.from({ length: Math.round(RATE * seconds) }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE))
const level = (samples: Float32Array, start = 0, end = samples.length): number => 20 * Math.log10(rootMeanSquare(samples, start, end))

/** One step on a clip, taken for certain. */
function apply(samples: Float32Array, step: object, options: { seed?: string; config?: FrontEndConfig; pool?: ClipPool; clips?: readonly KeptClip[] } = {}): AugmentedSound {
  const { seed = 'seed', config = frontEnd(), pool = NOBODY, clips = [] } = options
  const policy = unwrap(parsePolicy({ version: 1, steps: [step] }))
  return createWaveformAugmenter(policy, config, pool)(createRandom(seed)).apply(keepClip(samples, config), (i) => clips[i]!)
}
const value = (sound: AugmentedSound, name: string): number => Number(sound.taken[0]!.values[name])

/** Hz of the largest peak, to a fraction of a bin (parabola through three bins of a Hann-windowed transform). */
function peak(samples: Float32Array): number {
  const size = 1 << Math.ceil(Math.log2(samples.length * 4))
  const [re, im] = [new Float64Array(size), new Float64Array(size)]
  samples.forEach((v, i) => (re[i] = v * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length))))
  transform(re, im)
  const power = (k: number) => Math.log(re[k]! ** 2 + im[k]! ** 2 + 1e-30)
  let best = 1
  for (let k = 2; k < size / 2 - 1; k++) if (power(k) > power(best)) best = k
  const [a, b, c] = [power(best - 1), power(best), power(best + 1)]
  return ((best + (a - c) / (2 * (a - 2 * b + c))) * RATE) / size
}

describe('the canvas', () => {
  it.each([
    ['a short clip', {}, 5000], ['a short clip before zeros', { pad: 'end' }, 5001], ['a clip of exactly the length', {}, 16_000], ['an empty clip', {}, 0],
    ['a long clip', {}, 50_001], ['a long clip from its start', { crop: 'start' }, 40_000], ['a long clip by energy', { crop: 'energy' }, 70_000],
  ])('of %s holds what the front end would take, where nothing is changed', (_, clip, length) => {
    const config = frontEnd(clip)
    const random = createRandom(String(length))
    const samples = Float32Array.from({ length }, (_, i) => Math.sin(i / 5000) * random.normal())
    const kept = keepClip(samples, config)
    expect(kept.samples.length).toBeLessThanOrEqual(32_000)
    expect(cutWindow(createCanvas(kept, config)).samples).toEqual(fitClip(samples, config))
  })

  it('lets sound come in where a long clip is moved', () => {
    const samples = Float32Array.from({ length: 40_000 }, (_, i) => i + 1)
    const moved = apply(samples, { type: 'timeShift', seconds: 0.2 })
    const shift = Math.round(value(moved, 'seconds') * RATE)
    expect(shift).not.toBe(0)
    expect(moved.samples).toEqual(samples.slice(12_000 - shift, 28_000 - shift))
    expect(moved.span).toEqual([0, 16_000])
  })
})

describe('speed, stretch and pitch of a sine', () => {
  const clip = sine(1000, 0.5)

  it.each([1, 2, 3, 4, 5])('speed %i: pitch and duration by the drawn factor', (n) => {
    const sound = apply(clip, { type: 'speed', factor: 1.5 }, { seed: `speed${n}` })
    const factor = value(sound, 'factor')
    expect(factor).toBeGreaterThanOrEqual(1 / 1.5)
    expect(factor).toBeLessThanOrEqual(1.5)
    const [start, end] = sound.span
    expect(Math.abs(end - start - 8000 / factor)).toBeLessThanOrEqual(1)
    expect(Math.abs((start + end) / 2 - 8000)).toBeLessThanOrEqual(1)
    expect(peak(sound.samples.subarray(start, end)) / (1000 * factor)).toBeCloseTo(1, 3)
    expect(level(sound.samples, start + 200, end - 200)).toBeCloseTo(level(clip), 1)
  })

  it.each([0.8, 1.25, 1.4])('time stretch by %f keeps pitch and level', (factor) => {
    const out = stretchTime(clip, RATE, factor)
    expect(out.length).toBe(Math.round(8000 / factor))
    expect(peak(out) / 1000).toBeCloseTo(1, 2)
    expect(Math.abs(level(out, 500, out.length - 500) - level(clip))).toBeLessThan(0.5)
    expect(out.every(Number.isFinite)).toBe(true)
  })

  it.each([1, 2, 3, 4])('pitch shift %i keeps the duration', (n) => {
    const sound = apply(clip, { type: 'pitchShift', semitones: 4 }, { seed: `pitch${n}` })
    const [start, end] = sound.span
    expect(Math.abs(end - start - 8000)).toBeLessThanOrEqual(2)
    expect(peak(sound.samples.subarray(start, end)) / (1000 * 2 ** (value(sound, 'semitones') / 12))).toBeCloseTo(1, 2)
  })

  it('what would lie above half the sample rate is gone rather than folded back', () => {
    const out = changeSpeed(sine(7000, 0.5), 1.5) // 10.5 kHz
    // Away from the ends, where the tone sets in with a click of every frequency.
    expect(level(out, 500, out.length - 500) - level(sine(7000, 0.5))).toBeLessThan(-70)
  })

  it('time stretch takes clips of any length', () => {
    for (const length of [1, 2, 100, 480, 481, 960, 1500]) {
      for (const factor of [0.7, 1, 1.3]) {
        const out = stretchTime(sine(300, 1).subarray(0, length), RATE, factor)
        expect(out.length).toBe(Math.max(1, Math.round(length / factor)))
        expect(out.every(Number.isFinite)).toBe(true)
      }
    }
  })
})

describe('noise', () => {
  const clip = sine(500, 0.4)

  it.each(['white', 'pink', 'brown'])('%s comes at the ratio that was drawn, measured', (source) => {
    for (const seed of ['a', 'b', 'c']) {
      const sound = apply(clip, { type: 'noise', sources: [source], snrLow: -5, snrHigh: 40 }, { seed })
      const clean = fitClip(clip, frontEnd())
      const noise = sound.samples.map((v, i) => v - clean[i]!)
      const [start, end] = sound.span
      // Over the whole window, and so outside the clip as well.
      expect(level(clean, start, end) - level(noise)).toBeCloseTo(value(sound, 'snr'), 3)
      expect(rootMeanSquare(noise, 0, start)).toBeGreaterThan(0)
    }
  })

  /** dB an octave between 250 Hz and 4 kHz: power of octave bands, each divided by its width. */
  function slope(colour: NoiseColour): number {
    const noise = colouredNoise(colour, 1 << 17, createRandom('slope'))
    const [re, im] = [Float64Array.from(noise), new Float64Array(noise.length)]
    transform(re, im)
    const density = (low: number) => {
      const [from, to] = [low, 2 * low].map((f) => Math.round((f * noise.length) / RATE)) as [number, number]
      let sum = 0
      for (let k = from; k < to; k++) sum += re[k]! ** 2 + im[k]! ** 2
      return 10 * Math.log10(sum / (to - from))
    }
    return (density(2000) - density(250)) / 3
  }
  it.each([['white', 0], ['pink', -3.01], ['brown', -6.02]] as const)('%s falls by %f dB an octave', (colour, wanted) => {
    expect(Math.abs(slope(colour) - wanted)).toBeLessThan(0.25)
  })

  it('babble is made of other clips, at equal levels', () => {
    const config = frontEnd()
    const clips = [sine(300, 0.3, 0.1), sine(2000, 0.7, 0.9)].map((s) => keepClip(s, config))
    const pool: ClipPool = { clips: 2, labelled: () => [] }
    const silentPart = apply(clip, { type: 'noise', sources: ['babble'], snrLow: 0, snrHigh: 0, voices: 16 }, { pool, clips }).samples.subarray(0, 4000)
    const [low, high] = [300, 2000].map((f) => Math.hypot(...[Math.cos, Math.sin].map((wave) => silentPart.reduce((sum, v, i) => sum + v * wave((2 * Math.PI * f * i) / RATE), 0))))
    expect(low! / high!).toBeGreaterThan(0.05)
    expect(low! / high!).toBeLessThan(20)
  })

  it('of clips takes those of the label alone', () => {
    const config = frontEnd()
    const clips = [sine(300, 0.3), sine(2000, 0.7)].map((s) => keepClip(s, config))
    const pool: ClipPool = { clips: 2, labelled: (label) => (label === 'traffic' ? [1] : []) }
    const step = { type: 'noise', sources: ['clips'], label: 'traffic', snrLow: 0, snrHigh: 0 }
    for (const seed of ['a', 'b', 'c']) expect(peak(apply(clip, step, { pool, clips, seed }).samples.slice(0, 4000)) / 2000).toBeCloseTo(1, 2)
  })

  it('leaves silence silent', () => {
    const sound = apply(new Float32Array(4000), { type: 'noise', snrLow: 0, snrHigh: 0 })
    expect(sound.samples.every((v) => v === 0)).toBe(true)
  })
})

describe('reverberation', () => {
  it.each([0.2, 0.5, 1])('decays by 60 dB in %f s (Schroeder 1965: backward integration)', (rt60) => {
    const response = roomResponse(RATE, rt60, 0, createRandom('room'))
    const tail = response.subarray(Math.round(0.005 * RATE))
    const energy = new Float64Array(tail.length + 1)
    for (let i = tail.length - 1; i >= 0; i--) energy[i] = energy[i + 1]! + tail[i]! ** 2
    const decay = (i: number) => 10 * Math.log10(energy[i]! / energy[0]!)
    // From −5 to −35 dB, as ISO 3382 measures T30, doubled.
    const at = (db: number) => energy.findIndex((_, i) => decay(i) <= db)
    const measured = (2 * (at(-35) - at(-5))) / RATE
    expect(Math.abs(measured / rt60 - 1)).toBeLessThan(0.08)
  })

  it('has the drawn ratio of direct to reverberant energy, and keeps the level of the clip', () => {
    const response = roomResponse(RATE, 0.3, 7, createRandom('ratio'))
    const tail = response.subarray(1).reduce((sum, v) => sum + v * v, 0)
    expect(10 * Math.log10(1 / tail)).toBeCloseTo(7, 3)
    const clip = sine(700, 0.3)
    const sound = apply(clip, { type: 'reverb', rt60Low: 0.3, rt60High: 0.3 })
    expect(level(sound.samples, ...sound.span)).toBeCloseTo(level(clip), 3)
    expect(rootMeanSquare(sound.samples, sound.span[1], sound.span[1] + 1000)).toBeGreaterThan(0)
  })

  it('convolves as the definition says', () => {
    const random = createRandom('convolve')
    const [x, h] = [37, 11].map((n) => Float32Array.from({ length: n }, () => random.normal())) as [Float32Array, Float32Array]
    const y = convolve(x, h)
    expect(y).toHaveLength(47)
    y.forEach((v, n) => expect(v).toBeCloseTo(h.reduce((sum, c, k) => sum + c * (x[n - k] ?? 0), 0), 5))
  })
})

describe('other steps', () => {
  it('gain is in dB', () => {
    const sound = apply(sine(500, 0.4), { type: 'gain', low: -12, high: 12 })
    expect(level(sound.samples, ...sound.span) - level(sine(500, 0.4))).toBeCloseTo(value(sound, 'decibels'), 4)
  })

  it('a shift pads with zeros, or rolls', () => {
    const clip = sine(500, 0.9)
    const padded = apply(clip, { type: 'timeShift', seconds: 0.3 })
    const shift = Math.round(value(padded, 'seconds') * RATE)
    const clean = fitClip(clip, frontEnd())
    padded.samples.forEach((v, i) => v === (clean[i - shift] ?? 0) || expect.fail(`sample ${i}`))
    const rolled = apply(clip, { type: 'timeShift', seconds: 0.3, mode: 'roll' })
    const turn = Math.round(value(rolled, 'seconds') * RATE)
    rolled.samples.forEach((v, i) => v === clean[(((i - turn) % RATE) + RATE) % RATE] || expect.fail(`sample ${i}`))
  })

  it('the telephone passes 300 to 3,400 Hz, with the noise of its eight bits', () => {
    const passed = (hertz: number) => {
      const sound = apply(sine(hertz, 1), { type: 'telephone' })
      return level(sound.samples, 2000, 14_000) - level(sine(hertz, 1))
    }
    expect(Math.abs(passed(1000))).toBeLessThan(0.3)
    expect(passed(100)).toBeLessThan(-30)
    expect(passed(6000)).toBeLessThan(-35)
    // µ-law keeps a signal-to-noise ratio of about 38 dB (G.711 requires 33 and more at this level).
    const sound = apply(sine(1000, 1), { type: 'telephone' }).samples.subarray(4000, 12_000)
    const sums = [Math.cos, Math.sin].map((wave) => (2 / 8000) * sound.reduce((s, v, i) => s + v * wave((2 * Math.PI * 1000 * i) / RATE), 0))
    const noise = sound.map((v, i) => v - sums[0]! * Math.cos((2 * Math.PI * 1000 * i) / RATE) - sums[1]! * Math.sin((2 * Math.PI * 1000 * i) / RATE))
    const ratio = level(sound) - level(noise)
    expect(ratio).toBeGreaterThan(33)
    expect(ratio).toBeLessThan(48)
  })

  it('a band-pass drawn between its limits takes the rest away', () => {
    const sound = apply(sine(1000, 1), { type: 'bandPass', lowCut: 300, highCut: 3000 })
    expect(value(sound, 'lowCut')).toBeLessThanOrEqual(300)
    expect(value(sound, 'highCut')).toBeGreaterThanOrEqual(3000)
    expect(Math.abs(level(sound.samples, 4000, 12_000) - level(sine(1000, 1)))).toBeLessThan(0.2)
  })
})

describe('waveform steps', () => {
  const everything = unwrap(parsePolicy({
    version: 1,
    steps: [
      { type: 'speed', factor: 1.3 }, { type: 'timeStretch', factor: 1.3 }, { type: 'pitchShift', semitones: 5 }, { type: 'timeShift', seconds: 0.4 },
      { type: 'gain', low: -9, high: 9 }, { type: 'parametricEqualiser', gain: 12 }, { type: 'bandPass', lowCut: 400, highCut: 2000 },
      { type: 'reverb', rt60Low: 0.1, rt60High: 0.8 }, { type: 'telephone' }, { type: 'noise', sources: ['white', 'pink', 'brown', 'babble'], snrLow: 0, snrHigh: 20 },
    ],
  }))

  it.each([0, 1, 2, 37, 500, 8000, 16_000, 16_001, 60_000])('give finite sound and a span inside the window, the same for a seed: %i samples', (length) => {
    const config = frontEnd()
    const random = createRandom('any')
    const samples = Float32Array.from({ length }, () => 0.1 * random.normal())
    const before = samples.slice()
    const kept = keepClip(samples, config)
    const augment = createWaveformAugmenter(everything, config, { clips: 1, labelled: () => [] })
    for (const seed of ['1', '2', '3']) {
      const [a, b] = [1, 2].map(() => augment(createRandom(seed)).apply(kept, () => kept)) as [AugmentedSound, AugmentedSound]
      expect(a.samples).toEqual(b.samples)
      expect(a.samples).toHaveLength(16_000)
      expect(a.samples.every(Number.isFinite)).toBe(true)
      expect(a.span[0]).toBeGreaterThanOrEqual(0)
      expect(a.span[1]).toBeLessThanOrEqual(16_000)
      if (length > 0) expect(a.span[1]).toBeGreaterThan(a.span[0])
    }
    expect(samples).toEqual(before)
  })

  it('are taken with their probability, and say so', () => {
    const policy = unwrap(parsePolicy({ version: 1, steps: [{ type: 'gain', low: 0, high: 1, probability: 0.3 }, { type: 'telephone', probability: 0 }, { type: 'timeShift', seconds: 0 }] }))
    const augment = createWaveformAugmenter(policy, frontEnd(), NOBODY)
    const taken = Array.from({ length: 1000 }, (_, n) => augment(createRandom(`p${n}`)).apply(keepClip(sine(500, 0.01), frontEnd()), () => expect.fail()).taken.map((t) => t.index))
    const gains = taken.filter((t) => t.includes(0)).length
    expect(Math.abs(gains - 300)).toBeLessThan(75) // 5 standard deviations
    expect(taken.every((t) => !t.includes(1) && t.includes(2))).toBe(true)
  })
})
