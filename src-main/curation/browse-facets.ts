import type { ReadableCatalog, Review, Split } from '../catalog/index.ts'
import { searchCondition, type BrowseFilter } from './browse-filter.ts'
import { flagBits, flagsOf, type QualityFlag } from './quality-flags.ts'

export interface FacetCount<T> {
  readonly value: T
  readonly count: number
}

/** How many clips each value would show if it were the only one chosen in its list, the other lists as they are. */
export interface BrowseFacets {
  readonly labels: readonly FacetCount<number | null>[]
  readonly splits: readonly FacetCount<Split | null>[]
  readonly speakers: readonly FacetCount<string | null>[]
  readonly reviews: readonly FacetCount<Review>[]
  /** `null`: looked at, and nothing found. A clip counts under each of its flags. */
  readonly quality: readonly FacetCount<QualityFlag | null>[]
}

/** Clips that agree in everything that the lists ask about: a few hundred groups stand for 100,000 clips. */
export interface FacetGroup {
  readonly label: number | null
  readonly split: Split | null
  readonly speaker: string | null
  readonly review: Review
  /** Bits. */
  readonly quality: number | null
  readonly count: number
}

export function facetGroups(catalog: ReadableCatalog, filter: Pick<BrowseFilter, 'dataset' | 'search'>): FacetGroup[] {
  const { sql, values } = searchCondition(catalog, filter)
  return catalog.all<FacetGroup>(
    `SELECT c.label_id AS label, c.split, c.speaker, c.review, c.quality, count(*) AS count FROM clips c WHERE ${sql}
     GROUP BY c.label_id, c.split, c.speaker, c.review, c.quality`,
    ...values)
}

export function countFacets(groups: readonly FacetGroup[], filter: BrowseFilter): BrowseFacets {
  const chosen = {
    label: new Set<unknown>(filter.labels),
    split: new Set<unknown>(filter.splits),
    speaker: new Set<unknown>(filter.speakers),
    review: new Set<unknown>(filter.reviews),
  }
  const columns = ['label', 'split', 'speaker', 'review'] as const
  const bits = flagBits(filter.quality.filter((flag) => flag !== null))
  const hasQuality = ({ quality }: FacetGroup): boolean =>
    filter.quality.length === 0 || ((quality ?? 0) & bits) !== 0 || (quality === 0 && filter.quality.includes(null))
  function countBy<C extends (typeof columns)[number]>(column: C): FacetCount<FacetGroup[C]>[] {
    const others = columns.filter((c) => c !== column && chosen[c].size > 0)
    const counts = new Map<FacetGroup[C], number>()
    for (const group of groups) {
      // A value that the other lists hide stays listed, with 0: what was there a moment ago must not jump away.
      const shown = others.every((c) => chosen[c].has(group[c])) && hasQuality(group)
      counts.set(group[column], (counts.get(group[column]) ?? 0) + (shown ? group.count : 0))
    }
    return [...counts].map(([value, count]) => ({ value, count }))
  }
  function countQuality(): FacetCount<QualityFlag | null>[] {
    const counts = new Map<QualityFlag | null, number>()
    for (const group of groups) {
      if (group.quality === null) continue
      const shown = columns.every((c) => chosen[c].size === 0 || chosen[c].has(group[c]))
      for (const flag of group.quality === 0 ? [null] : flagsOf(group.quality)) counts.set(flag, (counts.get(flag) ?? 0) + (shown ? group.count : 0))
    }
    return [...counts].map(([value, count]) => ({ value, count }))
  }
  return {
    labels: countBy('label'), splits: countBy('split'), speakers: countBy('speaker'), reviews: countBy('review'), quality: countQuality(),
  }
}
