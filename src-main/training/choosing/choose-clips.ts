/**
 * Which unlabelled clips teach a network most, from its probabilities and its penultimate layer. Pure; a seed gives the
 * same choice again.
 */
import { assert, createRandom } from '../../kit/index.ts'

/**
 * `badge`: uncertain and different from one another (Ash, Zhang, Krishnamurthy, Langford and Agarwal 2020, "Deep Batch Active
 * Learning by Diverse, Uncertain Gradient Lower Bounds", ICLR). `margin`, `entropy`: uncertain alone (Settles 2009, "Active
 * Learning Literature Survey", section 3.1).
 */
export const CHOICE_METHODS = ['badge', 'margin', 'entropy'] as const
export type ChoiceMethod = (typeof CHOICE_METHODS)[number]

export interface ChoiceRequest {
  /** [clip, class] */
  readonly probabilities: Float32Array
  /** [clip, feature]: what the last layer takes. */
  readonly embeddings: Float32Array
  readonly classes: number
  readonly count: number
  readonly method: ChoiceMethod
  readonly seed: number
}

/** Entropy of a row in nats, over its largest value: 0 sure, 1 no idea. */
export function entropyOf(probabilities: Float32Array, at: number, classes: number): number {
  let sum = 0
  for (let k = 0; k < classes; k++) {
    const p = probabilities[at + k]!
    if (p > 0) sum -= p * Math.log(p)
  }
  return sum / Math.log(classes)
}

/** The most probable class minus the second: 1 sure, 0 torn between two. */
export function marginOf(probabilities: Float32Array, at: number, classes: number): number {
  let first = -Infinity
  let second = -Infinity
  for (let k = 0; k < classes; k++) {
    const p = probabilities[at + k]!
    if (p > first) [first, second] = [p, first]
    else if (p > second) second = p
  }
  return first - second
}

/** Places of the chosen clips, the most instructive first. */
export const chooseClips = (request: ChoiceRequest): number[] => [...choosing(request)]

/** The same, one at a time: among many clips each of them takes a while. */
export function* choosing(request: ChoiceRequest): Generator<number, void, void> {
  const { probabilities, classes, count, method } = request
  const clips = probabilities.length / classes
  assert(Number.isInteger(clips) && request.embeddings.length % Math.max(1, clips) === 0, 'one row of probabilities and one of features a clip')
  if (method === 'badge') {
    yield* badge(request, clips)
    return
  }
  const places = Array.from({ length: clips }, (_, i) => i)
  const sureness = method === 'margin'
    ? (i: number) => marginOf(probabilities, i * classes, classes)
    : (i: number) => -entropyOf(probabilities, i * classes, classes)
  yield* places.sort((a, b) => sureness(a) - sureness(b) || a - b).slice(0, count)
}

/**
 * Gradient embeddings of the last layer for the label that the network itself would give: (p − e_ŷ) ⊗ h. k-means++ (Arthur and
 * Vassilvitskii 2007) draws from them: long ones are uncertain, distant ones are different. Products are never written out:
 * |a⊗h − b⊗k|² = |a|²|h|² + |b|²|k|² − 2 (a·b)(h·k). The first is the longest, as in the authors' program.
 */
function* badge({ probabilities, embeddings, classes, count, seed }: ChoiceRequest, clips: number): Generator<number, void, void> {
  const features = clips === 0 ? 0 : embeddings.length / clips
  const residual = Float32Array.from(probabilities)
  for (let i = 0; i < clips; i++) {
    let best = 0
    for (let k = 1; k < classes; k++) if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k
    residual[i * classes + best]! -= 1
  }
  const length = Float64Array.from({ length: clips }, (_, i) => dot(residual, i, residual, i, classes) * dot(embeddings, i, embeddings, i, features))
  const distance = new Float64Array(clips).fill(Infinity)
  const random = createRandom(`badge/${seed}`)
  const chosen: number[] = []
  let next = length.reduce((best, value, i) => (value > length[best]! ? i : best), 0)
  while (chosen.length < Math.min(count, clips)) {
    chosen.push(next)
    yield next
    let sum = 0
    for (let i = 0; i < clips; i++) {
      const d = length[i]! + length[next]! - 2 * dot(residual, i, residual, next, classes) * dot(embeddings, i, embeddings, next, features)
      if (d < distance[i]!) distance[i] = Math.max(0, d)
      sum += distance[i]!
    }
    for (const done of chosen) {
      sum -= distance[done]!
      distance[done] = 0
    }
    next = sum > 0 ? draw(distance, sum * random.next()) : distance.findIndex((_, i) => !chosen.includes(i))
  }
}

function draw(weights: Float64Array, at: number): number {
  let sum = 0
  let last = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    sum += weights[i]!
    last = i
    if (sum > at) return i
  }
  return last
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, width: number): number {
  let sum = 0
  for (let k = 0; k < width; k++) sum += a[i * width + k]! * b[j * width + k]!
  return sum
}
