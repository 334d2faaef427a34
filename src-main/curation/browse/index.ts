/** Looking through a dataset: filters, counts, orders, pages, answered from columns in memory. */
export { createClipBrowser, type ClipBrowser } from './browse.ts'
export { readRows, type BrowseRow } from './browse-rows.ts'
export { BROWSE_ORDERS, type BrowseOrder } from './browse-order.ts'
export type { BrowseFilter } from './browse-filter.ts'
export type { BrowseFacets, DurationBars, FacetCount } from './browse-facets.ts'
export { catalogVersion, createKept } from './kept.ts'
