import { assert } from '../kit/index.ts'

/**
 * The lowest and the highest sample of each `bucket` samples, as pairs of 16-bit integers (× 32767, clipped): what a
 * waveform picture is drawn from. The last bucket may hold fewer samples. [2 · ceil(samples / bucket)]
 */
export function sampleExtremes(samples: Float32Array, bucket: number): Int16Array<ArrayBuffer> {
  assert(Number.isInteger(bucket) && bucket >= 1, `buckets of ${bucket} samples`)
  const pairs = new Int16Array(2 * Math.ceil(samples.length / bucket))
  for (let at = 0, i = 0; at < pairs.length; at += 2) {
    const end = Math.min(samples.length, i + bucket)
    let min = samples[i]!
    let max = min
    for (i++; i < end; i++) {
      const x = samples[i]!
      if (x < min) min = x
      else if (x > max) max = x
    }
    pairs[at] = toInteger(min)
    pairs[at + 1] = toInteger(max)
  }
  return pairs
}

const toInteger = (x: number): number => Math.max(-32767, Math.min(32767, Math.round(x * 32767)))
