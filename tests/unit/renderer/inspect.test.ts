import { describe, expect, it } from 'vitest'
import { expectedCalibrationError, mostProbable } from '../../../src-main/training/index.ts'
import { createRandom } from '../../../src-main/kit/index.ts'
import { classOrder, mistakes, shareOf, strength } from '../../../src-renderer/views/inspect/confusion/matrix.ts'
import { byName, byValue } from '../../../src-renderer/views/inspect/measures/groups.ts'
import { oneVsRest } from '../../../src-renderer/views/inspect/measures/one-vs-rest.ts'
import { reliability, scaled } from '../../../src-renderer/views/inspect/measures/reliability.ts'
import { STEPS, thresholdMeasures } from '../../../src-renderer/views/inspect/measures/thresholds.ts'

const CONFUSION = [[8, 2, 0], [1, 5, 4], [0, 0, 0]]

describe('the confusion matrix', () => {
  it('shows parts of a row or a column, and nothing of nothing', () => {
    expect(shareOf(CONFUSION, { truth: 0, predicted: 1 }, 'counts')).toBeNull()
    expect(shareOf(CONFUSION, { truth: 0, predicted: 1 }, 'rows')).toBe(0.2)
    expect(shareOf(CONFUSION, { truth: 1, predicted: 1 }, 'columns')).toBe(5 / 7)
    expect(shareOf(CONFUSION, { truth: 2, predicted: 0 }, 'rows')).toBe(0)
    expect(strength(CONFUSION, { truth: 2, predicted: 0 }, 'counts')).toBe(0)
    // Mistakes are measured by mistakes.
    expect(strength(CONFUSION, { truth: 1, predicted: 2 }, 'counts')).toBe(1)
    expect(strength(CONFUSION, { truth: 0, predicted: 0 }, 'counts')).toBe(1)
  })

  it('orders labels by their mistakes, and mistakes by their number', () => {
    expect(classOrder(CONFUSION, 'labels')).toEqual([0, 1, 2])
    expect(classOrder(CONFUSION, 'errors')).toEqual([1, 2, 0])
    expect(mistakes(CONFUSION)).toEqual([{ truth: 1, predicted: 2, count: 4 }, { truth: 0, predicted: 1, count: 2 }, { truth: 1, predicted: 0, count: 1 }])
  })
})

describe('measures', () => {
  const random = createRandom('inspect')
  const classes = 4
  const clips = 300
  const truth = Array.from({ length: clips }, () => random.int(classes))
  const probabilities = new Float32Array(clips * classes)
  for (let i = 0; i < clips; i++) {
    const row = Array.from({ length: classes }, (_, k) => Math.exp(random.normal() + (k === truth[i] ? 1.5 : 0)))
    const sum = row.reduce((a, b) => a + b, 0)
    row.forEach((w, k) => (probabilities[i * classes + k] = w / sum))
  }
  const predicted = mostProbable(probabilities, classes)

  it('the error of the reliability diagram is the expected calibration error, scaled or not', () => {
    for (const p of [probabilities, scaled(probabilities, classes, 0.4)])
      expect(reliability(p, truth, predicted, classes).error).toBeCloseTo(expectedCalibrationError(truth, predicted, p, classes), 12)
    scaled(probabilities, classes, 1).forEach((p, i) => expect(p).toBeCloseTo(probabilities[i]!, 6))
    expect(mostProbable(scaled(probabilities, classes, 3), classes)).toEqual(predicted)
    const { bins } = reliability(probabilities, truth, predicted, classes)
    expect(bins.reduce((sum, b) => sum + b.clips, 0)).toBe(clips)
    for (const b of bins) expect(b.interval.low <= b.accuracy && b.accuracy <= b.interval.high).toBe(true)
  })

  it('at threshold 0 everything is answered; at a threshold the plain way agrees', () => {
    const rows = thresholdMeasures(probabilities, truth, predicted, classes, null)
    expect(rows).toHaveLength(STEPS + 1)
    const accuracy = truth.filter((t, i) => t === predicted[i]).length / clips
    expect(rows[0]).toMatchObject({ threshold: 0, accepted: 1, precision: accuracy, recall: accuracy })
    const kept = truth.flatMap((t, i) => (probabilities[i * classes + predicted[i]!]! >= 0.5 ? [t === predicted[i]] : []))
    expect(rows[STEPS / 2]).toMatchObject({ accepted: kept.length / clips, precision: kept.filter(Boolean).length / kept.length, recall: kept.filter(Boolean).length / clips })
    expect(rows.at(-1)).toMatchObject({ accepted: 0, precision: null, recall: 0, f1: 0 })
    const one = thresholdMeasures(probabilities, truth, predicted, classes, 2)[60]!
    const asTwo = truth.filter((_, i) => probabilities[i * classes + 2]! >= 0.3)
    expect(one.precision).toBe(asTwo.filter((t) => t === 2).length / asTwo.length)
    expect(one.recall).toBe(asTwo.filter((t) => t === 2).length / truth.filter((t) => t === 2).length)
    expect(one.f1).toBeCloseTo((2 * one.precision! * one.recall) / (one.precision! + one.recall), 12)
  })

  it('curves of a label without clips, or with nothing else, have no area', () => {
    expect(oneVsRest(Float32Array.of(0.5, 0.5, 0.1, 0.9), [0, 0], 2, 1)).toMatchObject({ auc: null, averagePrecision: null })
    expect(oneVsRest(Float32Array.of(0.5, 0.5, 0.1, 0.9), [0, 0], 2, 0)).toMatchObject({ auc: null, averagePrecision: 1 })
  })

  it('groups by name, worst first, and by value into ranges that hold every clip once', () => {
    const right = [true, false, true, true, false, true]
    expect(byName(['ana', 'ana', null, 'luis', 'luis', 'luis'], right).map((g) => [g.name, g.right, g.clips])).toEqual([['ana', 1, 2], ['luis', 2, 3], [null, 1, 1]])
    const values = [3, 1, null, 1, 1, 9]
    const ranges = byValue(values, right, 3)
    expect(ranges.map((g) => [g.range, g.clips])).toEqual([[{ from: 1, to: 1 }, 3], [{ from: 3, to: 9 }, 2], [null, 1]])
    const many = byValue(Array.from({ length: 100 }, (_, i) => i % 10), Array.from({ length: 100 }, () => true), 5)
    expect(many.map((g) => g.clips)).toEqual([20, 20, 20, 20, 20])
    expect(many.flatMap((g) => g.places).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(byValue([null], [true], 3).map((g) => g.range)).toEqual([null])
    expect(byValue([], [], 3)).toEqual([])
  })
})
