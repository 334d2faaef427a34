/** Axes of a DET curve: Martin et al., "The DET curve in assessment of detection task performance" (1997). */

/** The standard normal quantile (Acklam's rational approximation, relative error below 1.2e-9). */
export function normalDeviate(p: number): number {
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239]
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
  const c = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783]
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
  const at = (k: readonly number[], x: number): number => k.reduce((sum, q) => sum * x + q, 0)
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return at(c, q) / (at(d, q) * q + 1)
  }
  if (p > 1 - 0.02425) return -normalDeviate(1 - p)
  const q = p - 0.5
  return (at(a, q * q) * q) / (at(b, q * q) * q * q + 1)
}

/** A trial for false accepts is a second without an event, as in NIST's spoken term detection of 2006. */
export const falseAcceptProbability = (perHour: number): number => perHour / 3600
