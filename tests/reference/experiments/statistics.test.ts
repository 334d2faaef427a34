import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holm, mcNemar, meanInterval, pairedBootstrap, studentQuantile } from '../../../src-main/experiments/index.ts'

interface Reference {
  madeWith: string
  intervals: { values: number[]; mean: number; deviation: number; low: number; high: number }[]
  quantiles: { confidence: number; freedom: number; t: number }[]
  mcnemar: { first: number[]; second: number[]; p: number }[]
  holm: { p: number[]; adjusted: number[] }[]
  bootstrap: { differences: number[]; difference: number; low: number; high: number; p: number }[]
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'statistics.json'), 'utf8')) as Reference
const right = (values: number[]) => values.map((v) => v === 1)

describe(`statistics of experiments against ${reference.madeWith}`, () => {
  it.each(reference.quantiles)('Student’s t between which $confidence lies, $freedom degrees of freedom', ({ confidence, freedom, t }) => {
    expect(Math.abs(studentQuantile(confidence, freedom) / t - 1)).toBeLessThan(1e-9)
  })

  it.each(reference.intervals)('mean and interval of $values.length values', ({ values, ...expected }) => {
    const found = meanInterval(values)!
    for (const key of ['mean', 'deviation', 'low', 'high'] as const) expect(found[key], key).toBeCloseTo(expected[key], 10)
  })

  it.each(reference.mcnemar)('McNemar’s exact test of $first.length clips', ({ first, second, p }) => {
    expect(mcNemar(right(first), right(second)).p).toBeCloseTo(p, 10)
    expect(mcNemar(right(second), right(first)).p).toBeCloseTo(p, 10)
  })

  it.each(reference.holm)('Holm’s correction of $p.length', ({ p, adjusted }) => {
    holm(p).forEach((value, i) => expect(value).toBeCloseTo(adjusted[i]!, 12))
  })

  // Both are random: scipy's 200,000 resamples against our 10,000, so ends agree to the noise of a quantile of 10,000
  // draws (about 2 % of the interval's width) and p to five of its standard errors.
  it.each(reference.bootstrap)('paired bootstrap of $differences.length clips', async ({ differences, difference, low, high, p }) => {
    const found = await pairedBootstrap(differences)
    expect(found.difference).toBeCloseTo(difference, 12)
    expect(Math.abs(found.low - low)).toBeLessThan(0.04 * (high - low))
    expect(Math.abs(found.high - high)).toBeLessThan(0.04 * (high - low))
    expect(Math.abs(found.p - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / found.resamples) + 2e-4)
    expect(await pairedBootstrap(differences)).toEqual(found)
  })
})
