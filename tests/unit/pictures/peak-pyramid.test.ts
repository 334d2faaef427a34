import { describe, expect, it } from 'vitest'
import { sampleExtremes } from '../../../src-main/audio/index.ts'
import { createPeakPyramid, gatherWindows, windowStart } from '../../../src-main/pictures/index.ts'

const layout = { bucket: 8, factor: 4 }
const samples = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i * i * 0.0007) * (i / 1000))

describe('a pyramid of peaks', () => {
  it('has in every level the extremes of exactly its samples', () => {
    const pyramid = createPeakPyramid(samples.length, layout)
    for (let at = 0; at < samples.length; at += 160) pyramid.add(sampleExtremes(samples.subarray(at, at + 160), 8))
    expect(pyramid.done).toBe(1000)
    for (const [level, bucket] of [[0, 8], [1, 32], [2, 128], [3, 512]] as const) {
      const { pairs, whole } = pyramid.pairs(level, 0, 1000)!
      expect(whole).toBe(true)
      expect([...pairs]).toEqual([...sampleExtremes(samples, bucket)])
    }
    expect(pyramid.pairs(5, 0, 1)).toBeUndefined()
    expect(pyramid.pairs(0, 125, 1)).toBeUndefined()
  })

  it('shows while it grows what is there, and nothing that is not', () => {
    const pyramid = createPeakPyramid(samples.length, layout)
    pyramid.add(sampleExtremes(samples.subarray(0, 480), 8))
    expect(pyramid.done).toBe(480)
    expect(pyramid.pairs(0, 0, 1000)).toMatchObject({ whole: false, pairs: { length: 120 } })
    expect([...pyramid.pairs(1, 0, 15)!.pairs]).toEqual([...sampleExtremes(samples.subarray(0, 480), 32)])
    expect(pyramid.pairs(1, 0, 15)!.whole).toBe(true)
    expect(pyramid.pairs(1, 0, 16)!.whole).toBe(false)
    expect(pyramid.pairs(1, 20, 2)).toMatchObject({ whole: false, pairs: { length: 0 } })
    expect(() => pyramid.add(sampleExtremes(samples, 8))).toThrow('more pairs')
  })

  it('comes back from its bytes, and begins anew where they are another recording\'s', () => {
    const pyramid = createPeakPyramid(samples.length, layout)
    pyramid.add(sampleExtremes(samples, 8))
    const bytes = Uint8Array.from(pyramid.toBytes())
    const again = createPeakPyramid(samples.length, layout, bytes)
    expect(again.done).toBe(1000)
    expect([...again.pairs(2, 0, 99)!.pairs]).toEqual([...pyramid.pairs(2, 0, 99)!.pairs])
    expect(createPeakPyramid(900, layout, bytes).done).toBe(0)
  })
})

describe('the windows of a tile', () => {
  it.each([[1, 64], [2, 128], [8, 512]])('%d of them lie evenly around the middle of a column', (windows, hop) => {
    const plan = { first: 0, columns: 10, hop, windows, size: 32 }
    const centres = Array.from({ length: windows }, (_, w) => windowStart(plan, 3, w) + 16)
    expect(centres.reduce((a, b) => a + b, 0) / windows).toBe(3 * hop)
    for (let w = 1; w < windows; w++) expect(centres[w]! - centres[w - 1]!).toBe(hop / windows)
    expect(centres.every(Number.isInteger)).toBe(true)
  })

  it('hold the same samples read together as read one by one', () => {
    const pcm = { read: (start: number, end: number) => Float32Array.from({ length: end - start }, (_, i) => samples[start + i] ?? 0) }
    for (const plan of [{ first: 0, columns: 7, hop: 16, windows: 2, size: 64 }, { first: 0, columns: 7, hop: 160, windows: 2, size: 16 }]) {
      const frames = gatherWindows(pcm, plan, 0, 7)
      for (let c = 0; c < 7; c++)
        for (let w = 0; w < 2; w++)
          expect([...frames.subarray((2 * c + w) * plan.size, (2 * c + w + 1) * plan.size)]).toEqual([...pcm.read(windowStart(plan, c, w), windowStart(plan, c, w) + plan.size)])
    }
  })
})
