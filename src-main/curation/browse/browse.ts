import { listLabelRows, type Library } from '../../catalog/index.ts'
import { countFacets, type BrowseFacets } from './browse-facets.ts'
import { filterMask, searchMask, type BrowseFilter } from './browse-filter.ts'
import { createOrders, type BrowseOrder } from './browse-order.ts'
import { readRows, type BrowseRow } from './browse-rows.ts'
import { loadClipTable, refreshClipTable, type ClipTable } from './clip-table.ts'
import { createKept } from './kept.ts'

/**
 * Looks through datasets of 100,000 clips and more at the speed of scrolling. The columns that are filtered and
 * sorted by are kept in memory and brought up to date before each answer; a page is then a lookup of its few ids,
 * wherever in the list it lies.
 */
export interface ClipBrowser {
  page(filter: BrowseFilter, order: BrowseOrder, offset: number, limit: number): { readonly total: number; readonly rows: BrowseRow[] }
  facets(filter: BrowseFilter): BrowseFacets
  /** In the order of `order`, from place `from` up to `to`; the whole list in the order of import if not told. */
  ids(filter: BrowseFilter, order?: BrowseOrder, from?: number, to?: number): readonly number[]
}

/** Datasets that are kept in memory. */
const KEPT_TABLES = 3

export function createClipBrowser(library: Library): ClipBrowser {
  const { catalog } = library
  const tables = new Map<number, ClipTable>()
  const orders = createOrders()
  const lists = createKept<Uint32Array>(catalog)
  const searches = createKept<Uint8Array>(catalog)

  function tableOf(dataset: number): ClipTable {
    const known = tables.get(dataset)
    const table = known && refreshClipTable(library, known) ? known : loadClipTable(library, dataset)
    tables.delete(dataset)
    tables.set(dataset, table)
    for (const oldest of tables.keys()) {
      if (tables.size <= KEPT_TABLES) break
      tables.delete(oldest)
    }
    return table
  }

  const searchOf = (table: ClipTable, filter: BrowseFilter): Uint8Array =>
    searches(JSON.stringify([filter.dataset, filter.binned, filter.search]), () =>
      searchMask(table, filter, new Map(listLabelRows(catalog, filter.dataset).map((l) => [l.id, l.name]))))

  const ordered = (table: ClipTable, filter: BrowseFilter, order: BrowseOrder): Uint32Array =>
    lists(JSON.stringify([filter, order]), () => {
      const places = new Map(listLabelRows(catalog, filter.dataset).map((l, place) => [l.id, place]))
      return orders.positions(table, filterMask(table, filter, searchOf(table, filter)), order, places)
    })

  function ids(filter: BrowseFilter, order: BrowseOrder, from: number, to: number): { total: number; part: number[] } {
    const table = tableOf(filter.dataset)
    const positions = ordered(table, filter, order)
    return { total: positions.length, part: Array.from(positions.subarray(from, to), (position) => table.ids[position]!) }
  }

  return {
    page(filter, order, offset, limit) {
      const { total, part } = ids(filter, order, offset, offset + limit)
      return { total, rows: readRows(catalog, part) }
    },
    facets(filter) {
      const table = tableOf(filter.dataset)
      return countFacets(table, filter, searchOf(table, filter))
    },
    ids: (filter, order = { by: 'added', descending: false }, from = 0, to = Infinity) => ids(filter, order, from, to).part,
  }
}
