import { z } from 'zod'
import { call } from './errors.ts'

export const History = z.strictObject({
  /** What the next undo takes back, and the next redo does again; null where there is nothing. */
  undo: z.string().nullable(),
  redo: z.string().nullable(),
})
export type History = z.infer<typeof History>

const Done = z.strictObject({ name: z.string() })

export const history = {
  state: call.output(History),
  undo: call.output(Done),
  redo: call.output(Done),
}
