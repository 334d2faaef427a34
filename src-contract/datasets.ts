import { z } from 'zod'
import { call } from './errors.ts'
import { Id, Name } from './values.ts'

const count = z.int().nonnegative()
export const Dataset = z.strictObject({
  id: Id,
  name: z.string(),
  clips: count,
  /** Duration of all its clips. */
  seconds: z.number().nonnegative(),
  labels: count,
  unlabelled: count,
  /** Clips in its bin. */
  binned: count,
  /** Clips of each label in their order, with the label's colour: for a picture of the balance. */
  balance: z.array(z.strictObject({ colour: z.string(), clips: count })),
  splits: z.strictObject({ train: count, validation: count, test: count }),
  /** Which clips are in the test set cannot be changed. */
  testLocked: z.boolean(),
})
export type Dataset = z.infer<typeof Dataset>

export const datasets = {
  list: call.output(z.array(Dataset)),
  create: call.input(z.strictObject({ name: Name })).output(z.strictObject({ id: Id })),
  rename: call.input(z.strictObject({ dataset: Id, name: Name })).output(z.void()),
  /** Same labels, clips and saved filters, under a free name; recordings are shared. */
  duplicate: call.input(z.strictObject({ dataset: Id })).output(z.strictObject({ id: Id })),
  /** To the bin, with its clips; undo brings it back. */
  remove: call.input(z.strictObject({ dataset: Id })).output(z.void()),
}
