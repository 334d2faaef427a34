/**
 * Quality factors of the second-order sections of a Butterworth filter of this order, in dB as the Web Audio API wants
 * them: 1 / (2 cos θ) for the angles of the poles (Butterworth, 1930). Order 8 falls by 48 dB an octave.
 */
export function butterworthQualities(order: number): number[] {
  return Array.from({ length: order / 2 }, (_, k) => 20 * Math.log10(1 / (2 * Math.cos((Math.PI * (2 * k + 1)) / (2 * order)))))
}
