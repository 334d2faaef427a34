import { z } from 'zod'
import { Edits } from './edits.ts'
import { call } from './errors.ts'
import { Id, Name, QualityFlag, Sha256, Split } from './values.ts'

export const Review = z.enum(['new', 'accepted', 'rejected', 'unsure'])
export type Review = z.infer<typeof Review>

/** Frequencies that a clip is about, Hz. */
export const Band = z.strictObject({ low: z.number().nonnegative().max(400_000), high: z.number().positive().max(400_000) })
export type Band = z.infer<typeof Band>

/** `hard`: as a person said. `suggested`: a suggestion waits for a person. */
export const CLIP_MARKS = ['hard', 'suggested'] as const
export const ClipMark = z.enum(CLIP_MARKS)
export type ClipMark = z.infer<typeof ClipMark>

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
  session: z.string().nullable(),
  take: z.string().nullable(),
  review: Review,
  flags: z.array(QualityFlag),
  /** null: all of them. */
  band: Band.nullable(),
  /** What its sound goes through wherever it is used. */
  edits: Edits,
  /** A person marked it: its label is right, and yet networks err about it. */
  hard: z.boolean(),
  /** What a model would call it; it goes when a person says what the clip is. */
  suggestion: z.strictObject({ label: Id, probability: z.number().min(0).max(1) }).nullable(),
})
export type Clip = z.infer<typeof Clip>

export const SORT_COLUMNS = ['added', 'name', 'label', 'seconds', 'split', 'speaker', 'session', 'folder', 'review'] as const
export const ClipSort = z.strictObject({ by: z.enum(SORT_COLUMNS), descending: z.boolean() })
export type ClipSort = z.infer<typeof ClipSort>

/** Facet lists: an empty list means "any"; `null` inside one means "has none". */
const anyOf = <T extends z.ZodType>(value: T) => z.array(value.nullable()).max(1000).default([])
export const ClipFilter = z.strictObject({
  dataset: Id,
  /** Words that all occur in the file name, the label, the speaker or the session; upper and lower case are alike. */
  search: z.string().max(200).default(''),
  labels: anyOf(Id),
  splits: anyOf(Split),
  speakers: anyOf(z.string().max(200)),
  sessions: anyOf(z.string().max(200)),
  /** Folder of the name, without the slash at its end; null: none. */
  folders: anyOf(z.string().max(4096)),
  reviews: z.array(Review).max(4).default([]),
  /** `null`: looked at, and nothing found. */
  quality: anyOf(QualityFlag),
  /** `null`: none of them. */
  marks: anyOf(ClipMark),
  /** [from, to) in seconds; null: no limit. */
  seconds: z.strictObject({ from: z.number().nonnegative().nullable(), to: z.number().nonnegative().nullable() }).default({ from: null, to: null }),
  /** The clips in the bin instead of the others. */
  binned: z.boolean().default(false),
})
export type ClipFilter = z.infer<typeof ClipFilter>

/** Clips that one call names by their ids at most. */
export const IDS_LIMIT = 50_000

/** What an action applies to: named clips, or everything that a filter shows but some. */
export const ClipSelection = z.union([
  z.strictObject({ dataset: Id, ids: z.array(Id).min(1).max(IDS_LIMIT) }),
  z.strictObject({ filter: ClipFilter, except: z.array(Id).max(IDS_LIMIT) }),
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
  sessions: z.array(z.strictObject({ value: z.string().nullable(), count })),
  folders: z.array(z.strictObject({ value: z.string().nullable(), count })),
  reviews: z.array(z.strictObject({ value: Review, count })),
  /** A clip counts under each of its flags. */
  quality: z.array(z.strictObject({ value: QualityFlag.nullable(), count })),
  /** A clip counts under each of its marks. */
  marks: z.array(z.strictObject({ value: ClipMark.nullable(), count })),
  /** Bar i counts the clips of [edges[i], edges[i + 1]) seconds. */
  durations: z.strictObject({ edges: z.array(z.number()), counts: z.array(count) }),
  /** Duration of all that the filter shows, in seconds. */
  seconds: z.number().nonnegative(),
})
export type ClipFacets = z.infer<typeof ClipFacets>

export const Changed = z.strictObject({ changed: z.int().nonnegative() })

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
  /** The ids of the list from one place up to another, for a range that was not all in sight. */
  ids: call
    .input(z.strictObject({ filter: ClipFilter, sort: ClipSort, offset: z.int().nonnegative(), limit: z.int().min(1).max(IDS_LIMIT) }))
    .output(z.array(Id)),
  setLabel: call.input(z.strictObject({ clips: ClipSelection, label: Id.nullable() })).output(Changed),
  setSplit: call.input(z.strictObject({ clips: ClipSelection, split: Split.nullable() })).output(Changed),
  setReview: call.input(z.strictObject({ clips: ClipSelection, review: Review })).output(Changed),
  setHard: call.input(z.strictObject({ clips: ClipSelection, hard: z.boolean() })).output(Changed),
  /** Takes the place of all suggestions of the dataset. Clips that are gone or have the label already are passed over. */
  suggest: call
    .input(z.strictObject({ dataset: Id, suggestions: z.array(z.strictObject({ clip: Id, label: Id, probability: z.number().min(0).max(1) })).min(1).max(IDS_LIMIT) }))
    .output(Changed),
  /** The suggestions of these clips become their labels; clips without one stay as they are. */
  acceptSuggestions: call.input(z.strictObject({ clips: ClipSelection })).output(Changed),
  /** All suggestions of a dataset go. */
  dropSuggestions: call.input(z.strictObject({ dataset: Id })).output(Changed),
  setSpeaker: call.input(z.strictObject({ clips: ClipSelection, speaker: Name.nullable() })).output(Changed),
  /** Labels go along by name. `present`: left where they are, because the other dataset has the same span. */
  move: call
    .input(z.strictObject({ clips: ClipSelection, to: Id }))
    .output(z.strictObject({ changed: z.int().nonnegative(), present: z.int().nonnegative() })),
  /** To the bin; undo brings them back. */
  bin: call.input(z.strictObject({ clips: ClipSelection })).output(Changed),
  restore: call.input(z.strictObject({ clips: ClipSelection })).output(Changed),
}
