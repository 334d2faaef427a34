/** The Kaiser window (Kaiser and Schafer 1980), and how to choose it for an attenuation. */

/** β for a stop band this many dB down, above 50 dB. */
export const kaiserBeta = (attenuation: number): number => 0.1102 * (attenuation - 8.7)

/** Taps that a filter needs for it; `transition` is the band's width as a part of the sample rate. */
export const kaiserTaps = (attenuation: number, transition: number): number =>
  (attenuation - 8) / (2.285 * 2 * Math.PI * transition)

/** At x in [−1, 1], the window's extent; zero outside. */
export const kaiser = (x: number, beta: number): number =>
  Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta)

/** Modified Bessel function of the first kind, order zero, by its power series. */
function bessel(x: number): number {
  let sum = 1
  let term = 1
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

export const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
