import { z } from 'zod'
import { call } from './errors.ts'
import { Id, QualityFlag, Sha256, Split } from './values.ts'

export const Review = z.enum(['new', 'accepted', 'rejected', 'unsure'])
export type Review = z.infer<typeof Review>

export const Clip = z.strictObject({
  id: Id,
  /** The name of the file it came from, with its folders below the imported one. */
  name: z.string(),
  /** SHA-256 of its recording. */
  recording: Sha256,
  /** The span [start, end) in samples of the recording, at the recording's own rate. */
  start: z.int().nonnegative(),
  end: z.int().positive(),
  /** Hz */
  sampleRate: z.int().positive(),
  seconds: z.number().positive(),
  label: Id.nullable(),
  split: Split.nullable(),
  speaker: z.string().nullable(),
  review: Review,
  flags: z.array(QualityFlag),
})
export type Clip = z.infer<typeof Clip>

export const SORT_COLUMNS = ['added', 'name', 'label', 'seconds', 'split', 'speaker', 'review'] as const
export const ClipSort = z.strictObject({ by: z.enum(SORT_COLUMNS), descending: z.boolean() })
export type ClipSort = z.infer<typeof ClipSort>

/** Facet lists: an empty list means "any"; `null` inside one means "has none". */
const anyOf = <T extends z.ZodType>(value: T) => z.array(value.nullable()).max(1000).default([])
export const ClipFilter = z.strictObject({
  dataset: Id,
  /** Words that all occur in the file name, the label or the speaker; upper and lower case are alike. */
  search: z.string().max(200).default(''),
  labels: anyOf(Id),
  splits: anyOf(Split),
  speakers: anyOf(z.string().max(200)),
  reviews: z.array(Review).max(4).default([]),
  /** `null`: looked at, and nothing found. */
  quality: anyOf(QualityFlag),
})
export type ClipFilter = z.infer<typeof ClipFilter>

/** What an action applies to: named clips, or everything that a filter shows but some. */
export const ClipSelection = z.union([
  z.strictObject({ dataset: Id, ids: z.array(Id).min(1).max(10_000) }),
  z.strictObject({ filter: ClipFilter, except: z.array(Id).max(10_000) }),
])
export type ClipSelection = z.infer<typeof ClipSelection>

/** Rows of one page at most. */
export const PAGE_LIMIT = 500

export const ClipPage = z.strictObject({ total: z.int().nonnegative(), clips: z.array(Clip) })
export type ClipPage = z.infer<typeof ClipPage>

const count = z.int().nonnegative()
/** How many clips each value of each facet would show, the other facets staying as they are. */
export const ClipFacets = z.strictObject({
  labels: z.array(z.strictObject({ value: Id.nullable(), count })),
  splits: z.array(z.strictObject({ value: Split.nullable(), count })),
  speakers: z.array(z.strictObject({ value: z.string().nullable(), count })),
  reviews: z.array(z.strictObject({ value: Review, count })),
  /** A clip counts under each of its flags. */
  quality: z.array(z.strictObject({ value: QualityFlag.nullable(), count })),
})
export type ClipFacets = z.infer<typeof ClipFacets>

const Changed = z.strictObject({ changed: z.int().nonnegative() })

export const clips = {
  page: call
    .input(
      z.strictObject({
        filter: ClipFilter,
        sort: ClipSort,
        offset: z.int().nonnegative(),
        limit: z.int().min(1).max(PAGE_LIMIT),
      }),
    )
    .output(ClipPage),
  facets: call.input(z.strictObject({ filter: ClipFilter })).output(ClipFacets),
  setLabel: call.input(z.strictObject({ clips: ClipSelection, label: Id.nullable() })).output(Changed),
  setSplit: call.input(z.strictObject({ clips: ClipSelection, split: Split.nullable() })).output(Changed),
  setReview: call.input(z.strictObject({ clips: ClipSelection, review: Review })).output(Changed),
  /** To the bin; undo brings them back. */
  bin: call.input(z.strictObject({ clips: ClipSelection })).output(Changed),
}
