import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyTemperature, classThresholds, confidentJoint, fitTemperature, labelIssues, negativeLogLikelihoods } from '../../src-main/training/index.ts'
import { oneVsRest, precisionRecallPoints, rocPoints } from '../../src-renderer/views/inspect/measures/one-vs-rest.ts'
import { scaled } from '../../src-renderer/views/inspect/measures/reliability.ts'
import { wilson } from '../../src-renderer/views/inspect/measures/wilson.ts'

interface Case {
  classes: number
  labels: number[]
  probabilities: number[]
  curves: { auc: number; averagePrecision: number; fpr?: number[]; tpr?: number[]; precision?: number[]; recall?: number[] }[]
  temperature: number
  nllAfter: number
  thresholds: number[]
  confidentJoint: number[][]
  confident: number[]
  margins: number[]
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'inspect', 'inspect.json'), 'utf8')) as { madeWith: string; cases: Case[]; wilson: [number, number, number, number][] }

function expectAllClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length)
  found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 10))
}

describe(`measures of the Inspect view against ${reference.madeWith}`, () => {
  it.each(reference.cases)('curves of $classes classes, one against the rest', ({ classes, labels, probabilities, curves }) => {
    const p = Float32Array.from(probabilities)
    for (const [k, wanted] of curves.entries()) {
      const found = oneVsRest(p, labels, classes, k)
      expect(found.auc).toBeCloseTo(wanted.auc, 10)
      expect(found.averagePrecision).toBeCloseTo(wanted.averagePrecision, 10)
      if (!wanted.fpr || !wanted.tpr || !wanted.recall || !wanted.precision) continue
      const roc = rocPoints(found)
      expectAllClose(roc.x, wanted.fpr)
      expectAllClose(roc.y, wanted.tpr)
      const pr = precisionRecallPoints(found)
      // Its lists end where every clip of the class is found; ours goes on to the lowest score.
      expectAllClose(pr.x.slice(1, 1 + wanted.recall.length), wanted.recall)
      expectAllClose(pr.y.slice(1, 1 + wanted.precision.length), wanted.precision)
    }
  })

  it.each(reference.cases)('the temperature of $classes classes, and what it does', ({ classes, labels, probabilities, temperature, nllAfter }) => {
    const p = Float32Array.from(probabilities)
    const found = fitTemperature(labels, p, classes)
    expect(found).toBeCloseTo(temperature, 4)
    const after = applyTemperature(p, classes, found)
    expect(negativeLogLikelihoods(labels, after, classes).reduce((a, b) => a + b, 0) / labels.length).toBeCloseTo(nllAfter, 6)
    expect(scaled(p, classes, found)).toEqual(after)
  })

  it.each(reference.cases)('confident learning on $classes classes', ({ classes, labels, probabilities, thresholds, confidentJoint: joint, confident, margins }) => {
    const p = Float32Array.from(probabilities)
    expectAllClose([...classThresholds(labels, p, classes)], thresholds)
    expect(confidentJoint(labels, p, classes)).toEqual(joint)
    const found = labelIssues(labels, p, classes)
    expect(found.map((issue) => issue.place).sort((a, b) => a - b)).toEqual(confident)
    // Its margin lies between 0 and 1.
    for (const { place, margin } of found) expect((margin + 1) / 2).toBeCloseTo(margins[place]!, 6)
    expect(found.map((issue) => issue.margin)).toEqual(found.map((issue) => issue.margin).toSorted((a, b) => a - b))
  })

  it.each(reference.wilson)('the interval of %i right of %i', (right, clips, low, high) => {
    expect(wilson(right, clips).low).toBeCloseTo(low, 10)
    expect(wilson(right, clips).high).toBeCloseTo(high, 10)
  })
})
