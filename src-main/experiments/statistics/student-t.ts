/** Student's t distribution (Gosset 1908), by the incomplete beta function. */

/** Γ's logarithm, after Lanczos (1964) with g = 7 and nine terms: to about 1e-15 for x > 0. */
export function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const y = x - 1
  const base = y + 7.5
  const sum = terms.reduce((total, term, i) => total + (i === 0 ? term : term / (y + i)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(base) - base + Math.log(sum)
}

/** I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8), evaluated forwards after Lentz (1976). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean; above it the other tail is taken.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  const nonZero = (v: number) => (Math.abs(v) < tiny ? tiny : v)
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 500; m++) {
    for (const term of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      value *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-16) break
  }
  return front * value
}

/** The part of the distribution outside ±|t|. */
export const studentTails = (t: number, freedom: number): number => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)

/** The t ≥ 0 with this part of the distribution between −t and t. */
export function studentQuantile(confidence: number, freedom: number): number {
  let [low, high] = [0, 1]
  while (studentTails(high, freedom) > 1 - confidence) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2
    if (studentTails(middle, freedom) > 1 - confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}
