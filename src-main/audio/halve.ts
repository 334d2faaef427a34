import { kaiser, kaiserBeta, kaiserTaps, sinc } from './kaiser.ts'

/** More than the last stage rejects, so that nothing is lost by going there in steps. */
const ATTENUATION_DB = 110

/** Where halving leaves this much room above the wanted rate, it is cheap and worth it. */
const ROOM = 1.25

/** True where `from` may be halved on the way down to `to`. */
export const canHalve = (from: number, to: number): boolean => from % 2 === 0 && from / 2 >= ROOM * to

/**
 * Every other sample of a half-band filter's output: half the rate, with the band up to to/2 kept whole for the
 * stages after it. Such a filter has its cutoff at a quarter of the rate, where every second tap but the
 * middle one is zero, and it is symmetric: a dozen products for each output.
 *
 * The band from to/2 to from/2 − to/2 is its transition band; what folds back into it is removed later.
 */
export function halve(samples: Float32Array, from: number, to: number): Float32Array<ArrayBuffer> {
  const taps = halfBand((from / 2 - to) / from)
  const reach = 2 * taps.length
  const padded = new Float64Array(samples.length + 2 * reach)
  padded.set(samples, reach)
  const result = new Float32Array(Math.ceil(samples.length / 2))
  for (let k = 0; k < result.length; k++) {
    const centre = reach + 2 * k
    let sum = 0.5 * padded[centre]!
    for (let i = 0, d = 1; i < taps.length; i++, d += 2) sum += taps[i]! * (padded[centre - d]! + padded[centre + d]!)
    result[k] = sum
  }
  return result
}

/** The taps at distances 1, 3, 5, … from the middle, whose own is one half; the sum of all is one. */
function halfBand(transition: number): Float64Array {
  const half = kaiserTaps(ATTENUATION_DB, transition) / 2 + 1
  const beta = kaiserBeta(ATTENUATION_DB)
  const taps = Float64Array.from({ length: Math.ceil(half / 2) }, (_, i) => {
    const distance = 2 * i + 1
    return 0.5 * sinc(distance / 2) * kaiser(distance / half, beta)
  })
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => (0.25 * tap) / sum)
}
