import { assert } from '../kit/index.ts'

/** What a waveform drawing needs of each bucket of samples. */
export interface WaveformPeaks {
  readonly min: Float32Array
  readonly max: Float32Array
  readonly rms: Float32Array
}

/**
 * Cuts the samples into `buckets` spans of nearly equal length and measures each. Where there are fewer
 * samples than buckets, neighbouring buckets show the same sample. No samples give zeros.
 */
export function waveformPeaks(samples: Float32Array, buckets: number): WaveformPeaks {
  assert(Number.isInteger(buckets) && buckets >= 1, `${buckets} buckets`)
  const peaks = { min: new Float32Array(buckets), max: new Float32Array(buckets), rms: new Float32Array(buckets) }
  if (samples.length === 0) return peaks
  for (let b = 0; b < buckets; b++) {
    const start = Math.floor((b * samples.length) / buckets)
    const end = Math.max(start + 1, Math.floor(((b + 1) * samples.length) / buckets))
    let min = Infinity
    let max = -Infinity
    let power = 0
    for (let i = start; i < end; i++) {
      const x = samples[i]!
      if (x < min) min = x
      if (x > max) max = x
      power += x * x
    }
    peaks.min[b] = min
    peaks.max[b] = max
    peaks.rms[b] = Math.sqrt(power / (end - start))
  }
  return peaks
}
