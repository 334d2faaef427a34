/**
 * The curve 1 / (1 + a·d^(2b)) that turns distances on the map into likeness: the a and b for which it is nearest to 1
 * up to the least distance and exp(−(d − least)) beyond (McInnes, Healy and Melville 2018, section 3.2, with a spread
 * of 1), by Gauss–Newton steps on 300 places from 0 to 3.
 */
export interface Curve {
  readonly a: number
  readonly b: number
}

const PLACES = 300
const MOST_STEPS = 200

export function fitCurve(minDist: number): Curve {
  const x = Array.from({ length: PLACES }, (_, i) => (3 * i) / (PLACES - 1))
  const wanted = x.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist))))
  const loss = (a: number, b: number): number => x.reduce((sum, d, i) => sum + (1 / (1 + a * d ** (2 * b)) - wanted[i]!) ** 2, 0)
  let [a, b] = [1, 1]
  let damping = 1e-3
  for (let step = 0; step < MOST_STEPS; step++) {
    // Normal equations of the linearised problem; ∂/∂a and ∂/∂b of the curve.
    let [aa, ab, bb, ga, gb] = [0, 0, 0, 0, 0]
    for (let i = 1; i < PLACES; i++) {
      const power = x[i]! ** (2 * b)
      const y = 1 / (1 + a * power)
      const da = -y * y * power
      const db = -y * y * a * power * 2 * Math.log(x[i]!)
      const r = wanted[i]! - y
      aa += da * da
      ab += da * db
      bb += db * db
      ga += da * r
      gb += db * r
    }
    const [p, q] = [aa * (1 + damping), bb * (1 + damping)]
    const determinant = p * q - ab * ab
    const [stepA, stepB] = [(q * ga - ab * gb) / determinant, (p * gb - ab * ga) / determinant]
    if (a + stepA > 0 && b + stepB > 0 && loss(a + stepA, b + stepB) <= loss(a, b)) {
      a += stepA
      b += stepB
      damping /= 10
      if (Math.abs(stepA) + Math.abs(stepB) < 1e-12) break
    } else damping *= 10
  }
  return { a, b }
}
