import type { Library, ReadableCatalog } from '../catalog/index.ts'
import { countFacets, facetGroups, type BrowseFacets, type FacetGroup } from './browse-facets.ts'
import { filterCondition, type BrowseFilter } from './browse-filter.ts'
import { readRows, type BrowseRow } from './browse-rows.ts'

export const BROWSE_ORDERS = ['added', 'name', 'label', 'seconds', 'split', 'speaker', 'review'] as const
export interface BrowseOrder {
  readonly by: (typeof BROWSE_ORDERS)[number]
  readonly descending: boolean
}

/**
 * Looks through datasets of 100,000 clips and more at the speed of scrolling. The ids of a filter in its order
 * are found once and kept until a row changes, by this program or another; a page is then a lookup of its few
 * ids, wherever in the list it lies.
 */
export interface ClipBrowser {
  page(filter: BrowseFilter, order: BrowseOrder, offset: number, limit: number): { readonly total: number; readonly rows: BrowseRow[] }
  facets(filter: BrowseFilter): BrowseFacets
  ids(filter: BrowseFilter): readonly number[]
}

/** Filters that are remembered: a person goes back and forth between a few. */
const KEPT_LISTS = 8

const ORDER_SQL: Readonly<Record<BrowseOrder['by'], string>> = {
  added: 'c.id',
  name: `coalesce(c.source, (SELECT original_name FROM recordings WHERE key = c.recording_key)) COLLATE NOCASE`,
  // Without a label last: NULL sorts first in SQLite.
  label: '(SELECT position FROM labels WHERE id = c.label_id)',
  seconds: 'c.seconds',
  split: `CASE c.split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 WHEN 'test' THEN 2 END`,
  speaker: 'c.speaker COLLATE NOCASE',
  review: `CASE c.review WHEN 'new' THEN 0 WHEN 'unsure' THEN 1 WHEN 'rejected' THEN 2 ELSE 3 END`,
}

export function createClipBrowser({ catalog }: Library): ClipBrowser {
  const lists = createKept<readonly number[]>(catalog)
  const groups = createKept<readonly FacetGroup[]>(catalog)

  const ordered = (filter: BrowseFilter, order: BrowseOrder): readonly number[] =>
    lists(JSON.stringify([filter, order]), () => {
      const { sql, values } = filterCondition(catalog, filter)
      const way = order.descending ? 'DESC' : 'ASC'
      const by = order.by === 'added' ? `c.id ${way}` : `${ORDER_SQL[order.by]} ${way} NULLS LAST, c.id ${way}`
      const row = catalog.get<{ ids: string }>(
        `SELECT json_group_array(id) AS ids FROM (SELECT c.id FROM clips c WHERE ${sql} ORDER BY ${by})`, ...values)
      return JSON.parse(row?.ids ?? '[]') as number[]
    })

  return {
    page(filter, order, offset, limit) {
      const ids = ordered(filter, order)
      return { total: ids.length, rows: readRows(catalog, ids.slice(offset, offset + limit)) }
    },
    facets(filter) {
      const { dataset, search } = filter
      return countFacets(groups(JSON.stringify([dataset, search]), () => facetGroups(catalog, { dataset, search })), filter)
    },
    ids: (filter) => ordered(filter, { by: 'added', descending: false }),
  }
}

/** Remembers a few answers by their question for as long as no row of the catalog changes. */
function createKept<T>(catalog: ReadableCatalog): (key: string, find: () => T) => T {
  const kept = new Map<string, T>()
  let seen = ''
  return (key, find) => {
    const now = catalogVersion(catalog)
    if (now !== seen) kept.clear()
    seen = now
    const value = kept.get(key) ?? find()
    kept.delete(key)
    kept.set(key, value)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_LISTS) break
      kept.delete(oldest)
    }
    return value
  }
}

/** Differs after any change: by this connection (`total_changes`), or by another program (`data_version`). */
export function catalogVersion(catalog: ReadableCatalog): string {
  const row = catalog.get<{ own: number; others: number }>(
    'SELECT total_changes() AS own, (SELECT data_version FROM pragma_data_version) AS others')
  return `${row?.own}/${row?.others}`
}
