import { createRandom } from '../../kit/index.ts'
import { quantile } from '../../training/index.ts'

export interface PairedBootstrap {
  /** Mean difference. */
  readonly difference: number
  /** The middle 95 % of the resampled differences. */
  readonly low: number
  readonly high: number
  /** Two-sided. */
  readonly p: number
  readonly resamples: number
}

export const RESAMPLES = 10_000
/** Draws between two pauses, so that a large test set does not hold up the process: some milliseconds. */
const DRAWS_AT_ONCE = 500_000

/**
 * Paired bootstrap over clips (Efron and Tibshirani 1993, chapters 13 and 16; for comparing systems on one test set Koehn
 * 2004 and Berg-Kirkpatrick et al. 2012). `differences` holds for each clip how much more often the first condition's runs
 * get it right than the second's, as parts of the seeds. Clips are drawn with replacement, the same for both. The interval
 * is the percentile interval; p is the part of the resamples that, moved to a mean of zero, differ as much as what was seen.
 * Clips count as independent: with many clips of few speakers, p is too small for a claim about other speakers.
 */
export async function pairedBootstrap(differences: readonly number[], { resamples = RESAMPLES, seed = 0 }: { readonly resamples?: number; readonly seed?: number } = {}): Promise<PairedBootstrap> {
  const n = differences.length
  const random = createRandom(`paired bootstrap/${seed}`)
  const values = Float64Array.from(differences)
  const difference = values.reduce((a, b) => a + b, 0) / n
  const drawn = new Float64Array(resamples)
  let extreme = 0
  const slack = 1e-12
  const pauseEvery = Math.max(1, Math.floor(DRAWS_AT_ONCE / n))
  for (let r = 0; r < resamples; r++) {
    if (r % pauseEvery === pauseEvery - 1) await new Promise((resolve) => setImmediate(resolve))
    let sum = 0
    for (let i = 0; i < n; i++) sum += values[random.int(n)]!
    drawn[r] = sum / n
    if (Math.abs(drawn[r]! - difference) >= Math.abs(difference) - slack) extreme += 1
  }
  drawn.sort()
  // One is added to both, so that p is never zero (Davison and Hinkley 1997, section 4.2).
  return { difference, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975), p: (extreme + 1) / (resamples + 1), resamples }
}
