/** Which epoch counts as the best, and when to stop waiting for a better one. Pure. */
import type { BestEpoch, EpochRecord } from './checkpoint/checkpoint.ts'

export type BestMetric = BestEpoch['metric']

/** Whether the epoch's validation beats the best so far; equal is not better, so the earlier epoch stays. */
export function betterEpoch(best: BestEpoch | null, record: EpochRecord, metric: BestMetric): BestEpoch | null {
  if (!record.validation) return null
  const value = record.validation[metric]
  if (best && (metric === 'loss' ? value >= best.value : value <= best.value)) return null
  return { epoch: record.epoch, step: record.step, metric, value }
}

/** True where `patience` epochs have passed without a better one. */
export const shouldStop = (best: BestEpoch | null, epoch: number, patience: number | null): boolean =>
  patience !== null && best !== null && epoch - best.epoch >= patience
