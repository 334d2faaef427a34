/** What a run said of every validation and test clip, in columns, so that two runs can be compared clip by clip. */
import type { Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { readScores } from './scores.ts'

export interface PredictionColumns {
  /** The classes that `label` and `predicted` are indices of. */
  readonly labels: readonly string[]
  /** Clips, in the order of the run's snapshot. */
  readonly id: readonly number[]
  readonly label: readonly number[]
  readonly predicted: readonly number[]
  /** Probability of what was predicted, and of the true label. */
  readonly confidence: readonly number[]
  readonly truth: readonly number[]
}

/** `NOT_FOUND` where the run has not been evaluated. */
export async function readPredictions(library: Library, run: string, split: 'validation' | 'test'): Promise<Result<PredictionColumns>> {
  const scores = await readScores(library, run, split)
  if (!scores.ok) return scores
  const { labels, id, label, predicted, probabilities } = scores.value
  const of = (classes: readonly number[]): number[] => classes.map((k, i) => probabilities[i * labels.length + k]!)
  return ok({ labels, id, label, predicted, confidence: of(predicted), truth: of(label) })
}
