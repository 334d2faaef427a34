/**
 * Fitting a clip to the front end's length in TypeScript: longer clips are cropped, shorter ones padded with
 * zeros. `appendFit` does the same inside a graph, to the bit; here it lets clips of different lengths share a
 * batch.
 */
import { assert } from '../kit/index.ts'
import type { FrontEndConfig } from './config.ts'
import { clipSamples, signalSpan } from './geometry.ts'

/**
 * Energy is compared on samples cut to ±1 and to multiples of 2^−16: whole numbers, whose sums are exact here
 * and in the graph, so that both choose the same crop.
 */
export const ENERGY_STEPS = 65536

/** The first sample of the kept part of a clip that is at least as long as the front end's. */
export function cropStart(samples: Float32Array, length: number, crop: FrontEndConfig['clip']['crop']): number {
  const spare = samples.length - length
  if (crop === 'start') return 0
  return crop === 'centre' ? Math.floor(spare / 2) : loudestStart(samples, length)
}

/** Start of the span of `length` samples with the largest energy; of equals, the first. */
function loudestStart(samples: Float32Array, length: number): number {
  const square = (i: number) => Math.trunc(Math.max(-1, Math.min(1, samples[i]!)) * ENERGY_STEPS) ** 2
  let energy = 0
  for (let i = 0; i < length; i++) energy += square(i)
  let [best, most] = [0, energy]
  for (let start = 1; start + length <= samples.length; start++) {
    energy += square(start + length - 1) - square(start - 1)
    if (energy > most) [best, most] = [start, energy]
  }
  return best
}

/** Writes the fitted clip to `target`, which has exactly the front end's length. */
export function fitClipInto(target: Float32Array, samples: Float32Array, config: FrontEndConfig): void {
  const length = clipSamples(config)
  assert(target.length === length, `a fitted clip has ${length} samples, not ${target.length}`)
  if (samples.length >= length) {
    const start = cropStart(samples, length, config.clip.crop)
    target.set(samples.subarray(start, start + length))
    return
  }
  target.fill(0)
  target.set(samples, signalSpan(config, samples.length)[0])
}

/** The clip cropped or padded to the front end's length; the input is left alone. */
export function fitClip(samples: Float32Array, config: FrontEndConfig): Float32Array {
  const target = new Float32Array(clipSamples(config))
  fitClipInto(target, samples, config)
  return target
}
