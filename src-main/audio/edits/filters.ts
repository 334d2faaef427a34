/** One second-order section, direct form: a0 is 1. */
export interface Biquad {
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number]
}

/** Q of the two sections of a fourth-order Butterworth: 1 / (2 cos(π/8)) and 1 / (2 cos(3π/8)). */
const BUTTERWORTH_4 = [1 / (2 * Math.cos(Math.PI / 8)), 1 / (2 * Math.cos((3 * Math.PI) / 8))]

/** Above this part of the sample rate a filter's edge is not set: the bilinear transform runs out there. */
export const HIGHEST_EDGE = 0.49

/**
 * Fourth-order Butterworth as two sections by the bilinear transform with prewarped edge (R. Bristow-Johnson,
 * "Cookbook formulae for audio EQ biquad filter coefficients"); `hz` is the −3.01 dB point.
 */
export function butterworth(kind: 'high-pass' | 'low-pass', hz: number, sampleRate: number): Biquad[] {
  const w = (2 * Math.PI * hz) / sampleRate
  const cos = Math.cos(w)
  return BUTTERWORTH_4.map((q): Biquad => {
    const alpha = Math.sin(w) / (2 * q)
    const a0 = 1 + alpha
    const middle = kind === 'low-pass' ? 1 - cos : -(1 + cos)
    const outer = Math.abs(middle) / 2
    return { b: [outer / a0, middle / a0, outer / a0], a: [(-2 * cos) / a0, (1 - alpha) / a0] }
  })
}

/** Filters in place, section after section, from rest. */
export function filterInPlace(samples: Float64Array | Float32Array, sections: readonly Biquad[]): void {
  for (const { b, a } of sections) {
    let s1 = 0
    let s2 = 0
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!
      const y = b[0] * x + s1
      s1 = b[1] * x - a[0] * y + s2
      s2 = b[2] * x - a[1] * y
      samples[i] = y
    }
  }
}
