import { z } from 'zod'
import { call } from './errors.ts'
import { Id } from './values.ts'

export const RunStatus = z.enum(['created', 'running', 'finished', 'stopped', 'failed'])
export type RunStatus = z.infer<typeof RunStatus>

/** One training, as a list shows it. */
export const Run = z.strictObject({
  /** Sorts by time and can be typed: `20261123-161502-3fa9`. */
  id: z.string(),
  name: z.string(),
  dataset: Id.nullable(),
  status: RunStatus,
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type Run = z.infer<typeof Run>

export const runs = {
  /** Newest first; of one dataset, or of all. */
  list: call.input(z.strictObject({ dataset: Id.nullable() })).output(z.array(Run)),
}
