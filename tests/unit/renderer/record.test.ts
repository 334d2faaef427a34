import { describe, expect, it } from 'vitest'
import { decodeAudio } from '../../../src-main/audio/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { wavFile } from '../../../src-renderer/audio/wav.ts'
import { createMeter } from '../../../src-renderer/views/record/level.ts'
import { makePlan } from '../../../src-renderer/views/record/plan.ts'
import { trimmed } from '../../../src-renderer/views/record/trim.ts'

describe('the plan of a recording', () => {
  const labels = ['uno', 'dos', 'tres']

  it('holds every word so many times, by word or shuffled in rounds, never twice in a row', () => {
    expect(makePlan(labels, 2, 'byLabel', Math.random).map((p) => `${p.label}${p.take}`)).toEqual(['uno1', 'uno2', 'dos1', 'dos2', 'tres1', 'tres2'])
    for (let seed = 0; seed < 50; seed++) {
      const plan = makePlan(labels, 4, 'shuffled', createRandom(seed).next)
      for (let round = 0; round < 4; round++) expect(plan.slice(3 * round, 3 * round + 3).map((p) => `${p.label}${p.take}`).sort()).toEqual(labels.map((l) => `${l}${round + 1}`).sort())
      for (let i = 1; i < plan.length; i++) expect(plan[i]!.label).not.toBe(plan[i - 1]!.label)
    }
    expect(makePlan(['solo'], 3, 'shuffled', Math.random).map((p) => p.take)).toEqual([1, 2, 3])
    expect(makePlan([], 3, 'shuffled', Math.random)).toEqual([])
  })
})

describe('trimming a take', () => {
  const RATE = 16_000
  const random = createRandom('take')
  const spoken = (noise: number, voice: number) => Float32Array.from({ length: 2 * RATE }, (_, i) =>
    noise * random.normal() + (i >= 0.8 * RATE && i < 1.3 * RATE ? voice * Math.sin(i / 5) : 0))

  it.each([['in a quiet room', 0.0005, 0.3], ['beside a fan', 0.01, 0.3], ['softly', 0.0005, 0.02]])('finds the word %s, with room at both ends', (_, noise, voice) => {
    const { start, end, found } = trimmed(spoken(noise, voice), RATE)
    expect(found).toBe(true)
    // 100 ms before and 150 ms behind, to a frame of 10 ms.
    expect(Math.abs(start / RATE - 0.7)).toBeLessThanOrEqual(0.011)
    expect(Math.abs(end / RATE - 1.45)).toBeLessThanOrEqual(0.011)
  })

  it('keeps everything where nothing stands out', () => {
    for (const samples of [new Float32Array(RATE), spoken(0.01, 0), new Float32Array(3), new Float32Array(0)])
      expect(trimmed(samples, RATE)).toEqual({ start: 0, end: samples.length, found: false })
  })
})

describe('the WAV file of a take', () => {
  it.each([16, 24] as const)('of %i bits is what the program reads', async (bits) => {
    const samples = Float32Array.of(0, 0.5, -0.5, 1, -1, 1.5, -1.5, 0.123456, -0.000_01, 1 / 3)
    const { channels, sampleRate } = unwrap(await decodeAudio(wavFile(samples, 44_100, bits), 'take.wav'))
    expect(sampleRate).toBe(44_100)
    const step = 2 ** (1 - bits)
    channels[0]!.forEach((x, i) => expect(Math.abs(x - Math.max(-1, Math.min(1 - step, samples[i]!)))).toBeLessThanOrEqual(step / 2 + 1e-8))
    // An odd number of bytes is padded.
    expect(wavFile(new Float32Array(1), 8000, 24).length % 2).toBe(0)
  })
})

describe('the level meter', () => {
  it('shows peak and RMS, lets the peak fall, and leaves the clip light on for a moment', () => {
    const meter = createMeter()
    const loud = meter(Float32Array.of(0.5, -0.5, 0.5, -0.5), 0.02)
    expect(loud.peak).toBeCloseTo(-6.02, 2)
    expect(loud.rms).toBeCloseTo(-6.02, 2)
    expect(meter(new Float32Array(4), 0.5).peak).toBeCloseTo(-18.02, 2)
    expect(meter(Float32Array.of(1, 0), 0.02).clipped).toBe(true)
    expect(meter(new Float32Array(4), 1).clipped).toBe(true)
    expect(meter(new Float32Array(4), 1).clipped).toBe(false)
  })
})
