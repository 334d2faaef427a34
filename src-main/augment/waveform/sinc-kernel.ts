/**
 * Playing a sound faster or slower by any factor: band-limited interpolation with a Kaiser-windowed sinc read from
 * a table (J. O. Smith, "Digital Audio Resampling"). Sixteen zero crossings and β = 8 keep what folds back below
 * −75 dB: less than the noise that augmentation adds. (Files are resampled by the audio room's longer filters.)
 */
const CROSSINGS = 16
/** Table entries between two zero crossings; between entries we interpolate. */
const PHASES = 256
const BETA = 8
/** Part of the lower Nyquist frequency that passes. */
const ROLL_OFF = 0.94

/** Half of the symmetric kernel at unit cutoff, from its middle outwards, with one zero behind its end. */
const KERNEL = Float64Array.from({ length: CROSSINGS * PHASES + 2 }, (_, i) => {
  const x = i / PHASES
  if (x >= CROSSINGS) return 0
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
  return sinc * (besselI0(BETA * Math.sqrt(1 - (x / CROSSINGS) ** 2)) / besselI0(BETA))
})

/** The modified Bessel function of the first kind, order zero, by its series. */
function besselI0(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

/** The sound `factor` times as fast: output sample k is the input at k · factor. Outside the input it is silent. */
export function changeSpeed(input: Float32Array, factor: number): Float32Array {
  const output = new Float32Array(Math.max(1, Math.round(input.length / factor)))
  const cutoff = ROLL_OFF * Math.min(1, 1 / factor)
  const reach = CROSSINGS / cutoff
  const scale = cutoff * PHASES
  for (let k = 0; k < output.length; k++) {
    const time = k * factor
    const first = Math.max(0, Math.ceil(time - reach))
    const last = Math.min(input.length - 1, Math.floor(time + reach))
    let sum = 0
    for (let j = first; j <= last; j++) {
      const place = Math.abs(j - time) * scale
      const entry = place | 0
      const value = KERNEL[entry]!
      sum += input[j]! * (value + (KERNEL[entry + 1]! - value) * (place - entry))
    }
    output[k] = cutoff * sum
  }
  return output
}
