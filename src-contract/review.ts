import { z } from 'zod'
import { Clip, ClipFilter, ClipSort, Review } from './clips.ts'
import { call } from './errors.ts'
import { Id } from './values.ts'

const Decision = z.strictObject({ label: Id.nullable(), review: Review })
export type Decision = z.infer<typeof Decision>

/** What a decision changed, to take it back by. */
export const Decided = z.strictObject({ entry: Id.nullable(), before: Decision })
export type Decided = z.infer<typeof Decided>

/** Clips of one queue at most; when they are done, the next queue begins. */
export const QUEUE_LIMIT = 20_000

export const review = {
  /** The clips of a filter that wait for a person, in order: those without a label, those not reviewed, or all. */
  queue: call
    .input(z.strictObject({ filter: ClipFilter, sort: ClipSort, waiting: z.enum(['unlabelled', 'new', 'all']) }))
    .output(z.strictObject({ total: z.int().nonnegative(), ids: z.array(Id) })),
  /** Some clips as they are now, in the order asked for; those that are gone are left out. */
  clips: call.input(z.strictObject({ dataset: Id, ids: z.array(Id).min(1).max(100) })).output(z.array(Clip)),
  /** Label and review in one change. */
  decide: call.input(z.strictObject({ dataset: Id, clip: Id, decision: Decision })).output(Decided),
  takeBack: call.input(z.strictObject({ dataset: Id, clip: Id, decided: Decided })).output(z.void()),
}
