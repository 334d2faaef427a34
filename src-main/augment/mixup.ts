/**
 * Mixup (Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018): x = λ·a + (1 − λ)·b, and the targets
 * likewise, λ ~ Beta(α, α). Each clip of a batch is mixed with the one that a random permutation gives it, by a
 * λ of its own; λ below a half is turned round, so that a clip stays what it mostly is (the pair comes in both
 * orders, so nothing is lost).
 */
import { assert, type Random } from '../kit/index.ts'
import type { MixupStep } from './steps.ts'

export interface Mixture {
  /** The row that each row is mixed with. */
  readonly partner: Uint32Array
  /** How much of each row stays, ½ to 1. */
  readonly share: Float64Array
}

export function drawMixture(rows: number, step: MixupStep, random: Random): Mixture {
  const partner = random.shuffle(Uint32Array.from({ length: rows }, (_, i) => i))
  const share = Float64Array.from({ length: rows }, () => {
    const taken = step.probability === 1 || random.next() < step.probability
    const lambda = beta(step.alpha, random)
    return taken ? Math.max(lambda, 1 - lambda) : 1
  })
  return { partner, share }
}

/** Mixes the rows of `values` [rows, …] in place. */
export function mixRows(values: Float32Array, { partner, share }: Mixture): void {
  const rows = share.length
  const size = values.length / rows
  assert(Number.isInteger(size), `${values.length} values in ${rows} rows`)
  const before = values.slice()
  for (let row = 0; row < rows; row++) {
    const lambda = share[row]!
    if (lambda === 1) continue
    const [at, other] = [row * size, partner[row]! * size]
    for (let i = 0; i < size; i++) values[at + i] = lambda * before[at + i]! + (1 - lambda) * before[other + i]!
  }
}

/** Beta(α, α) by two gammas. */
function beta(alpha: number, random: Random): number {
  const [a, b] = [gamma(alpha, random), gamma(alpha, random)]
  return a + b === 0 ? (random.next() < 0.5 ? 0 : 1) : a / (a + b)
}

/** Gamma(shape, 1) by rejection (Marsaglia and Tsang 2000); shapes below one by their section 6. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
