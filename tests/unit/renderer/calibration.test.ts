import { describe, expect, it } from 'vitest'
import { normalDeviate } from '../../../src-renderer/views/recognise/normal-deviate.ts'
import { ratesOf, suggest, type CalibrationResult } from '../../../src-renderer/views/recognise/rates.ts'

const curve = (label: string, smoothing: number, events: number, counts: readonly (readonly [number, number, number])[]) => ({
  label, smoothing, smoothingSeconds: smoothing / 10, events, points: counts.map(([threshold, falseAccepts, falseRejects]) => ({ threshold, falseAccepts, falseRejects })),
})
const result: CalibrationResult = {
  type: 'result', recordings: 1, seconds: 1800, hop: 0.1, foreign: [],
  curves: [
    curve('a', 1, 10, [[0.3, 20, 0], [0.6, 2, 1], [0.9, 0, 5]]),
    curve('b', 1, 30, [[0.3, 10, 3], [0.6, 4, 9], [0.9, 1, 20]]),
    curve('a', 3, 10, [[0.3, 9, 0], [0.6, 1, 2], [0.9, 0, 4]]),
    curve('b', 3, 30, [[0.3, 8, 2], [0.6, 2, 8], [0.9, 0, 25]]),
  ],
}

describe('rates', () => {
  it('false accepts per hour and the share of events that were missed, of one label and of all', () => {
    expect(ratesOf(result, 'a', 1)[1]).toEqual({ threshold: 0.6, falseAccepts: 2, falseRejects: 1, falseAcceptsPerHour: 4, falseRejectRate: 0.1 })
    expect(ratesOf(result, null, 1)[1]).toEqual({ threshold: 0.6, falseAccepts: 6, falseRejects: 10, falseAcceptsPerHour: 12, falseRejectRate: 0.25 })
  })
  it('no share where nothing was said', () => {
    expect(ratesOf({ ...result, curves: [curve('a', 1, 0, [[0.5, 3, 0]])] }, 'a', 1)[0]!.falseRejectRate).toBeNull()
  })
})

describe('the proposed point', () => {
  it('has the fewest misses among those with few enough false accepts, over all smoothings', () => {
    expect(suggest(result, 'a', 4)).toMatchObject({ smoothing: 1, rates: { threshold: 0.6 } })
    expect(suggest(result, 'a', 2)).toMatchObject({ smoothing: 3, rates: { threshold: 0.6 } })
    expect(suggest(result, 'a', 0)).toMatchObject({ smoothing: 3, rates: { threshold: 0.9 } })
    expect(suggest({ ...result, curves: [curve('a', 1, 1, [[0.3, 9, 0]])] }, 'a', 1)).toBeNull()
  })
  it('on background alone is the lowest threshold that is quiet enough', () => {
    const quiet = { ...result, curves: [curve('a', 1, 0, [[0.3, 5, 0], [0.5, 0, 0], [0.7, 0, 0]])] }
    expect(suggest(quiet, null, 1)).toMatchObject({ rates: { threshold: 0.5 } })
  })
})

describe('normal deviates', () => {
  // Quantiles of tables of the standard normal distribution.
  it.each([[0.5, 0], [0.975, 1.959963985], [0.025, -1.959963985], [0.001, -3.090232306], [0.0001, -3.719016485], [0.84134474607, 1]])('of %d is %d', (p, z) => {
    expect(normalDeviate(p)).toBeCloseTo(z, 6)
  })
})
