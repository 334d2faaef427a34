import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluateClassification } from '../../src-main/training/index.ts'

interface Case {
  classes: number
  labels: number[]
  probabilities: number[]
  accuracy: number
  balancedAccuracy: number
  macroF1: number
  negativeLogLikelihood: number
  precision: (number | null)[]
  recall: (number | null)[]
  support: number[]
  confusion: number[][]
}

const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'evaluation', 'evaluation.json'), 'utf8')) as {
  madeWith: string
  cases: Case[]
}

describe(`evaluation against ${reference.madeWith}`, () => {
  it.each(reference.cases)('$classes classes', (expected) => {
    const result = evaluateClassification({
      classes: Array.from({ length: expected.classes }, (_, k) => `c${k}`),
      labels: expected.labels,
      probabilities: Float32Array.from(expected.probabilities),
      resamples: 0,
    })
    expect(result.accuracy).toBeCloseTo(expected.accuracy, 12)
    expect(result.balancedAccuracy).toBeCloseTo(expected.balancedAccuracy, 12)
    expect(result.macroF1).toBeCloseTo(expected.macroF1, 12)
    expect(result.negativeLogLikelihood).toBeCloseTo(expected.negativeLogLikelihood, 5)
    expect(result.confusion).toEqual(expected.confusion)
    expect(result.perClass.map((c) => c.support)).toEqual(expected.support)
    for (const [k, measures] of result.perClass.entries()) {
      expect(near(measures.recall, expected.recall[k]!), `recall of ${k}`).toBe(true)
      expect(near(measures.precision, expected.precision[k]!), `precision of ${k}`).toBe(true)
    }
  })
})

const near = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) < 1e-12
