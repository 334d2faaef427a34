import { assert } from '../kit/index.ts'

/** A transform of one size, in place: `forward` is the discrete Fourier transform, `inverse` takes it back (divided by the size). */
export interface Fft {
  readonly size: number
  forward(re: Float64Array, im: Float64Array): void
  inverse(re: Float64Array, im: Float64Array): void
}

/** Radix 2, decimation in time (Cooley and Tukey, 1965). */
export function createFft(size: number): Fft {
  assert(size >= 2 && (size & (size - 1)) === 0, `a Fourier transform of ${size} points`)
  const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size))
  const sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size))
  const bits = Math.log2(size)
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let r = 0
    for (let b = 0; b < bits; b++) if (i & (1 << b)) r |= 1 << (bits - 1 - b)
    return r
  })

  /** sign −1 is the forward transform. */
  function transform(re: Float64Array, im: Float64Array, sign: number): void {
    for (let i = 0; i < size; i++) {
      const j = reversed[i]!
      if (j <= i) continue
      const [a, b] = [re[i]!, im[i]!]
      re[i] = re[j]!
      im[i] = im[j]!
      re[j] = a
      im[j] = b
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half)
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = cos[k * step]!
          const s = sign * sin[k * step]!
          const i = start + k
          const j = i + half
          const x = re[j]! * c - im[j]! * s
          const y = re[j]! * s + im[j]! * c
          re[j] = re[i]! - x
          im[j] = im[i]! - y
          re[i] = re[i]! + x
          im[i] = im[i]! + y
        }
      }
    }
  }

  return {
    size,
    forward: (re, im) => transform(re, im, -1),
    inverse(re, im) {
      transform(re, im, 1)
      for (let i = 0; i < size; i++) {
        re[i] = re[i]! / size
        im[i] = im[i]! / size
      }
    },
  }
}
