import { describe, expect, it } from 'vitest'
import { frequencyTicks, heightOf, hertzAt, melOf, noteOf, FREQUENCY_SCALES } from '../../../../src-renderer/views/editor/frequency-axis.ts'
import { clampRange, clockTime, revealing, ticksOf, timeStep, zoomedRange } from '../../../../src-renderer/views/editor/time-axis.ts'

describe('the time axis', () => {
  it('keeps the time under the pointer when zooming, and the range inside the recording', () => {
    const zoomed = zoomedRange({ start: 10, end: 20 }, 0.5, 12)
    expect(zoomed).toEqual({ start: 11, end: 16 })
    expect((12 - zoomed.start) / 5).toBeCloseTo((12 - 10) / 10, 12)
    expect(clampRange({ start: -5, end: 5 }, 100, 0.1)).toEqual({ start: 0, end: 10 })
    expect(clampRange({ start: 95, end: 105 }, 100, 0.1)).toEqual({ start: 90, end: 100 })
    expect(clampRange({ start: -5, end: 500 }, 100, 0.1)).toEqual({ start: 0, end: 100 })
    expect(clampRange({ start: 50, end: 50.5 }, 100, 1)).toEqual({ start: 49.75, end: 50.75 })
    // A clip shorter than the shortest range is shown whole.
    expect(clampRange({ start: 0, end: 0.01 }, 0.02, 1)).toEqual({ start: 0, end: 0.02 })
  })

  it('moves no further than it must to show a time', () => {
    const range = { start: 10, end: 20 }
    expect(revealing(range, 15)).toBe(range)
    expect(revealing(range, 9)).toEqual({ start: 8, end: 18 })
    expect(revealing(range, 21)).toEqual({ start: 12, end: 22 })
  })

  it.each([
    [7200, 0.08, 600], [60, 0.08, 5], [1, 0.1, 0.1], [0.002, 0.1, 0.0002], [2, 0.08, 0.2], [4, 0.2, 1],
  ])('labels %d s, each with %d of the width, every %d s', (span, room, step) => {
    expect(timeStep(span, room)).toBeCloseTo(step, 12)
  })

  it('ticks are multiples of the step, both ends included', () => {
    expect(ticksOf({ start: 0.3, end: 0.6 }, 0.1).map((t) => t.toFixed(3))).toEqual(['0.300', '0.400', '0.500', '0.600'])
    expect(ticksOf({ start: 7190, end: 7200 }, 5)).toEqual([7190, 7195, 7200])
  })

  it.each([
    [0, 1, '0:00'], [59.96, 0.1, '1:00.0'], [3723.456, 0.01, '1:02:03.46'], [0.0125, 0.0005, '0:00.0125'], [61, 60, '1:01'], [-1.5, 0.1, '−0:01.5'],
  ])('%d s to %d s is %s', (seconds, step, text) => {
    expect(clockTime(seconds, step)).toBe(text)
  })
})

describe('the frequency axis', () => {
  it.each(FREQUENCY_SCALES)('%s: heights rise from 0 to 1 and give the frequency back', (scale) => {
    const axis = { scale, low: 50, high: 8000 }
    expect(heightOf(axis, 50)).toBe(0)
    expect(heightOf(axis, 8000)).toBe(1)
    let before = -1
    for (let hz = 50; hz <= 8000; hz += 53) {
      const at = heightOf(axis, hz)
      expect(at).toBeGreaterThan(before)
      expect(hertzAt(axis, at)).toBeCloseTo(hz, 6)
      before = at
    }
  })

  it('octaves are equal on the logarithmic axis, and 1000 Hz are 1000 mel', () => {
    const axis = { scale: 'log', low: 20, high: 20_480 } as const
    expect(heightOf(axis, 40)).toBeCloseTo(0.1, 12)
    expect(heightOf(axis, 20)).toBe(0)
    expect(heightOf(axis, 0)).toBe(0)
    expect(melOf(1000)).toBeCloseTo(1000, 1)
  })

  it.each(FREQUENCY_SCALES)('%s: labels keep their distance and are round', (scale) => {
    const axis = { scale, low: scale === 'log' ? 20 : 0, high: 22_050 }
    const ticks = frequencyTicks(axis, 0.06)
    expect(ticks.length).toBeGreaterThan(5)
    for (const [i, hz] of ticks.entries()) {
      expect(Number(hz.toPrecision(2))).toBe(hz)
      if (i > 0) expect(heightOf(axis, hz) - heightOf(axis, ticks[i - 1]!)).toBeGreaterThanOrEqual(0.06 - 1e-9)
    }
  })

  it.each([[440, 'A4'], [261.63, 'C4'], [27.5, 'A0'], [4186, 'C8'], [10, null]])('%d Hz is the note %s', (hz, note) => {
    expect(noteOf(hz)).toBe(note)
  })
})
