import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src-main/kit/index.ts'
import { decimate } from '../../../src-main/runs/index.ts'

describe('a curve made of fewer points', () => {
  const random = createRandom('curve')
  const x = Array.from({ length: 10_000 }, (_, i) => i + 1)
  const y = x.map((step) => 2 / Math.sqrt(step) + 0.1 * random.normal())

  it('stays as it is where it is short', () => {
    expect(decimate({ x: [1, 2, 3], y: [3, 2, 1] }, 4)).toEqual({ x: [1, 2, 3], y: [3, 2, 1] })
  })

  it('has at most as many points as were asked for, in order, of its own, and keeps both ends', () => {
    for (const limit of [16, 17, 500, 9_999]) {
      const few = decimate({ x, y }, limit)
      expect(few.x.length).toBeLessThanOrEqual(limit)
      expect(few.x.length).toBeGreaterThan(limit / 2)
      expect(few.x).toEqual(few.x.toSorted((a, b) => a - b))
      few.x.forEach((step, i) => expect(few.y[i]).toBe(y[step - 1]))
      expect([few.x[0], few.x.at(-1)]).toEqual([1, 10_000])
    }
  })

  it('keeps every bucket’s lowest and highest value: no spike is lost', () => {
    const spiked = y.with(4_321, 50).with(7_654, -50)
    const few = decimate({ x, y: spiked }, 100)
    expect(Math.max(...few.y)).toBe(50)
    expect(Math.min(...few.y)).toBe(-50)
  })
})
