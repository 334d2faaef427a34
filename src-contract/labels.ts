import { z } from 'zod'
import { call } from './errors.ts'
import { Id, Name } from './values.ts'

/** One class of a dataset. Its place in the list is the class's index in a trained network. */
export const Label = z.strictObject({
  id: Id,
  name: z.string(),
  /** `#rrggbb` */
  colour: z.string(),
  /** The key that assigns it while a clip is selected, as typed: one character. */
  shortcut: z.string().nullable(),
  clips: z.int().nonnegative(),
})
export type Label = z.infer<typeof Label>

export const Colour = z.string().regex(/^#[0-9a-f]{6}$/)
export const LabelShortcut = z.string().regex(/^[\p{L}\p{N}]$/u, 'one letter or digit')

export const labels = {
  list: call.input(z.strictObject({ dataset: Id })).output(z.array(Label)),
  add: call.input(z.strictObject({ dataset: Id, name: Name })).output(z.strictObject({ id: Id })),
  /** Every label of the dataset once, in the new order of the classes. */
  reorder: call.input(z.strictObject({ dataset: Id, labels: z.array(Id).min(1).max(1000) })).output(z.void()),
  /** The clips of `from` get the label `into`, and `from` goes. */
  merge: call.input(z.strictObject({ dataset: Id, from: Id, into: Id })).output(z.void()),
  /** Its clips are left without a label; with `bin` they go to the bin as well. */
  remove: call.input(z.strictObject({ dataset: Id, label: Id, clips: z.enum(['unlabel', 'bin']).default('unlabel') })).output(z.void()),
  /** Members that are left out stay as they are. */
  update: call
    .input(
      z.strictObject({
        dataset: Id,
        label: Id,
        name: Name.optional(),
        colour: Colour.optional(),
        shortcut: LabelShortcut.nullable().optional(),
      }),
    )
    .output(z.void()),
}
