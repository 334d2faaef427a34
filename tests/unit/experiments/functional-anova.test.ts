import { describe, expect, it } from 'vitest'
import { functionalAnova } from '../../../src-main/experiments/index.ts'
import { createRandom } from '../../../src-main/kit/index.ts'

const number = { kind: 'number' } as const
const uniform = (n: number, inputs: number): number[][] => {
  const random = createRandom('points')
  return Array.from({ length: n }, () => Array.from({ length: inputs }, () => random.next()))
}

describe('functional ANOVA', () => {
  it('shares the variance of a sum as its terms do', () => {
    // Var(a·u) = a²/12 for u uniform on [0, 1]: 16 to 4 to 0.
    const x = uniform(600, 3)
    const { shares, together } = functionalAnova([number, number, number], x, x.map(([a, b]) => 4 * a! + 2 * b!))!
    expect(shares[0]).toBeGreaterThan(0.74)
    expect(shares[0]).toBeLessThan(0.86)
    expect(shares[1]).toBeGreaterThan(0.14)
    expect(shares[1]).toBeLessThan(0.26)
    expect(shares[2]).toBeLessThan(0.01)
    expect(together).toBeLessThan(0.05)
    expect(shares.reduce((a, b) => a + b, 0) + together).toBeCloseTo(1, 9)
  })

  it('finds the first-order shares of Ishigami’s function, whose third input matters only together with the first', () => {
    // Sobol indices of sin a + 7 sin² b + 0.1 c⁴ sin a on [−π, π]³: 0.3139, 0.4424, 0; the rest is 0.2437.
    const x = uniform(1500, 3)
    const y = x.map((point) => {
      const [a, b, c] = point.map((v) => Math.PI * (2 * v - 1)) as [number, number, number]
      return Math.sin(a) + 7 * Math.sin(b) ** 2 + 0.1 * c ** 4 * Math.sin(a)
    })
    const { shares, together } = functionalAnova([number, number, number], x, y)!
    expect(Math.abs(shares[0]! - 0.3139)).toBeLessThan(0.06)
    expect(Math.abs(shares[1]! - 0.4424)).toBeLessThan(0.06)
    expect(shares[2]).toBeLessThan(0.03)
    expect(Math.abs(together - 0.2437)).toBeLessThan(0.08)
  })

  it('tells a category that matters from one that does not, and from noise', () => {
    const random = createRandom('categories')
    const inputs = [{ kind: 'category', count: 4 } as const, { kind: 'category', count: 3 } as const, number]
    const x = Array.from({ length: 300 }, () => [random.int(4), random.int(3), random.next()])
    const y = x.map(([category]) => [0.2, 0.9, 0.5, 0.9][category!]! + 0.02 * random.normal())
    const { shares } = functionalAnova(inputs, x, y)!
    expect(shares[0]).toBeGreaterThan(0.95)
    expect(shares[1]).toBeLessThan(0.02)
    expect(shares[2]).toBeLessThan(0.02)
  })

  it('has nothing to say of few trials, or of equal scores; and says the same again', () => {
    const x = uniform(20, 2)
    expect(functionalAnova([number, number], x.slice(0, 7), x.slice(0, 7).map(([a]) => a!))).toBeNull()
    expect(functionalAnova([number, number], x, x.map(() => 0.5))).toBeNull()
    const y = x.map(([a, b]) => a! * b!)
    expect(functionalAnova([number, number], x, y)).toEqual(functionalAnova([number, number], x, y))
  })
})
