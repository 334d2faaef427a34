import { assert } from '../kit/index.ts'

/**
 * Power spectra of frames of `size` samples (a power of two) under a Hann window: [size / 2 + 1] values a call,
 * in an array that the next call overwrites. Radix-2 decimation in time (Cooley and Tukey 1965).
 */
export function createPowerSpectrum(size: number): (samples: Float32Array, start: number) => Float64Array {
  assert(size >= 4 && (size & (size - 1)) === 0, `a spectrum of ${size} samples`)
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
  const cosine = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size))
  const sine = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size))
  const reversed = Uint32Array.from({ length: size }, () => 0)
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1]! >> 1) | (i & 1 ? size >> 1 : 0)
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  const power = new Float64Array(size / 2 + 1)
  return (samples, start) => {
    for (let i = 0; i < size; i++) re[reversed[i]!] = (samples[start + i] ?? 0) * window[i]!
    im.fill(0)
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half)
      for (let block = 0; block < size; block += 2 * half)
        for (let k = 0; k < half; k++) {
          const [c, s] = [cosine[k * step]!, -sine[k * step]!]
          const [a, b] = [block + k, block + k + half]
          const [x, y] = [re[b]! * c - im[b]! * s, re[b]! * s + im[b]! * c]
          re[b] = re[a]! - x
          im[b] = im[a]! - y
          re[a] = re[a]! + x
          im[a] = im[a]! + y
        }
    }
    for (let k = 0; k <= size / 2; k++) power[k] = re[k]! ** 2 + im[k]! ** 2
    return power
  }
}
