import { z } from 'zod'
import { call } from './errors.ts'
import { Id, Name } from './values.ts'

export const Dataset = z.strictObject({
  id: Id,
  name: z.string(),
  clips: z.int().nonnegative(),
  /** Duration of all its clips. */
  seconds: z.number().nonnegative(),
  labels: z.int().nonnegative(),
  unlabelled: z.int().nonnegative(),
})
export type Dataset = z.infer<typeof Dataset>

export const datasets = {
  list: call.output(z.array(Dataset)),
  rename: call.input(z.strictObject({ dataset: Id, name: Name })).output(z.void()),
}
