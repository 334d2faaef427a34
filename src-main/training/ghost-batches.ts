/**
 * Ghost batch normalisation (Hoffer, Hubara and Soudry 2017): each of some equal parts of a batch is normalised by its own
 * statistics, as several machines that share a batch do, so that threads can share it too. It follows from the settings
 * and the batch alone: the number of threads changes nothing but rounding.
 */
import type { TrainingSettings } from './job.ts'

/** Clips from which statistics of a part are good enough. */
const LEAST_CLIPS = 16

/** The settings' number of parts where it divides the batch into large enough ones, else 1. */
export function ghostBatchesOf({ ghostBatches = 1 }: Pick<TrainingSettings, 'ghostBatches'>, batch: number): number {
  return batch % ghostBatches === 0 && batch / ghostBatches >= LEAST_CLIPS ? ghostBatches : 1
}
