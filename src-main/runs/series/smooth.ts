/** Curves without their noise. Pure. */

/**
 * Exponential moving average with its start corrected, as TensorBoard and W&B smooth: `weight` 0 leaves the curve as
 * it is, 0.9 averages over about ten points.
 */
export function smooth(y: readonly number[], weight: number): readonly number[] {
  if (weight === 0) return y
  let sum = 0
  let total = 0
  return y.map((value) => {
    sum = sum * weight + (1 - weight) * value
    total = total * weight + (1 - weight)
    return sum / total
  })
}
