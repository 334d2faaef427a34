import { QUALITY_FLAGS, type QualityFlag } from '@contract'
import type { FacetEntry } from './FacetList.vue'

/** The flags that occur, in the order of the contract, and last the clips that have none. */
export function flagEntries(counts: readonly { value: QualityFlag | null; count: number }[], nameOf: (flag: QualityFlag | 'none') => string): FacetEntry<QualityFlag | null>[] {
  const found = [...QUALITY_FLAGS, null].flatMap((flag) => counts.filter((c) => c.value === flag))
  return found.map(({ value, count }) => ({ value, name: nameOf(value ?? 'none'), count }))
}
