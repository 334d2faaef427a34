import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { PlaceToken } from './imports.ts'
import { Id } from './values.ts'

const count = z.int().nonnegative()
export const ExportEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: count, total: count }),
  z.strictObject({
    type: z.literal('report'),
    /** The new folder, to show. */
    folder: z.string(),
    clips: count,
    /** The first hundred. */
    failed: z.array(z.strictObject({ name: z.string(), message: z.string() })),
  }),
])
export type ExportEvent = z.infer<typeof ExportEvent>

export const exports = {
  /** A CSV table and a WAV file a clip, in a new folder of the place. Stopping the stream cancels; nothing stays. */
  dataset: call.input(z.strictObject({ dataset: Id, place: PlaceToken })).output(eventIterator(ExportEvent)),
}
