import { z } from 'zod'
import { ClipFilter } from './clips.ts'
import { call } from './errors.ts'
import { Id, Name } from './values.ts'

export const SavedFilter = z.strictObject({ id: Id, name: z.string(), filter: ClipFilter })
export type SavedFilter = z.infer<typeof SavedFilter>

export const filters = {
  /** Of one dataset, by name. Values that are no longer there stay in a filter and find nothing. */
  list: call.input(z.strictObject({ dataset: Id })).output(z.array(SavedFilter)),
  /** The same name again takes the place of the older filter. */
  save: call.input(z.strictObject({ name: Name, filter: ClipFilter })).output(z.strictObject({ id: Id })),
  rename: call.input(z.strictObject({ dataset: Id, filter: Id, name: Name })).output(z.void()),
  remove: call.input(z.strictObject({ dataset: Id, filter: Id })).output(z.void()),
}
