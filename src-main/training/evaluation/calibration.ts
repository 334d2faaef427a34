/** How far the probabilities can be believed. `probabilities` is row-major [clip, class]. */

const SMALLEST = 1e-12

/** −log p(true class) of each clip, in nats; probabilities below 1e-12 count as 1e-12. */
export function negativeLogLikelihoods(truth: ArrayLike<number>, probabilities: Float32Array, classes: number): Float64Array {
  return Float64Array.from({ length: truth.length }, (_, i) => -Math.log(Math.max(SMALLEST, probabilities[i * classes + truth[i]!]!)))
}

/**
 * Expected calibration error (Guo et al. 2017, On Calibration of Modern Neural Networks, section 2): clips are
 * put into equally wide bins by the probability of the recognised class, and the distances between a bin's mean
 * probability and its accuracy are averaged, weighted by the bin's clips.
 */
export function expectedCalibrationError(
  truth: ArrayLike<number>,
  predictions: ArrayLike<number>,
  probabilities: Float32Array,
  classes: number,
  bins = 15,
): number {
  const gap = new Float64Array(bins)
  for (let i = 0; i < truth.length; i++) {
    const confidence = probabilities[i * classes + predictions[i]!]!
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
    gap[bin]! += (truth[i] === predictions[i] ? 1 : 0) - confidence
  }
  return gap.reduce((sum, g) => sum + Math.abs(g), 0) / truth.length
}
