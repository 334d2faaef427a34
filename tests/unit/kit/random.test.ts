import { describe, expect, it } from 'vitest'
import { createRandom, restoreRandom } from '../../../src-main/kit/index.ts'

describe('createRandom', () => {
  it('gives the same stream for the same seed and another for the next seed', () => {
    const take = (seed: number | string) => {
      const random = createRandom(seed)
      return Array.from({ length: 8 }, () => random.next())
    }
    expect(take(1)).toEqual(take(1))
    expect(take(1)).not.toEqual(take(2))
    expect(take('1')).toEqual(take(1))
  })

  it('continues exactly from a saved state', () => {
    const random = createRandom(7)
    for (let i = 0; i < 100; i++) random.normal()
    const again = restoreRandom(random.state())
    expect(Array.from({ length: 20 }, () => again.next())).toEqual(Array.from({ length: 20 }, () => random.next()))
  })

  it('is uniform: mean, variance and every bucket of 1e5 values within five standard errors', () => {
    const random = createRandom(3)
    const n = 100_000
    const buckets = new Array<number>(16).fill(0)
    let sum = 0
    for (let i = 0; i < n; i++) {
      const x = random.next()
      expect(x >= 0 && x < 1).toBe(true)
      sum += x
      buckets[Math.floor(x * 16)]!++
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(n))
    for (const count of buckets) expect(Math.abs(count - n / 16)).toBeLessThan(5 * Math.sqrt((n / 16) * (15 / 16)))
  })

  it('draws normals with mean 0 and variance 1', () => {
    const random = createRandom(4)
    const values = Array.from({ length: 50_000 }, () => random.normal())
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(values.length))
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length))
  })

  it('shuffles to a permutation in which every place is equally likely', () => {
    const random = createRandom(5)
    const first = new Array<number>(5).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const order = random.shuffle([0, 1, 2, 3, 4])
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4])
      first[order[0]!]!++
    }
    for (const count of first) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.2 * 0.8))
  })

  it('forks named streams without moving on', () => {
    const random = createRandom(6)
    const before = random.state()
    const [a, b, a2] = [random.fork('a').next(), random.fork('b').next(), random.fork('a').next()]
    expect(random.state()).toEqual(before)
    expect(a).toBe(a2)
    expect(a).not.toBe(b)
  })
})
