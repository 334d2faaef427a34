import { describe, expect, it } from 'vitest'
import { Edits, SegmentSettings } from '../../../../src-contract/index.ts'
import { editRows, thumbsOf, valuesOf } from '../../../../src-renderer/views/editor/regions/edit-rows.ts'
import { lanesOf } from '../../../../src-renderer/views/editor/regions/lanes.ts'
import { DEFAULT_SEGMENTS, readSegmentSettings } from '../../../../src-renderer/views/editor/regions/segment-settings.ts'

describe('regions that overlap', () => {
  it('stand in lanes of their own, and a lane is used again', () => {
    const spans = [[0, 10], [2, 4], [3, 12], [4, 6], [10, 11], [12, 13]].map(([start, end]) => ({ start: start!, end: end! }))
    expect(lanesOf(spans)).toEqual([0, 1, 2, 1, 0, 0])
    expect(lanesOf([])).toEqual([])
  })
})

describe('the table of edits', () => {
  it.each([4000, 8000, 22_050, 48_000])('begins with edits that the contract takes, at %i Hz', (nyquist) => {
    const rows = editRows(nyquist)
    expect(Edits.safeParse(rows.map((r) => r.start)).success).toBe(true)
    for (const row of rows)
      for (const slider of row.sliders) {
        const values = slider.members.map((m) => Number((row.start as unknown as Record<string, unknown>)[m]))
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(slider.min)
          expect(value).toBeLessThanOrEqual(slider.max)
        }
        // Either end of the slider is taken too.
        const ends = [slider.log ? 0 : slider.min, slider.log ? 1000 : slider.max]
        for (const end of ends.filter(() => slider.members.length === 1))
          expect(Edits.safeParse([{ ...row.start, [slider.members[0]!]: valuesOf(slider, [end])[0] }]).success, `${row.kind} ${end}`).toBe(true)
        const back = valuesOf(slider, thumbsOf(slider, values))
        for (const [i, value] of back.entries()) expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(0.01 * Math.abs(values[i]!))
      }
  })
})

describe('the settings of finding sounds', () => {
  it.each([null, '', 'x', '1', '[]', '{"threshold":"12"}', '{"threshold":1e9,"relative":false}', '{"relative":false,"threshold":-40,"maxLength":3}', '{"minSound":-1,"padding":9}'])('are sound whatever was stored: %s', (text) => {
    expect(SegmentSettings.safeParse(readSegmentSettings(text)).success).toBe(true)
  })
  it('come back as they were', () => {
    const settings = { ...DEFAULT_SEGMENTS, relative: false, threshold: -35.5, maxLength: 2 }
    expect(readSegmentSettings(JSON.stringify(settings))).toEqual(settings)
  })
})
