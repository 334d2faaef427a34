import type { ReadableCatalog, Review, Split, SqlValue } from '../catalog/index.ts'
import { flagBits, type QualityFlag } from './quality-flags.ts'

/**
 * What a person narrows a dataset's clips down to. Each list means "any of these", an empty one "all";
 * `null` in a list means "has none".
 */
export interface BrowseFilter {
  readonly dataset: number
  /** Words that all occur in the source path, the label's name or the speaker, in any case. */
  readonly search: string
  readonly labels: readonly (number | null)[]
  readonly splits: readonly (Split | null)[]
  readonly speakers: readonly (string | null)[]
  readonly reviews: readonly Review[]
  readonly quality: readonly (QualityFlag | null)[]
}

export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** The dataset's clips that are not in the bin and hold every word. */
export function searchCondition(catalog: ReadableCatalog, filter: Pick<BrowseFilter, 'dataset' | 'search'>): Condition {
  const parts = ['c.dataset_id = ?', 'c.binned_at IS NULL']
  const values: SqlValue[] = [filter.dataset]
  for (const word of filter.search.split(/\s+/).filter((w) => w !== '')) {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    // Labels are few: their ids are found first, and the clips' rows need no join.
    const labels = catalog.all<{ id: number }>(
      `SELECT id FROM labels WHERE dataset_id = ? AND name LIKE ? ESCAPE '\\'`, filter.dataset, like)
    parts.push(
      `(c.source LIKE ? ESCAPE '\\' OR c.speaker LIKE ? ESCAPE '\\' OR c.label_id IN (SELECT value FROM json_each(?)))`)
    values.push(like, like, JSON.stringify(labels.map((l) => l.id)))
  }
  return { sql: parts.join(' AND '), values }
}

/** The search and every list. */
export function filterCondition(catalog: ReadableCatalog, filter: BrowseFilter): Condition {
  const search = searchCondition(catalog, filter)
  const parts = [search.sql]
  const values: SqlValue[] = [...search.values]
  const lists = [
    ['c.label_id', filter.labels],
    ['c.split', filter.splits],
    ['c.speaker', filter.speakers],
    ['c.review', filter.reviews],
  ] as const
  for (const [column, list] of lists) {
    if (list.length === 0) continue
    const some = list.filter((value) => value !== null)
    const choices = [
      ...(some.length > 0 ? [`${column} IN (SELECT value FROM json_each(?))`] : []),
      ...(some.length < list.length ? [`${column} IS NULL`] : []),
    ]
    if (some.length > 0) values.push(JSON.stringify(some))
    parts.push(`(${choices.join(' OR ')})`)
  }
  if (filter.quality.length > 0) {
    parts.push(`(c.quality & ? <> 0${filter.quality.includes(null) ? ' OR c.quality = 0' : ''})`)
    values.push(flagBits(filter.quality.filter((flag) => flag !== null)))
  }
  return { sql: parts.join(' AND '), values }
}
