/** Every probability that a run gave to the clips of a side, and the temperature that calibrates them. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Library } from '../catalog/index.ts'
import { err, ok, toAppError, type Result } from '../kit/index.ts'
import { calibrate, runFiles, type Calibration, type Prediction, type TrainingResult } from '../training/index.ts'
import { findTrainingRun, readRun, type RunDetails } from './record.ts'

export interface RunScores {
  /** The classes that `label` and `predicted` are indices of. */
  readonly labels: readonly string[]
  /** Clips, in the order of the run's snapshot. */
  readonly id: readonly number[]
  readonly label: readonly number[]
  readonly predicted: readonly number[]
  /** [clip, label] */
  readonly probabilities: Float32Array<ArrayBuffer>
}

/** `NOT_FOUND` where the run has not been evaluated. */
export async function readScores(library: Library, id: string, split: 'validation' | 'test'): Promise<Result<RunScores>> {
  const found = findTrainingRun(library, id)
  if (!found.ok) return found
  const { labels } = found.value.config
  const path = runFiles(found.value.record.folder).predictions
  const columns = { id: [] as number[], label: [] as number[], predicted: [] as number[] }
  const rows: (readonly number[])[] = []
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      if (line === '') continue
      const p = JSON.parse(line) as Prediction
      if (p.split !== split) continue
      columns.id.push(p.id)
      columns.label.push(p.label)
      columns.predicted.push(p.predicted)
      rows.push(p.probabilities)
    }
  } catch (cause) {
    return err(toAppError(cause, 'reading the predictions of the run', path))
  }
  const probabilities = new Float32Array(rows.length * labels.length)
  rows.forEach((row, i) => probabilities.set(row, i * labels.length))
  return ok({ labels, ...columns, probabilities })
}

/** As the training found it; of runs that were trained before there was one, from their predictions. Null without validation clips. */
export async function runCalibration(library: Library, id: string): Promise<Result<Calibration | null>> {
  const details = await readRun(library, id)
  return details.ok ? calibrationOf(library, details.value) : details
}

export async function calibrationOf(library: Library, { record, config, result }: RunDetails): Promise<Result<Calibration | null>> {
  const known: TrainingResult['calibration'] = result?.calibration
  if (known !== undefined || !result?.evaluation.validation) return ok(known ?? null)
  const validation = await readScores(library, record.id, 'validation')
  if (!validation.ok) return validation
  const test = await readScores(library, record.id, 'test')
  if (!test.ok) return test
  const scored = ({ label, probabilities }: RunScores) => ({ truth: label, probabilities })
  return ok(calibrate(config.labels.length, scored(validation.value), scored(test.value)))
}
