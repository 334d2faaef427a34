import { describe, expect, it } from 'vitest'
import { bootstrapIntervals, evaluateClassification, quantile, topConfusions } from '../../src-main/training/index.ts'

/** Ten clips of three classes:      truth  a a a a b b b c c c
 *                              recognised  a a a b b b a c c a  */
const classes = ['a', 'b', 'c']
const labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
const predictions = [0, 0, 0, 1, 1, 1, 0, 2, 2, 0]

describe('evaluateClassification', () => {
  const result = evaluateClassification({ classes, labels, predictions, seed: 7 })

  it('measures a small table as by hand', () => {
    expect(result.clips).toBe(10)
    expect(result.accuracy).toBeCloseTo(7 / 10, 12)
    expect(result.balancedAccuracy).toBeCloseTo((3 / 4 + 2 / 3 + 2 / 3) / 3, 12)
    const f1 = [6 / 9, 4 / 6, 4 / 5] as const
    expect(result.macroF1).toBeCloseTo((f1[0] + f1[1] + f1[2]) / 3, 12)
    expect(result.perClass.map((c) => [c.label, c.support])).toEqual([['a', 4], ['b', 3], ['c', 3]])
    expect(result.perClass[0]).toMatchObject({ precision: 3 / 5, recall: 3 / 4 })
    expect(result.perClass[1]).toMatchObject({ precision: 2 / 3, recall: 2 / 3 })
    expect(result.perClass[2]).toMatchObject({ precision: 1, recall: 2 / 3 })
    expect(result.perClass.map((c) => c.f1)).toEqual(f1.map((x) => expect.closeTo(x, 12)))
    expect(result.confusion).toEqual([[3, 1, 0], [1, 2, 0], [1, 0, 2]])
    expect(result.negativeLogLikelihood).toBeNull()
    expect(result.expectedCalibrationError).toBeNull()
  })

  it('lists the commonest mistakes by count, then by part of the class', () => {
    expect(result.topConfusions).toEqual([
      { truth: 'b', predicted: 'a', count: 1, share: 1 / 3 },
      { truth: 'c', predicted: 'a', count: 1, share: 1 / 3 },
      { truth: 'a', predicted: 'b', count: 1, share: 1 / 4 },
    ])
    expect(topConfusions([[0, 1, 5], [2, 0, 0], [9, 0, 0]], classes, 2).map((c) => [c.truth, c.predicted, c.count])).toEqual([
      ['c', 'a', 9],
      ['a', 'c', 5],
    ])
  })

  it('says null, not zero, of classes without clips', () => {
    const gap = evaluateClassification({ classes: ['a', 'b', 'c', 'never'], labels: [0, 0, 1, 1], predictions: [0, 2, 1, 1], resamples: 50 })
    expect(gap.perClass[2]).toMatchObject({ support: 0, recall: null, precision: 0, f1: 0 })
    expect(gap.perClass[3]).toMatchObject({ support: 0, recall: null, precision: null, f1: null })
    expect(gap.perClass[3]!.intervals).toEqual({ precision: null, recall: null, f1: null })
    expect(gap.balancedAccuracy).toBeCloseTo((1 / 2 + 1) / 2, 12)
    expect(gap.macroF1).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12)
  })

  it('reads predictions, likelihood and calibration from probabilities', () => {
    const probabilities = Float32Array.from([0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.75, 0.25])
    const measured = evaluateClassification({ classes: ['a', 'b'], labels: [0, 1, 1, 1], probabilities, resamples: 0 })
    expect(measured.confusion).toEqual([[1, 0], [2, 1]])
    expect(measured.negativeLogLikelihood).toBeCloseTo(-(Math.log(0.75) + Math.log(0.5) + Math.log(0.75) + Math.log(0.25)) / 4, 6)
    // Bin of 0.75 holds three clips, two of them right; the bin of 0.5 one, wrong.
    expect(measured.expectedCalibrationError).toBeCloseTo((Math.abs(2 - 3 * 0.75) + 0.5) / 4, 6)
    expect(measured.intervals).toEqual({ accuracy: null, balancedAccuracy: null, macroF1: null, negativeLogLikelihood: null })
  })

  it('survives a probability of zero for the truth', () => {
    const measured = evaluateClassification({ classes: ['a', 'b'], labels: [0], probabilities: Float32Array.from([0, 1]) })
    expect(measured.negativeLogLikelihood).toBeCloseTo(-Math.log(1e-12), 6)
  })

  it('refuses labels that are not classes', () => {
    expect(() => evaluateClassification({ classes, labels: [3], predictions: [0] })).toThrow('class 3 of 3')
    expect(() => evaluateClassification({ classes, labels: [], predictions: [] })).toThrow('at least one clip')
  })
})

describe('bootstrap intervals', () => {
  it('are the same for a seed, differ between seeds and hold the measure', () => {
    const run = (seed: number) => evaluateClassification({ classes, labels, predictions, seed }).intervals
    expect(run(7)).toEqual(run(7))
    expect(run(7)).not.toEqual(run(8))
    const accuracy = run(7).accuracy!
    expect(accuracy.low).toBeLessThan(0.7)
    expect(accuracy.high).toBeGreaterThan(0.7)
  })

  it('agree with the binomial distribution that they estimate', () => {
    // 400 clips at 80 %: resampled accuracy is Binomial(400, 0.8) / 400, standard error 0.02.
    const right = Array.from({ length: 400 }, (_, i) => (i % 5 === 0 ? 1 : 0))
    const { accuracy } = evaluateClassification({ classes, labels: right.map(() => 0), predictions: right, resamples: 4000 }).intervals
    expect(accuracy!.low).toBeCloseTo(0.8 - 1.96 * 0.02, 2)
    expect(accuracy!.high).toBeCloseTo(0.8 + 1.96 * 0.02, 2)
  })

  it('collapse where every resample says the same', () => {
    const { accuracy } = evaluateClassification({ classes, labels: [0, 1, 2], predictions: [0, 1, 2] }).intervals
    expect(accuracy).toEqual({ low: 1, high: 1 })
  })

  it('leave undefined resamples out and have no value where all are undefined', () => {
    let call = 0
    const intervals = bootstrapIntervals({
      clips: 2,
      measures: 2,
      resamples: 10,
      seed: 0,
      measure: (_, values) => {
        values[0] = call++ % 2 === 0 ? 5 : NaN
      },
    })
    expect(intervals).toEqual([{ low: 5, high: 5 }, null])
  })

  it('interpolate quantiles', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(quantile([1, 2, 3, 4], 0)).toBe(1)
    expect(quantile([1, 2, 3, 4], 1)).toBe(4)
    expect(quantile([1, 2, 3, 5], 0.9)).toBeCloseTo(3 + 0.7 * 2, 12)
  })
})
