import { describe, expect, it } from 'vitest'
import { findSegments, snap, type SegmentSettings } from '../../../src-main/audio/index.ts'
import { measureEnvelope } from '../../../src-main/audio/envelope.ts'
import { createRandom } from '../../../src-main/kit/index.ts'

const RATE = 8000
const random = createRandom('segments')
/** Noise at −60 dBFS with tones at the given seconds. */
const recording = (seconds: number, sounds: readonly (readonly [from: number, to: number, level?: number])[]): Float32Array =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const t = i / RATE
    const sound = sounds.find(([from, to]) => t >= from && t < to)
    return 0.001 * random.normal() + (sound ? (sound[2] ?? 0.3) * Math.sin((2 * Math.PI * 440 * i) / RATE) : 0)
  })
async function* inPieces(samples: Float32Array, size: number) {
  for (let at = 0; at < samples.length; at += size) yield { samples: samples.subarray(at, at + size), sampleRate: RATE }
}
const envelopeOf = (samples: Float32Array, size = 1000) => measureEnvelope(inPieces(samples, size))

const SETTINGS: SegmentSettings = { threshold: 12, relative: true, minSound: 0.05, minSilence: 0.1, padding: 0, maxLength: null }
const inSeconds = (spans: readonly { start: number; end: number }[]) => spans.map((s) => [s.start / RATE, s.end / RATE])

describe('the energy of a recording', () => {
  it('is the same however the sound comes in pieces', async () => {
    const samples = recording(3, [[1, 1.5]])
    const whole = await envelopeOf(samples, samples.length)
    expect(await envelopeOf(samples, 777)).toEqual(whole)
    expect(whole).toMatchObject({ sampleRate: RATE, frames: 3 * RATE, hop: 80 })
    expect(whole.levels).toHaveLength(300)
    expect(whole.noiseFloor).toBeGreaterThan(-63)
    expect(whole.noiseFloor).toBeLessThan(-59)
    // A tone of 0.3 has −13.5 dBFS.
    expect(whole.levels[120]).toBeCloseTo(20 * Math.log10(0.3 / Math.SQRT2), 0)
  })

  it('takes no digital silence for noise, and no constant offset for sound', async () => {
    const samples = recording(2, [])
    samples.fill(0, 0, RATE)
    const floor = (await envelopeOf(samples)).noiseFloor
    expect(floor).toBeGreaterThan(-64)
    const offset = await envelopeOf(new Float32Array(RATE).fill(0.5))
    expect(Math.max(...offset.levels)).toBe(-120)
    expect(findSegments(offset, SETTINGS).spans).toEqual([])
  })
})

describe('finding sounds', () => {
  it('finds each tone to the frame, relative to the noise or absolute', async () => {
    const envelope = await envelopeOf(recording(4, [[0.5, 1], [2, 2.3]]))
    for (const settings of [SETTINGS, { ...SETTINGS, threshold: -40, relative: false }])
      expect(inSeconds(findSegments(envelope, settings).spans)).toEqual([[0.5, 1], [2, 2.3]])
    expect(findSegments(envelope, { ...SETTINGS, threshold: -40, relative: false }).threshold).toBe(-40)
    expect(findSegments(envelope, { ...SETTINGS, threshold: -5, relative: false }).spans).toEqual([])
    expect(inSeconds(findSegments(envelope, { ...SETTINGS, threshold: -100, relative: false }).spans)).toEqual([[0, 4]])
  })

  it('joins what is close, leaves out what is short, pads without overlap', async () => {
    const envelope = await envelopeOf(recording(4, [[0.5, 0.8], [0.85, 1], [2, 2.02], [3, 3.5], [3.7, 4]]))
    expect(inSeconds(findSegments(envelope, SETTINGS).spans)).toEqual([[0.5, 1], [3, 3.5], [3.7, 4]])
    expect(inSeconds(findSegments(envelope, { ...SETTINGS, minSound: 0 }).spans)).toContainEqual([2, 2.02])
    expect(inSeconds(findSegments(envelope, { ...SETTINGS, padding: 0.2 }).spans)).toEqual([[0.3, 1.2], [2.8, 3.6], [3.6, 4]])
  })

  it('cuts long sounds where they are quietest', async () => {
    const envelope = await envelopeOf(recording(4, [[0, 1.5], [1.5, 1.54, 0.01], [1.54, 4]]))
    const settings = { ...SETTINGS, threshold: -70, relative: false, maxLength: 2 }
    const { spans } = findSegments(envelope, settings)
    expect(spans[0]!.end / RATE).toBeGreaterThanOrEqual(1.5)
    expect(spans[0]!.end / RATE).toBeLessThan(1.55)
    for (const [i, span] of spans.entries()) {
      expect(span.end - span.start).toBeLessThanOrEqual(2 * RATE)
      expect(span.start).toBe(spans[i - 1]?.end ?? 0)
    }
    expect(spans.at(-1)!.end).toBe(4 * RATE)
    for (const maxLength of [0.05, 0.3, 0.33, 1]) {
      const parts = findSegments(envelope, { ...settings, maxLength }).spans
      expect(parts.every((s) => s.end > s.start && s.end - s.start <= maxLength * RATE)).toBe(true)
      expect(parts.reduce((sum, s) => sum + s.end - s.start, 0)).toBe(4 * RATE)
    }
  })

  it('never overlaps, never leaves the recording, whatever the settings', async () => {
    const envelope = await envelopeOf(recording(5, [[0, 0.4], [0.5, 0.9, 0.02], [2, 2.1], [2.15, 3.3], [4.8, 5]]))
    for (let i = 0; i < 300; i++) {
      const settings: SegmentSettings = {
        threshold: random.next() * 60 - 10, relative: true, minSound: random.next() * 0.5, minSilence: random.next() * 0.5,
        padding: random.next(), maxLength: random.next() < 0.5 ? null : 0.05 + random.next(),
      }
      let last = 0
      for (const { start, end } of findSegments(envelope, settings).spans) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        last = end
      }
      expect(last).toBeLessThanOrEqual(5 * RATE)
    }
  })
})

describe('snapping', () => {
  it('goes to the nearest zero crossing, to either side', () => {
    // Period 80 samples: crossings at every 40th.
    const samples = Float32Array.from({ length: 400 }, (_, i) => Math.sin((2 * Math.PI * (i + 0.5)) / 80))
    expect(snap(samples, RATE, 105, 'zero')).toBe(120)
    expect(snap(samples, RATE, 95, 'zero')).toBe(80)
    expect(snap(samples, RATE, 120, 'zero')).toBe(120)
    expect(snap(new Float32Array(100).fill(0.3), RATE, 50, 'zero')).toBe(50)
    expect(snap(new Float32Array(100), RATE, 50, 'zero')).toBe(50)
  })

  it('goes to the quietest place, the nearest of equals', () => {
    const samples = recording(1, [[0, 0.4], [0.5, 1]])
    samples.fill(0, 3500, 3700)
    const place = snap(samples, RATE, 3900, 'silence')
    expect(place).toBeGreaterThan(3540)
    expect(place).toBeLessThanOrEqual(3700)
    expect(snap(new Float32Array(1000), RATE, 600, 'silence')).toBe(600)
    expect(snap(new Float32Array(0), RATE, 0, 'silence')).toBe(0)
  })
})
