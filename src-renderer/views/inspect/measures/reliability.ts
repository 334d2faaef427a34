import { wilson, type Interval } from './wilson.ts'

/** Clips whose recognised label got about this probability. */
export interface ReliabilityBin {
  /** (low, high] */
  readonly low: number
  readonly high: number
  readonly clips: number
  /** Mean probability of what was recognised, and the part of it that was right. */
  readonly confidence: number
  readonly accuracy: number
  readonly interval: Interval
}

export const BINS = 15

/** Reliability diagram (Guo et al. 2017, section 2): as many equally wide bins as the expected calibration error has. Pure. */
export function reliability(probabilities: Float32Array, truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): { readonly bins: readonly ReliabilityBin[]; readonly error: number } {
  const clips = new Float64Array(BINS)
  const sum = new Float64Array(BINS)
  const right = new Float64Array(BINS)
  for (let i = 0; i < truth.length; i++) {
    const confidence = probabilities[i * classes + predicted[i]!]!
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))
    clips[bin]! += 1
    sum[bin]! += confidence
    if (truth[i] === predicted[i]) right[bin]! += 1
  }
  let error = 0
  for (let b = 0; b < BINS; b++) error += Math.abs(right[b]! - sum[b]!) / truth.length
  const bins = Array.from({ length: BINS }, (_, b) => ({
    low: b / BINS, high: (b + 1) / BINS, clips: clips[b]!, confidence: sum[b]! / clips[b]!, accuracy: right[b]! / clips[b]!, interval: wilson(right[b]!, clips[b]!),
  }))
  return { bins: bins.filter((b) => b.clips > 0), error }
}

/** softmax(log p / T) of each row [clip, class]: what temperature scaling makes of the probabilities. */
export function scaled(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const out = new Float32Array(probabilities.length)
  for (let at = 0; at < probabilities.length; at += classes) {
    let top = -Infinity
    for (let k = 0; k < classes; k++) top = Math.max(top, Math.log(Math.max(1e-38, probabilities[at + k]!)))
    let sum = 0
    for (let k = 0; k < classes; k++) sum += out[at + k] = Math.exp((Math.log(Math.max(1e-38, probabilities[at + k]!)) - top) / temperature)
    for (let k = 0; k < classes; k++) out[at + k]! /= sum
  }
  return out
}
