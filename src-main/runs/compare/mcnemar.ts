/** Whether one of two models is better, or luck would do. Pure. */

/**
 * The exact McNemar test (McNemar 1947, with the binomial distribution): the probability that, of the clips which only
 * one of the two models gets right, at least as uneven a share falls on either if both are equally good. Two-sided; null
 * where there is no such clip.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number | null {
  const n = onlyA + onlyB
  if (n === 0) return null
  // C(n, k) / 2^n by logarithms: 2^n is no longer a number from 1024 clips on.
  let logTerm = -n * Math.LN2
  let tail = Math.exp(logTerm)
  for (let k = 1; k <= Math.min(onlyA, onlyB); k++) {
    logTerm += Math.log(n - k + 1) - Math.log(k)
    tail += Math.exp(logTerm)
  }
  return Math.min(1, 2 * tail)
}
