import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../../src-main/recognition/score-recording.ts'

const spans = (from: number, to: number, active: readonly boolean[] | null) => [...blocksOf(from, to, active)]

describe('which windows of a recording are judged', () => {
  it('all of them, 64 at a time, where there is no gate', () => {
    expect(spans(10, 150, null)).toEqual([[10, 74], [74, 138], [138, 150]])
    expect(spans(5, 5, null)).toEqual([])
  })

  it('with a gate those that are active, and few between them', () => {
    const active = (...windows: number[]) => Array.from({ length: 200 }, (_, w) => windows.includes(w))
    expect(spans(0, 200, active())).toEqual([])
    expect(spans(0, 200, active(3, 4, 9, 15, 199))).toEqual([[3, 10], [15, 16], [199, 200]])
    expect(spans(4, 9, active(3, 4, 9))).toEqual([[4, 5]])
    expect(spans(0, 200, active(...Array.from({ length: 70 }, (_, i) => i)))).toEqual([[0, 64], [64, 70]])
  })

  it('every active window exactly once, whatever the pattern', () => {
    for (let pattern = 1; pattern < 40; pattern++) {
      const active = Array.from({ length: 300 }, (_, w) => (w * w * pattern) % 17 < 4)
      const judged = spans(0, 300, active)
      const times = active.map((_, w) => judged.filter(([first, end]) => w >= first && w < end).length)
      expect(times.every((count, w) => count === 1 || (count === 0 && !active[w]))).toBe(true)
      for (const [first, end] of judged) expect([active[first], active[end - 1], end - first <= 64]).toEqual([true, true, true])
    }
  })
})
