/** What a run said of every validation and test clip, in columns, so that two runs can be compared clip by clip. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Library } from '../catalog/index.ts'
import { err, ok, toAppError, type Result } from '../kit/index.ts'
import { runFiles, type Prediction } from '../training/index.ts'
import { findTrainingRun } from './record.ts'

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
export async function readPredictions(library: Library, id: string, split: 'validation' | 'test'): Promise<Result<PredictionColumns>> {
  const found = findTrainingRun(library, id)
  if (!found.ok) return found
  const path = runFiles(found.value.record.folder).predictions
  const columns = { id: [] as number[], label: [] as number[], predicted: [] as number[], confidence: [] as number[], truth: [] as number[] }
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      if (line === '') continue
      const p = JSON.parse(line) as Prediction
      if (p.split !== split) continue
      columns.id.push(p.id)
      columns.label.push(p.label)
      columns.predicted.push(p.predicted)
      columns.confidence.push(p.probabilities[p.predicted]!)
      columns.truth.push(p.probabilities[p.label]!)
    }
  } catch (cause) {
    return err(toAppError(cause, 'reading the predictions of the run', path))
  }
  return ok({ labels: found.value.config.labels, ...columns })
}
