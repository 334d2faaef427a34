import { z } from 'zod'
import { call } from './errors.ts'
import { Id } from './values.ts'

const count = z.int().nonnegative()
const Sides = z.strictObject({ train: count, validation: count, test: count })
export type Sides = z.infer<typeof Sides>

export const SPLIT_WARNINGS = [
  'SPEAKER_LEAK', 'SESSION_LEAK', 'RECORDING_LEAK', 'NEAR_DUPLICATE_LEAK', 'LABEL_MISSING', 'EMPTY_SPLIT', 'NO_GROUP', 'TOO_FEW_GROUPS',
] as const
/** What makes a measured accuracy better than the truth, or makes it impossible to measure. */
export const SplitWarning = z.strictObject({
  code: z.enum(SPLIT_WARNINGS),
  message: z.string(),
  /** The speakers, sessions, recordings or labels that it is about; the first ten. */
  examples: z.array(z.string()),
})
export type SplitWarning = z.infer<typeof SplitWarning>

export const SplitCounts = z.strictObject({
  counts: Sides,
  /** In the order of the labels; null: clips without one. */
  byLabel: z.array(z.strictObject({ label: z.string().nullable(), ...Sides.shape })),
  /** Different speakers on each side. */
  speakers: Sides,
  warnings: z.array(SplitWarning),
})
export type SplitCounts = z.infer<typeof SplitCounts>

export const SplitState = z.strictObject({
  ...SplitCounts.shape,
  unsplit: count,
  testLocked: z.boolean(),
  /** How many different ones there are to split by. */
  groups: z.strictObject({ speakers: count, sessions: count }),
})
export type SplitState = z.infer<typeof SplitState>

const fraction = z.number().min(0).max(0.9)
export const SplitRequest = z.strictObject({
  /** What must not be on two sides; null: recordings, stratified by label. */
  group: z.enum(['speaker', 'session']).nullable(),
  seed: z.int().min(0).max(2 ** 31 - 1),
  /** Of all clips, or of what the test set leaves where that is kept or chosen by a rule. */
  validation: fraction,
  test: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('fraction'), fraction }),
    /** Such as `take<5`. */
    z.strictObject({ by: z.literal('rule'), where: z.string().max(1000) }),
    /** Those that are in it now. */
    z.strictObject({ by: z.literal('keep') }),
  ]),
})
export type SplitRequest = z.infer<typeof SplitRequest>

const input = z.strictObject({ dataset: Id, request: SplitRequest })
export const splits = {
  /** How the dataset is divided now. */
  state: call.input(z.strictObject({ dataset: Id })).output(SplitState),
  /** What a split would give; nothing is changed. */
  preview: call.input(input).output(SplitCounts),
  /** One change that can be undone. */
  apply: call.input(input).output(SplitCounts),
  /** A locked test set refuses every change of which clips are in it, from wherever it comes. */
  lockTest: call.input(z.strictObject({ dataset: Id, locked: z.boolean() })).output(z.void()),
}
