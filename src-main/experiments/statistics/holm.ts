/**
 * Holm's step-down correction (1979): p values of several comparisons, made so much larger that the chance of any
 * false finding among all of them stays what one p value promises. In the order given.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!)
  const adjusted = p.map(() => 0)
  let largest = 0
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[at]!))
    adjusted[at] = largest
  })
  return adjusted
}
