import { describe, expect, it } from 'vitest'
import { isAudioFile, measureQuality, mixToMono, soundFlags, waveformPeaks } from '../../../src-main/audio/index.ts'
import { createRandom } from '../../../src-main/kit/index.ts'

const RATE = 16_000
const sine = (amplitude: number, seconds = 1, frequency = 200) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / RATE))
const flags = (samples: Float32Array) => soundFlags(measureQuality(samples, RATE))

/** Half a second of sound between two quarters of faint noise: what a good clip looks like. */
const goodClip = () => {
  const random = createRandom(1)
  return sine(0.5).map((x, i) => (i > RATE / 4 && i < (3 * RATE) / 4 ? x : 0) + 0.001 * random.normal())
}

describe('measureQuality', () => {
  it('measures a sine by the book: peak −6.02, RMS −9.03 dBFS', () => {
    const q = measureQuality(sine(0.5), RATE)
    expect(q.peakDbfs).toBeCloseTo(-6.02, 2)
    expect(q.rmsDbfs).toBeCloseTo(-9.03, 2)
    expect(q.dcOffset).toBeCloseTo(0, 6)
    expect(q).toMatchObject({ durationSeconds: 1, clippedRatio: 0, silenceRatio: 0 })
  })

  it('finds nothing to say about a good clip, and its noise floor near −60 dBFS', () => {
    const q = measureQuality(goodClip(), RATE)
    expect(soundFlags(q)).toEqual([])
    expect(q.noiseFloorDbfs).toBeGreaterThan(-62)
    expect(q.noiseFloorDbfs).toBeLessThan(-59)
  })

  it('counts clipped samples, not loud ones', () => {
    const cut = goodClip().map((x) => Math.max(-1, Math.min(1, 3 * x)))
    expect(flags(cut)).toEqual(['clipped'])
    expect(measureQuality(cut, RATE).clippedRatio).toBeGreaterThan(0.1)
    expect(measureQuality(sine(1, 1, 3000), RATE).clippedRatio).toBe(0)
  })

  it.each<[string, Float32Array, string[]]>([
    ['no samples', new Float32Array(0), ['silent']],
    ['digital silence', new Float32Array(RATE), ['silent']],
    ['a faint clip', goodClip().map((x) => x / 200), ['quiet']],
    ['even noise', (() => { const r = createRandom(2); return new Float32Array(RATE).map(() => 0.1 * r.normal()) })(), ['noisy']],
    ['a constant offset', goodClip().map((x) => x + 0.1), ['dc-offset']],
    ['fifty milliseconds', goodClip().subarray(7800, 8600), ['short']],
  ])('flags %s', (_, samples, expected) => {
    expect(flags(samples)).toEqual(expected)
  })

  it('measures how far the sound stands above the noise', () => {
    // A sine of −9 dBFS over noise of −60 dBFS; the quietest tenth of short frames lies a little below the noise's mean.
    const { snrDb, loudestDbfs } = measureQuality(goodClip(), RATE)
    expect(snrDb).toBeGreaterThan(50)
    expect(snrDb).toBeLessThan(54)
    expect(loudestDbfs).toBeCloseTo(-9.03, 1)
    expect(measureQuality(sine(0.5).subarray(0, RATE / 8), RATE).snrDb).toBeNull()
  })

  it('counts the samples that are cut off', () => {
    const cut = Float32Array.from({ length: RATE }, (_, i) => (i >= 100 && i < 132 ? 1 : 0.1 * Math.sin(i)))
    expect(measureQuality(cut, RATE).clippedSamples).toBe(32)
  })
})

describe('waveformPeaks', () => {
  it('gives minimum, maximum and RMS of each bucket', () => {
    const peaks = waveformPeaks(Float32Array.of(1, -1, 0.5, 0.5, 0, 0, 3, 4), 4)
    expect([...peaks.min]).toEqual([-1, 0.5, 0, 3])
    expect([...peaks.max]).toEqual([1, 0.5, 0, 4])
    expect([...peaks.rms]).toEqual([1, 0.5, 0, Math.fround(Math.sqrt(12.5))])
  })

  it('covers every sample once when the buckets do not divide them, and repeats when there are too few', () => {
    const ramp = Float32Array.from({ length: 10 }, (_, i) => i)
    const peaks = waveformPeaks(ramp, 3)
    expect([...peaks.min]).toEqual([0, 3, 6])
    expect([...peaks.max]).toEqual([2, 5, 9])
    expect([...waveformPeaks(Float32Array.of(7, 8), 4).max]).toEqual([7, 7, 8, 8])
    expect([...waveformPeaks(new Float32Array(0), 2).rms]).toEqual([0, 0])
  })
})

describe('mixToMono', () => {
  it('is the mean of the channels and changes none', () => {
    const channels = [Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1), Float32Array.of(0.5, 1, 0.5)]
    expect([...mixToMono({ sampleRate: 1, channels })]).toEqual([0.5, 0.5, -0.5])
    expect([...channels[0]!]).toEqual([1, 0, -1])
  })
})

describe('isAudioFile', () => {
  it.each(['a.wav', 'A.WAV', 'x/y.flac', 'b.Mp3', 'c.opus', 'd.webm', 'e.m4a', 'f.aiff'])('takes %s', (name) => {
    expect(isAudioFile(name)).toBe(true)
  })
  it.each(['a.txt', 'wav', '.wav', '._a.wav', 'x/.hidden.flac', 'a.wav.csv', 'flac/readme'])('leaves %s', (name) => {
    expect(isAudioFile(name)).toBe(false)
  })
})
