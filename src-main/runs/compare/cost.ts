/** What a run's recogniser costs to use, kept in the run's summary: a training that goes on replaces it. */
import { getRun, updateRun, type Library, type RunRecord } from '../../catalog/index.ts'
import type { Result } from '../../kit/index.ts'

export interface RunCost {
  /** Of the exported file with 32-bit numbers. */
  readonly bytes: number
  /** For one clip on one thread, from asking the model's process to its answer: the median, the first and the last tenth. */
  readonly milliseconds: number
  readonly low: number
  readonly high: number
  /** Where it was measured. */
  readonly processor: string
}

export function readCost({ summary }: Pick<RunRecord, 'summary'>): RunCost | null {
  const cost = summary['cost'] as Partial<RunCost> | undefined
  if (!cost) return null
  const { bytes, milliseconds, low, high, processor } = cost
  const numbers = [bytes, milliseconds, low, high].every((v) => typeof v === 'number')
  return numbers && typeof processor === 'string' ? { bytes: bytes!, milliseconds: milliseconds!, low: low!, high: high!, processor } : null
}

export function keepCost(library: Library, id: string, cost: RunCost): Result<RunRecord> {
  const found = getRun(library, id)
  return found.ok ? updateRun(library, id, { summary: { ...found.value.summary, cost } }) : found
}
