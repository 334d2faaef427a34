/** What a recogniser that stays silent below a threshold would do with the clips. Pure. */
export interface ThresholdMeasures {
  /** 0 to 1. */
  readonly threshold: number
  /** Clips that are answered at all, as a part of all. */
  readonly accepted: number
  /** Of the answers, those that are right; null where there is none. */
  readonly precision: number | null
  /** Of the clips that should be answered so, those that are. */
  readonly recall: number
  readonly f1: number
}

export const STEPS = 200

/**
 * At STEPS + 1 thresholds from 0 to 1. For all labels together: the recognised label counts where its probability
 * reaches the threshold. For one class: it is answered where its probability reaches the threshold.
 */
export function thresholdMeasures(probabilities: Float32Array, truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number, only: number | null): ThresholdMeasures[] {
  const clips = truth.length
  const score = Float64Array.from({ length: clips }, (_, i) => probabilities[i * classes + (only ?? predicted[i]!)]!)
  const right = Array.from({ length: clips }, (_, i) => (only === null ? predicted[i] === truth[i] : truth[i] === only))
  const wanted = only === null ? clips : right.filter(Boolean).length
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const threshold = step / STEPS
    let accepted = 0
    let hits = 0
    for (let i = 0; i < clips; i++) {
      if (score[i]! < threshold) continue
      accepted++
      if (right[i]) hits++
    }
    return {
      threshold,
      accepted: clips === 0 ? 0 : accepted / clips,
      precision: accepted === 0 ? null : hits / accepted,
      recall: wanted === 0 ? 0 : hits / wanted,
      f1: accepted + wanted === 0 ? 0 : (2 * hits) / (accepted + wanted),
    }
  })
}
