import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { groupCurves, mcnemarExact, smooth, type Points } from '../../src-main/runs/index.ts'

interface Reference {
  pandas: string
  statsmodels: string
  y: number[]
  smoothed: { weight: number; y: number[] }[]
  curves: Points[]
  grouped: { x: number[]; mean: number[]; deviation: number[]; low: number[]; high: number[]; count: number[] }
  mcnemar: { onlyA: number; onlyB: number; p: number }[]
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'compare', 'compare.json'), 'utf8')) as Reference
const close = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 9))
}

describe(`comparing runs against pandas ${reference.pandas} and statsmodels ${reference.statsmodels}`, () => {
  it.each(reference.smoothed)('smooths by $weight like ewm(adjust=True)', ({ weight, y }) => close(smooth(reference.y, weight), y))

  it('takes mean, deviation and range of curves with places of their own', () => {
    const { x, mean, deviation, low, high, count } = reference.grouped
    const grouped = groupCurves(reference.curves, 'deviation')
    expect(grouped.x).toEqual(x)
    expect(grouped.count).toEqual(count)
    close(grouped.y, mean)
    close(grouped.high.map((h, i) => h - grouped.y[i]!), deviation)
    close(grouped.low.map((l, i) => grouped.y[i]! - l), deviation)
    const range = groupCurves(reference.curves, 'range')
    close(range.low, low)
    close(range.high, high)
  })

  it.each(reference.mcnemar)('tests $onlyA against $onlyB', ({ onlyA, onlyB, p }) => {
    expect(mcnemarExact(onlyA, onlyB)! / p).toBeCloseTo(1, 8)
    expect(mcnemarExact(onlyB, onlyA)).toBeCloseTo(mcnemarExact(onlyA, onlyB)!, 12)
  })
})
