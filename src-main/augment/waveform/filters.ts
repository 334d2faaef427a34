/**
 * Second-order filters from analogue prototypes by the bilinear transform (R. Bristow-Johnson, "Audio EQ
 * Cookbook", W3C note 2021). Frequencies in Hz, gains in dB.
 */
export interface Biquad {
  /** Feed-forward and feedback coefficients, a0 = 1. */
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number]
}

/** Quality of a second-order Butterworth section: flat to the corner, −3 dB there. */
export const BUTTERWORTH = Math.SQRT1_2

/** The two sections of a fourth-order Butterworth filter. */
export const FOURTH_ORDER = [0.5 / Math.cos(Math.PI / 8), 0.5 / Math.cos((3 * Math.PI) / 8)] as const

function normalised(b: readonly [number, number, number], a: readonly [number, number, number]): Biquad {
  return { b: [b[0] / a[0], b[1] / a[0], b[2] / a[0]], a: [a[1] / a[0], a[2] / a[0]] }
}

function angle(frequency: number, sampleRate: number, quality: number) {
  const w = (2 * Math.PI * frequency) / sampleRate
  return { cos: Math.cos(w), alpha: Math.sin(w) / (2 * quality) }
}

export function lowPass(frequency: number, sampleRate: number, quality: number = BUTTERWORTH): Biquad {
  const { cos, alpha } = angle(frequency, sampleRate, quality)
  return normalised([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])
}

export function highPass(frequency: number, sampleRate: number, quality: number = BUTTERWORTH): Biquad {
  const { cos, alpha } = angle(frequency, sampleRate, quality)
  return normalised([(1 + cos) / 2, -1 - cos, (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha])
}

/** `gain` dB at the frequency, 0 dB far from it. */
export function peaking(frequency: number, sampleRate: number, quality: number, gain: number): Biquad {
  const { cos, alpha } = angle(frequency, sampleRate, quality)
  const amplitude = 10 ** (gain / 40)
  return normalised([1 + alpha * amplitude, -2 * cos, 1 - alpha * amplitude], [1 + alpha / amplitude, -2 * cos, 1 - alpha / amplitude])
}

/** Filters in place, from silence (transposed direct form II). */
export function applyBiquad(samples: Float32Array, { b: [b0, b1, b2], a: [a1, a2] }: Biquad): void {
  let z1 = 0
  let z2 = 0
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    const y = b0 * x + z1
    z1 = b1 * x - a1 * y + z2
    z2 = b2 * x - a2 * y
    samples[i] = y
  }
}
