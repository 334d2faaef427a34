import { ranksOf, type Coded } from './coded.ts'
import type { ClipTable } from './clip-table.ts'

export const BROWSE_ORDERS = ['added', 'name', 'label', 'seconds', 'split', 'speaker', 'session', 'folder', 'review'] as const
export interface BrowseOrder {
  readonly by: (typeof BROWSE_ORDERS)[number]
  readonly descending: boolean
}

/** Positions of all clips, ascending, equal ones in the order of their ids; from `nothingFrom` on those without a value. */
interface Ranked {
  readonly positions: Uint32Array
  readonly nothingFrom: number
}

const SPLITS = { train: 0, validation: 1, test: 2 }
const REVIEWS = { new: 0, unsure: 1, rejected: 2, accepted: 3 }
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byFoldedText = (a: string, b: string): number => byText(a.toLowerCase(), b.toLowerCase())

/** Orders that do not depend on what a person edits are kept until the table's shape changes. */
export interface Orders {
  /** Positions of the clips whose mask is 1, in order. Those without a value come last in either direction. */
  positions(table: ClipTable, mask: Uint8Array, order: BrowseOrder, labelPlaces: ReadonlyMap<number, number>): Uint32Array
}

export function createOrders(): Orders {
  const kept = new Map<'name' | 'seconds', { shape: number; table: ClipTable; ranked: Ranked }>()
  const stable = (table: ClipTable, by: 'name' | 'seconds', find: () => Ranked): Ranked => {
    const known = kept.get(by)
    if (known?.table === table && known.shape === table.shape) return known.ranked
    const ranked = find()
    kept.set(by, { shape: table.shape, table, ranked })
    return ranked
  }
  return {
    positions(table, mask, { by, descending }, labelPlaces) {
      const { labels, splits, speakers, sessions, folders, reviews } = table.choices
      const find: Record<BrowseOrder['by'], () => Ranked> = {
        added: () => ({ positions: identity(table.size), nothingFrom: table.size }),
        name: () => stable(table, 'name', () => sorted(table.size, (a, b) => byText(table.folded[a]!, table.folded[b]!))),
        seconds: () => stable(table, 'seconds', () => sorted(table.size, (a, b) => table.seconds[a]! - table.seconds[b]!)),
        label: () => byRank(table.size, labels, ranksOf(labels, (a, b) => (labelPlaces.get(a) ?? 0) - (labelPlaces.get(b) ?? 0))),
        split: () => byRank(table.size, splits, ranksOf(splits, (a, b) => SPLITS[a] - SPLITS[b])),
        speaker: () => byRank(table.size, speakers, ranksOf(speakers, byFoldedText)),
        session: () => byRank(table.size, sessions, ranksOf(sessions, byFoldedText)),
        folder: () => byRank(table.size, folders, ranksOf(folders, byFoldedText)),
        review: () => byRank(table.size, reviews, ranksOf(reviews, (a, b) => REVIEWS[a] - REVIEWS[b])),
      }
      return chosen(find[by](), mask, descending)
    },
  }
}

function identity(size: number): Uint32Array {
  const positions = new Uint32Array(size)
  for (let i = 0; i < size; i++) positions[i] = i
  return positions
}

/** An import usually comes in order already: then nothing is sorted. */
function sorted(size: number, compare: (a: number, b: number) => number): Ranked {
  const positions = identity(size)
  let inOrder = true
  for (let i = 1; i < size && inOrder; i++) inOrder = compare(i - 1, i) <= 0
  if (!inOrder) positions.sort((a, b) => compare(a, b) || a - b)
  return { positions, nothingFrom: size }
}

/** Counting sort by the rank of the value; what has none comes last. */
function byRank(size: number, column: Coded<unknown>, ranks: Int32Array): Ranked {
  const buckets = ranks.reduce((most, rank) => Math.max(most, rank + 1), 0)
  const starts = new Uint32Array(buckets + 2)
  const bucketOf = (i: number): number => {
    const rank = ranks[column.codes[i]!]!
    return rank < 0 ? buckets : rank
  }
  for (let i = 0; i < size; i++) starts[bucketOf(i) + 1]!++
  for (let b = 1; b < starts.length; b++) starts[b]! += starts[b - 1]!
  const nothingFrom = starts[buckets]!
  const positions = new Uint32Array(size)
  for (let i = 0; i < size; i++) positions[starts[bucketOf(i)]!++] = i
  return { positions, nothingFrom }
}

function chosen({ positions, nothingFrom }: Ranked, mask: Uint8Array, descending: boolean): Uint32Array {
  const result = new Uint32Array(positions.length)
  let count = 0
  const take = (from: number, to: number): void => {
    if (descending) {
      for (let i = to - 1; i >= from; i--) if (mask[positions[i]!]) result[count++] = positions[i]!
    } else for (let i = from; i < to; i++) if (mask[positions[i]!]) result[count++] = positions[i]!
  }
  take(0, nothingFrom)
  take(nothingFrom, positions.length)
  return result.subarray(0, count)
}
