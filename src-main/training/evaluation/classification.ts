/**
 * Evaluation of a classifier on labelled clips: the measures, their 95 % intervals, and what was taken for
 * what. Pure; a seed gives the same intervals again.
 *
 * Classes without clips: a recall (or precision) of nothing is not a number and is `null`; balanced accuracy
 * averages over the classes that occur, macro F1 over the classes that occur or were recognised. These are
 * scikit-learn's rules.
 */
import { assert } from '../../kit/index.ts'
import { bootstrapIntervals, type Interval } from './bootstrap.ts'
import { expectedCalibrationError, negativeLogLikelihoods } from './calibration.ts'
import {
  accuracyOf,
  balancedAccuracyOf,
  confusionMatrix,
  countInto,
  createCounts,
  f1Of,
  macroF1Of,
  precisionOf,
  recallOf,
} from './counts.ts'

export interface ClassificationRequest {
  /** Names of the classes, in the order of the network's outputs. */
  readonly classes: readonly string[]
  /** The true class of each clip, as an index. */
  readonly labels: ArrayLike<number>
  /** The recognised class of each clip; where left out, the most probable one (the first of equals). */
  readonly predictions?: ArrayLike<number>
  /** Row-major [clip, class]. */
  readonly probabilities?: Float32Array
  readonly seed?: number | string
  /** Bootstrap resamples; 0 leaves the intervals out. */
  readonly resamples?: number
}

export interface ClassMeasures {
  readonly label: string
  readonly support: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  readonly intervals: { readonly precision: Interval | null; readonly recall: Interval | null; readonly f1: Interval | null }
}

export interface Confusion {
  readonly truth: string
  readonly predicted: string
  readonly count: number
  /** Part of the true class's clips, 0–1. */
  readonly share: number
}

export interface Classification {
  readonly clips: number
  readonly classes: readonly string[]
  readonly accuracy: number
  readonly balancedAccuracy: number
  readonly macroF1: number
  /** Mean −log p(true class), nats; only where probabilities were given. */
  readonly negativeLogLikelihood: number | null
  readonly expectedCalibrationError: number | null
  readonly intervals: {
    readonly accuracy: Interval | null
    readonly balancedAccuracy: Interval | null
    readonly macroF1: Interval | null
    readonly negativeLogLikelihood: Interval | null
  }
  readonly perClass: readonly ClassMeasures[]
  /** Rows are the true classes, columns what was recognised. */
  readonly confusion: readonly (readonly number[])[]
  /** The commonest mistakes, most frequent first, at most ten. */
  readonly topConfusions: readonly Confusion[]
}

const OVERALL = 4
const PER_CLASS = 3
const TOP = 10

export function evaluateClassification(request: ClassificationRequest): Classification {
  const { classes, labels, probabilities, seed = 0, resamples = 1000 } = request
  const count = classes.length
  assert(labels.length > 0, 'an evaluation needs at least one clip')
  assert(!probabilities || probabilities.length === labels.length * count, 'one probability for each clip and class')
  const predictions = request.predictions ?? mostProbable(probabilities, count)
  assert(predictions.length === labels.length, 'one prediction for each clip')
  for (const list of [labels, predictions])
    for (let i = 0; i < list.length; i++) assert(Number.isInteger(list[i]) && list[i]! >= 0 && list[i]! < count, `class ${list[i]} of ${count}`)

  const logLikelihoods = probabilities && negativeLogLikelihoods(labels, probabilities, count)
  const counts = createCounts(count)
  const measure = (order: Uint32Array | undefined, values: Float64Array): void => {
    countInto(counts, labels, predictions, order)
    values[0] = accuracyOf(counts)
    values[1] = balancedAccuracyOf(counts)
    values[2] = macroF1Of(counts)
    values[3] = logLikelihoods ? meanAt(logLikelihoods, order) : NaN
    for (let k = 0; k < count; k++) {
      values[OVERALL + PER_CLASS * k] = precisionOf(counts, k)
      values[OVERALL + PER_CLASS * k + 1] = recallOf(counts, k)
      values[OVERALL + PER_CLASS * k + 2] = f1Of(counts, k)
    }
  }
  const measures = OVERALL + PER_CLASS * count
  const values = new Float64Array(measures)
  measure(undefined, values)
  const support = Array.from(counts.support)
  const intervals = bootstrapIntervals({ clips: labels.length, measures, resamples, seed, measure })
  const value = (at: number): number | null => (Number.isNaN(values[at]) ? null : values[at]!)
  const confusion = confusionMatrix(labels, predictions, count)
  return {
    clips: labels.length,
    classes: [...classes],
    accuracy: values[0]!,
    balancedAccuracy: values[1]!,
    macroF1: values[2]!,
    negativeLogLikelihood: value(3),
    expectedCalibrationError: probabilities ? expectedCalibrationError(labels, predictions, probabilities, count) : null,
    intervals: {
      accuracy: intervals[0]!,
      balancedAccuracy: intervals[1]!,
      macroF1: intervals[2]!,
      negativeLogLikelihood: intervals[3]!,
    },
    perClass: classes.map((label, k) => {
      const at = OVERALL + PER_CLASS * k
      return {
        label,
        support: support[k]!,
        precision: value(at),
        recall: value(at + 1),
        f1: value(at + 2),
        intervals: { precision: intervals[at]!, recall: intervals[at + 1]!, f1: intervals[at + 2]! },
      }
    }),
    confusion,
    topConfusions: topConfusions(confusion, classes),
  }
}

/** The index of the largest probability of each row; the first of equals. */
export function mostProbable(probabilities: Float32Array | undefined, classes: number): Int32Array {
  assert(probabilities, 'an evaluation needs predictions or probabilities')
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let best = 0
    for (let k = 1; k < classes; k++) if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k
    return best
  })
}

export function topConfusions(confusion: readonly (readonly number[])[], classes: readonly string[], limit = TOP): Confusion[] {
  return confusion
    .flatMap((row, truth) => {
      const support = row.reduce((a, b) => a + b, 0)
      return row.map((count, predicted) => ({ truth, predicted, count, share: count / support }))
    })
    .filter((c) => c.truth !== c.predicted && c.count > 0)
    .sort((a, b) => b.count - a.count || b.share - a.share || a.truth - b.truth || a.predicted - b.predicted)
    .slice(0, limit)
    .map((c) => ({ ...c, truth: classes[c.truth]!, predicted: classes[c.predicted]! }))
}

function meanAt(values: Float64Array, order: Uint32Array | undefined): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[order === undefined ? k : order[k]!]!
  return sum / values.length
}
