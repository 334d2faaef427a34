import { z } from 'zod'
import { call } from './errors.ts'
import { Id } from './values.ts'

const count = z.int().nonnegative()
export const BinSummary = z.strictObject({
  /** Clips in it, those of its datasets included. */
  clips: count,
  datasets: z.array(z.strictObject({ id: Id, name: z.string(), clips: count, binnedAt: z.string() })),
  /** Recordings that nothing else refers to, and their bytes: what emptying frees. */
  files: count,
  bytes: count,
})
export type BinSummary = z.infer<typeof BinSummary>

export const bin = {
  summary: call.output(BinSummary),
  restoreDataset: call.input(z.strictObject({ dataset: Id })).output(z.void()),
  /** For good. What was freed is said. */
  empty: call.output(z.strictObject({ clips: count, files: count, bytes: count })),
}
