/**
 * Counts behind every measure of a classifier: which class was which, and what was said. Measures are read
 * from these counts alone, so that a bootstrap resample costs one pass over the clips.
 */
import { assert } from '../../kit/index.ts'

export interface ClassCounts {
  /** Clips of the class that were recognised as it (true positives). */
  readonly hits: Float64Array
  /** Clips of the class. */
  readonly support: Float64Array
  /** Clips that were recognised as the class, rightly or not. */
  readonly predicted: Float64Array
  total: number
}

export const createCounts = (classes: number): ClassCounts => ({
  hits: new Float64Array(classes),
  support: new Float64Array(classes),
  predicted: new Float64Array(classes),
  total: 0,
})

/** Counts the clips at `order` (positions, repeats allowed), or every clip once. */
export function countInto(
  counts: ClassCounts,
  truth: ArrayLike<number>,
  predictions: ArrayLike<number>,
  order?: ArrayLike<number>,
): void {
  counts.hits.fill(0)
  counts.support.fill(0)
  counts.predicted.fill(0)
  const length = order?.length ?? truth.length
  for (let k = 0; k < length; k++) {
    const i = order === undefined ? k : order[k]!
    const t = truth[i]!
    const p = predictions[i]!
    counts.support[t]! += 1
    counts.predicted[p]! += 1
    if (t === p) counts.hits[t]! += 1
  }
  counts.total = length
}

/** Rows are the true classes, columns what was recognised. */
export function confusionMatrix(truth: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): number[][] {
  assert(truth.length === predictions.length, 'one prediction for each clip')
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  for (let i = 0; i < truth.length; i++) matrix[truth[i]!]![predictions[i]!]! += 1
  return matrix
}

/** TP / (TP + FN); `NaN` where the class has no clip. */
export const recallOf = (c: ClassCounts, k: number): number => c.hits[k]! / c.support[k]!

/** TP / (TP + FP); `NaN` where the class was never recognised. */
export const precisionOf = (c: ClassCounts, k: number): number => c.hits[k]! / c.predicted[k]!

/** 2 TP / (2 TP + FP + FN); `NaN` only where the class neither occurs nor was recognised. */
export const f1Of = (c: ClassCounts, k: number): number => (2 * c.hits[k]!) / (c.support[k]! + c.predicted[k]!)

export function accuracyOf(c: ClassCounts): number {
  return c.hits.reduce((a, b) => a + b, 0) / c.total
}

/** Mean recall over the classes that occur. */
export const balancedAccuracyOf = (c: ClassCounts): number => meanDefined(c, recallOf)

/** Mean F1 over the classes that occur or were recognised. */
export const macroF1Of = (c: ClassCounts): number => meanDefined(c, f1Of)

function meanDefined(c: ClassCounts, measure: (c: ClassCounts, k: number) => number): number {
  let sum = 0
  let count = 0
  for (let k = 0; k < c.support.length; k++) {
    const value = measure(c, k)
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return sum / count
}
