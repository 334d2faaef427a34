import type { ClipMark, Library, Review, Split } from '../../catalog/index.ts'
import { createCoded, setCoded, type Coded } from './coded.ts'

/** The columns that lists of choices ask about. A new one is a line here, in `readValues` and in `BrowseFilter`. */
export interface ChoiceColumns {
  readonly labels: Coded<number | null>
  readonly splits: Coded<Split | null>
  readonly speakers: Coded<string | null>
  readonly sessions: Coded<string | null>
  /** Folder of the source path, below the imported one; null for its top. */
  readonly folders: Coded<string | null>
  readonly reviews: Coded<Review>
  /** Bits of flags; null until somebody has looked at the clip. */
  readonly quality: Coded<number | null>
  /** Bits of marks, see clip-marks.ts. */
  readonly marks: Coded<number>
}

/**
 * A dataset's clips in memory, a column an array, in the order of their ids: 100,000 of them are filtered, counted
 * and sorted in a few milliseconds, which SQLite needs a hundred and more for. About 150 bytes a clip.
 */
export interface ClipTable {
  readonly dataset: number
  size: number
  ids: Float64Array
  seconds: Float64Array
  /** 1 where the clip is in the bin. */
  binned: Uint8Array
  /** Source path, or the recording's own name. */
  readonly names: string[]
  /** The same in lower case. */
  readonly folded: string[]
  readonly choices: ChoiceColumns
  /** Goes up when a clip is added, a name or a length changes: what orders by these rest on. */
  shape: number
  mark: ClipMark
}

interface ValueRow {
  readonly id: number
  readonly dataset: number
  readonly name: string
  readonly source: string | null
  readonly seconds: number
  readonly binned: 0 | 1
  readonly label: number | null
  readonly split: Split | null
  readonly speaker: string | null
  readonly session: string | null
  readonly review: Review
  readonly quality: number | null
  readonly marks: number
}

const SELECT = `SELECT c.id, c.dataset_id AS dataset, coalesce(c.source, r.original_name) AS name, c.source, c.seconds,
  c.binned_at IS NOT NULL AS binned, c.label_id AS label, c.split, c.speaker, c.session, c.review, c.quality,
  c.hard | ((c.suggested_label_id IS NOT NULL) << 1) AS marks
  FROM clips c JOIN recordings r ON r.key = c.recording_key`

export function loadClipTable({ catalog }: Library, dataset: number): ClipTable {
  const { mark } = catalog.clipChanges(null)
  const rows = catalog.all<ValueRow>(`${SELECT} WHERE c.dataset_id = ? ORDER BY c.id`, dataset)
  const capacity = Math.max(1024, Math.ceil(rows.length * 1.25))
  const table: ClipTable = {
    dataset, size: rows.length, mark, shape: 0, names: [], folded: [],
    ids: new Float64Array(capacity), seconds: new Float64Array(capacity), binned: new Uint8Array(capacity),
    choices: {
      labels: createCoded(capacity), splits: createCoded(capacity), speakers: createCoded(capacity), sessions: createCoded(capacity),
      folders: createCoded(capacity), reviews: createCoded(capacity), quality: createCoded(capacity),
      marks: createCoded(capacity),
    },
  }
  for (const [position, row] of rows.entries()) readValues(table, position, row)
  return table
}

/** Brings the table up to date by reading only what changed; false where it must be loaded again. */
export function refreshClipTable({ catalog }: Library, table: ClipTable): boolean {
  const { mark, ids } = catalog.clipChanges(table.mark)
  if (ids === null || ids.length > 1000 + table.size / 2) return false
  table.mark = mark
  if (ids.length === 0) return true
  const rows = new Map(
    catalog.all<ValueRow>(`${SELECT} WHERE c.id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids)).map((row) => [row.id, row]),
  )
  for (const id of ids.toSorted((a, b) => a - b)) {
    const row = rows.get(id)
    const position = positionOf(table, id)
    if (position >= 0) {
      // Gone from here: every later one moves up, which loading does as well.
      if (row?.dataset !== table.dataset) return false
      if (row.name !== table.names[position] || row.seconds !== table.seconds[position]) table.shape++
      readValues(table, position, row)
    } else if (row?.dataset === table.dataset) {
      if (table.size > 0 && id < table.ids[table.size - 1]!) return false
      if (table.size === table.ids.length) grow(table)
      readValues(table, table.size++, row)
      table.shape++
    }
  }
  return true
}

/** The place of an id, -1 where the table does not have it. */
export function positionOf(table: ClipTable, id: number): number {
  let low = 0
  let high = table.size - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const there = table.ids[middle]!
    if (there === id) return middle
    if (there < id) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function readValues(table: ClipTable, position: number, row: ValueRow): void {
  table.ids[position] = row.id
  table.seconds[position] = row.seconds
  table.binned[position] = row.binned
  if (table.names[position] !== row.name) {
    table.names[position] = row.name
    table.folded[position] = row.name.toLowerCase()
  }
  const { labels, splits, speakers, sessions, folders, reviews, quality, marks } = table.choices
  setCoded(labels, position, row.label)
  setCoded(splits, position, row.split)
  setCoded(speakers, position, row.speaker)
  setCoded(sessions, position, row.session)
  setCoded(folders, position, folderOf(row.source))
  setCoded(reviews, position, row.review)
  setCoded(quality, position, row.quality)
  setCoded(marks, position, row.marks)
}

function folderOf(source: string | null): string | null {
  const end = source?.lastIndexOf('/') ?? -1
  return source === null || end <= 0 ? null : source.slice(0, end)
}

function grow(table: ClipTable): void {
  const larger = <A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A => {
    to.set(from)
    return to
  }
  const capacity = table.ids.length * 2
  table.ids = larger(table.ids, new Float64Array(capacity))
  table.seconds = larger(table.seconds, new Float64Array(capacity))
  table.binned = larger(table.binned, new Uint8Array(capacity))
  for (const column of Object.values(table.choices) as Coded<unknown>[]) column.codes = larger(column.codes, new Int32Array(capacity))
}
