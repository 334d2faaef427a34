import { describe, expect, it } from 'vitest'
import { applyNormalisation, measureNormalisation, parseFrontEnd } from '../../../src-main/features/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'

const config = (normalisePer: 'all' | 'bin') =>
  unwrap(parseFrontEnd({ version: 1, kind: 'logmel', sampleRate: 8000, mel: { bands: 4 }, clip: { seconds: 0.1 }, normalise: 'dataset', normalisePer }))
const WIDTH = 7 // 1 + floor(800 / 128)

/** Clips whose row r has mean 10 r and deviation r + 1. */
function clips(counts: readonly number[]): Float32Array[] {
  const random = createRandom(1)
  return counts.map((n) => Float32Array.from({ length: n * 4 * WIDTH }, (_, i) => {
    const row = Math.floor(i / WIDTH) % 4
    return 10 * row + (row + 1) * random.normal()
  }))
}

describe('dataset normalisation', () => {
  it('measures every bin', () => {
    const { mean, std } = measureNormalisation(config('bin'), clips([300, 1, 200]))
    for (let row = 0; row < 4; row++) {
      expect(Math.abs(mean[row]! - 10 * row)).toBeLessThan(0.08 * (row + 1)) // deviation of the mean: 0.017 (row + 1)
      expect(Math.abs(std[row]! / (row + 1) - 1)).toBeLessThan(0.06)
    }
  })

  it.each(['all', 'bin'] as const)('applied to what it was measured on gives mean 0 and deviation 1, per %s', (per) => {
    const [features] = clips([40]) as [Float32Array]
    const before = features.slice()
    const out = applyNormalisation(config(per), features, measureNormalisation(config(per), [features]))
    const again = measureNormalisation(config(per), [out])
    expect(again.mean.length).toBe(per === 'all' ? 1 : 4)
    for (const m of again.mean) expect(m).toBeCloseTo(0, 5)
    for (const s of again.std) expect(s).toBeCloseTo(1, 5)
    expect(features).toEqual(before)
  })

  it('a constant bin does not become infinite', () => {
    const flat = new Float32Array(4 * WIDTH).fill(-1)
    const normalisation = measureNormalisation(config('bin'), [flat])
    expect([...applyNormalisation(config('bin'), flat, normalisation)].every((v) => v === 0)).toBe(true)
  })

  it('refuses broken clips and numbers of another front end', () => {
    expect(() => measureNormalisation(config('all'), [new Float32Array(4 * WIDTH + 1)])).toThrow('Bug')
    expect(() => measureNormalisation(config('all'), [])).toThrow('Bug')
    expect(() => applyNormalisation(config('bin'), new Float32Array(4 * WIDTH), { mean: [0, 0], std: [1, 1] })).toThrow('Bug')
  })
})
