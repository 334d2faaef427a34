import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderEdits } from '../../../src-main/audio/index.ts'
import { loudness } from '../../../src-main/audio/edits/loudness.ts'

interface Reference {
  readonly filters: readonly { rate: number; kind: 'high-pass' | 'low-pass'; hz: number; impulse: number[] }[]
  readonly loudness: readonly { rate: number; seconds: number; parts: [number, number, number, number][]; lufs: number }[]
}
const reference = JSON.parse(readFileSync(new URL('edits.json', import.meta.url), 'utf8')) as Reference

describe('edits beside SciPy and FFmpeg', () => {
  it.each(reference.filters.map((f) => [`${f.kind} ${f.hz} Hz at ${f.rate} Hz`, f] as const))('%s has the impulse response of scipy.signal.butter', (_, { rate, kind, hz, impulse }) => {
    const samples = new Float32Array(64)
    samples[0] = 1
    const filtered = renderEdits({ samples, sampleRate: rate, start: 0, end: 64 }, [{ kind, hz }])
    const worst = Math.max(...impulse.map((x, i) => Math.abs(x - filtered[i]!)))
    // Single precision between the two sections.
    expect(worst).toBeLessThan(2e-7)
  })

  it.each(reference.loudness.map((l) => [`${l.parts.length} tones at ${l.rate} Hz`, l] as const))('%s are as loud as ebur128 says', (_, { rate, seconds, parts, lufs }) => {
    const samples = Float32Array.from({ length: rate * seconds }, (__, i) => {
      const t = i / rate
      return parts.reduce((sum, [hz, amplitude, from, to]) => sum + (t >= from && t < to ? amplitude * Math.sin(2 * Math.PI * hz * t) : 0), 0)
    })
    // FFmpeg prints one decimal.
    expect(Math.abs(loudness(samples, rate) - lufs)).toBeLessThan(0.1)
  })
})
