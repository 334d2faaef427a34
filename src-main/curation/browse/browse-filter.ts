import type { Review, Split } from '../../catalog/index.ts'
import { markBits, type ClipMarkName } from '../clip-marks.ts'
import { flagBits, type QualityFlag } from '../quality-flags.ts'
import { allowedCodes, type Coded } from './coded.ts'
import type { ChoiceColumns, ClipTable } from './clip-table.ts'

/**
 * What a person narrows a dataset's clips down to. Each list means "any of these", an empty one "all";
 * `null` in a list means "has none".
 */
export interface BrowseFilter {
  readonly dataset: number
  /** Words that all occur in the name (with its folders), the label, the speaker or the session, in any case. */
  readonly search: string
  readonly labels: readonly (number | null)[]
  readonly splits: readonly (Split | null)[]
  readonly speakers: readonly (string | null)[]
  readonly sessions: readonly (string | null)[]
  readonly folders: readonly (string | null)[]
  readonly reviews: readonly Review[]
  /** A clip with any of these flags; null: looked at, and nothing found. */
  readonly quality: readonly (QualityFlag | null)[]
  /** A clip with any of these marks; null: with none. */
  readonly marks: readonly (ClipMarkName | null)[]
  /** [from, to) in seconds; null: no limit at that side. */
  readonly seconds: { readonly from: number | null; readonly to: number | null }
  /** The clips in the bin instead of the others. */
  readonly binned: boolean
}

export const CHOICES = ['labels', 'splits', 'speakers', 'sessions', 'folders', 'reviews', 'quality', 'marks'] as const satisfies (keyof ChoiceColumns)[]
export type Choice = (typeof CHOICES)[number]

/** One of the things that a filter asks of a clip; 1 by code where it is fulfilled, null where it always is. */
export interface Condition {
  readonly codes: Int32Array
  readonly allowed: Uint8Array | null
}

export function choiceConditions(table: ClipTable, filter: BrowseFilter): Record<Choice, Condition> {
  const of = <T>(column: Coded<T>, wanted: readonly T[]): Condition => ({ codes: column.codes, allowed: allowedCodes(column, wanted) })
  const { labels, splits, speakers, sessions, folders, reviews, quality, marks } = table.choices
  return {
    labels: of(labels, filter.labels), splits: of(splits, filter.splits), speakers: of(speakers, filter.speakers),
    sessions: of(sessions, filter.sessions), folders: of(folders, filter.folders), reviews: of(reviews, filter.reviews),
    quality: { codes: quality.codes, allowed: allowedBits(quality.values, filter.quality, flagBits) },
    marks: { codes: marks.codes, allowed: allowedBits(marks.values, filter.marks, markBits) },
  }
}

function allowedBits<T extends string>(values: readonly (number | null)[], wanted: readonly (T | null)[], bitsOf: (wanted: readonly T[]) => number): Uint8Array | null {
  if (wanted.length === 0) return null
  const bits = bitsOf(wanted.filter((flag) => flag !== null))
  return Uint8Array.from(values, (value) => (((value ?? 0) & bits) !== 0 || (value === 0 && wanted.includes(null)) ? 1 : 0))
}

export type Inside = (seconds: number) => boolean
export function durationCondition({ seconds: { from, to } }: BrowseFilter): Inside | null {
  if (from === null && to === null) return null
  const least = from ?? -Infinity
  const most = to ?? Infinity
  return (seconds) => seconds >= least && seconds < most
}

/** By position: 1 where the clip is on the wanted side of the bin and holds every word of the search. */
export function searchMask(table: ClipTable, filter: BrowseFilter, labelNames: ReadonlyMap<number, string>): Uint8Array {
  const mask = new Uint8Array(table.size)
  const wanted = filter.binned ? 1 : 0
  for (let i = 0; i < table.size; i++) if (table.binned[i] === wanted) mask[i] = 1
  const { labels, speakers, sessions } = table.choices
  for (const word of filter.search.toLowerCase().split(/\s+/).filter((w) => w !== '')) {
    const holds = (text: string | null | undefined): 0 | 1 => (text?.toLowerCase().includes(word) ? 1 : 0)
    const byLabel = Uint8Array.from(labels.values, (id) => holds(id === null ? null : labelNames.get(id)))
    const bySpeaker = Uint8Array.from(speakers.values, holds)
    const bySession = Uint8Array.from(sessions.values, holds)
    for (let i = 0; i < table.size; i++) {
      if (mask[i] === 0 || byLabel[labels.codes[i]!] || bySpeaker[speakers.codes[i]!] || bySession[sessions.codes[i]!]) continue
      if (!table.folded[i]!.includes(word)) mask[i] = 0
    }
  }
  return mask
}

/** By position: 1 where the clip is shown. */
export function filterMask(table: ClipTable, filter: BrowseFilter, search: Uint8Array): Uint8Array {
  const mask = search.slice()
  for (const { codes, allowed } of Object.values(choiceConditions(table, filter))) {
    if (allowed === null) continue
    for (let i = 0; i < table.size; i++) if (!allowed[codes[i]!]) mask[i] = 0
  }
  const inside = durationCondition(filter)
  if (inside) for (let i = 0; i < table.size; i++) if (!inside(table.seconds[i]!)) mask[i] = 0
  return mask
}
