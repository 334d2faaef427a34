/**
 * One class against all others, at every threshold: receiver operating characteristic and precision over recall, as
 * scikit-learn defines them (`roc_curve`, `precision_recall_curve`, `average_precision_score`). Pure. A measure of
 * nothing (no clip of the class, or none of another) is `null`.
 */
export interface ClassCurves {
  readonly positives: number
  readonly negatives: number
  /** A clip counts as the class where its score is at least this; from the highest score down. */
  readonly thresholds: Float64Array
  /** At each threshold: clips of the class, and of others, that count as it. */
  readonly hits: Float64Array
  readonly falseAlarms: Float64Array
  /** Area under the ROC curve, by trapezoids: the probability that a clip of the class scores higher than another. */
  readonly auc: number | null
  /** Σ (recall − recall before) · precision over the thresholds: no interpolation. */
  readonly averagePrecision: number | null
}

export function classCurves(scores: ArrayLike<number>, isClass: ArrayLike<boolean>): ClassCurves {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!)
  const thresholds: number[] = []
  const hits: number[] = []
  const falseAlarms: number[] = []
  let hit = 0
  let alarm = 0
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!
    if (isClass[i]) hit++
    else alarm++
    // Equal scores fall together.
    if (n + 1 < order.length && scores[order[n + 1]!] === scores[i]) continue
    thresholds.push(scores[i]!)
    hits.push(hit)
    falseAlarms.push(alarm)
  }
  let area = 0
  let precisionSum = 0
  for (let n = 0; n < hits.length; n++) {
    const [h0, f0] = n === 0 ? [0, 0] : [hits[n - 1]!, falseAlarms[n - 1]!]
    area += ((falseAlarms[n]! - f0) * (hits[n]! + h0)) / 2
    precisionSum += ((hits[n]! - h0) * hits[n]!) / (hits[n]! + falseAlarms[n]!)
  }
  return {
    positives: hit,
    negatives: alarm,
    thresholds: Float64Array.from(thresholds),
    hits: Float64Array.from(hits),
    falseAlarms: Float64Array.from(falseAlarms),
    auc: hit > 0 && alarm > 0 ? area / hit / alarm : null,
    averagePrecision: hit > 0 ? precisionSum / hit : null,
  }
}

/** Scores of class k from a matrix [clip, class], with whether each clip is of it. */
export function oneVsRest(probabilities: Float32Array, truth: ArrayLike<number>, classes: number, k: number): ClassCurves {
  const scores = Float32Array.from({ length: truth.length }, (_, i) => probabilities[i * classes + k]!)
  return classCurves(scores, Array.from({ length: truth.length }, (_, i) => truth[i] === k))
}

export interface Points {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** False alarm rate to recall, from (0, 0) to (1, 1). */
export const rocPoints = ({ hits, falseAlarms, positives, negatives }: ClassCurves): Points => ({
  x: [0, ...Array.from(falseAlarms, (f) => f / negatives)],
  y: [0, ...Array.from(hits, (h) => h / positives)],
})

/** Recall to precision; begins at recall 0 with the precision of the surest clips. */
export function precisionRecallPoints({ hits, falseAlarms, positives }: ClassCurves): Points {
  const y = Array.from(hits, (h, n) => h / (h + falseAlarms[n]!))
  return { x: [0, ...Array.from(hits, (h) => h / positives)], y: [y[0] ?? 1, ...y] }
}
