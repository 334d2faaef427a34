/** Dataset normalisation: means and deviations measured on the training clips, carried beside the config. */
import { assert } from '../kit/index.ts'
import type { FrontEndConfig } from './config.ts'
import { frontEndShape } from './geometry.ts'

export interface DatasetNormalisation {
  /** One number, or one for each frequency bin (row). */
  readonly mean: readonly number[]
  /** Standard deviation, never below `SMALLEST_DEVIATION`. */
  readonly std: readonly number[]
}

/** A constant row is divided by this instead of by zero. */
export const SMALLEST_DEVIATION = 1e-5

/**
 * Measures features without normalisation, given as whole clips one after another in any number of arrays.
 * Two passes in double precision.
 */
export function measureNormalisation(config: FrontEndConfig, clips: readonly Float32Array[]): DatasetNormalisation {
  const [, height, width] = frontEndShape(config)
  const groups = config.normalisePer === 'bin' ? height : 1
  const group = (i: number) => (groups === 1 ? 0 : Math.floor(i / width) % height)
  const count = clips.reduce((sum, a) => sum + a.length, 0) / groups
  assert(count > 0 && clips.every((a) => a.length % (height * width) === 0), 'whole clips are needed to measure their mean')
  const sums = new Float64Array(groups)
  for (const a of clips) for (let i = 0; i < a.length; i++) sums[group(i)]! += a[i]!
  const mean = Array.from(sums, (s) => s / count)
  const squares = new Float64Array(groups)
  for (const a of clips) for (let i = 0; i < a.length; i++) squares[group(i)]! += (a[i]! - mean[group(i)]!) ** 2
  return { mean, std: Array.from(squares, (s) => Math.max(SMALLEST_DEVIATION, Math.sqrt(s / count))) }
}

/** (x − mean) / std on whole clips one after another; returns a new array. */
export function applyNormalisation(config: FrontEndConfig, features: Float32Array, { mean, std }: DatasetNormalisation): Float32Array {
  const [, height, width] = frontEndShape(config)
  assert(mean.length === std.length && (mean.length === 1 || mean.length === height), 'a normalisation for another front end')
  const single = mean.length === 1
  const out = new Float32Array(features.length)
  for (let row = 0; row * width < features.length; row++) {
    const [m, s] = [mean[single ? 0 : row % height]!, std[single ? 0 : row % height]!]
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = (features[i]! - m) / s
  }
  return out
}
