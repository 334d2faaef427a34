/** The rows of the table in order, alone or in groups with their means. Pure. */
import { isMeasured, type Cell, type Field, type TableRow } from './fields.ts'

export interface RunSort {
  readonly by: string
  readonly descending: boolean
}

export interface Spread {
  readonly mean: number
  /** The sample's standard deviation; null of one value. */
  readonly deviation: number | null
  readonly count: number
}

export interface RunGroup {
  /** The values that its rows share, in words. */
  readonly key: string
  readonly values: ReadonlyMap<string, Cell>
  readonly rows: readonly TableRow[]
  readonly spread: ReadonlyMap<string, Spread>
}

export type Entry = { readonly kind: 'group'; readonly group: RunGroup; readonly open: boolean } | { readonly kind: 'row'; readonly row: TableRow; readonly depth: 0 | 1 }

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** What has no value comes last, whichever way it is sorted. */
export function compareCells(a: Cell, b: Cell, descending: boolean): number {
  const [left, right] = [plain(a), plain(b)]
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
  const order = typeof left === 'number' && typeof right === 'number' ? left - right : collator.compare(String(left), String(right))
  return descending ? -order : order
}
const plain = (cell: Cell): string | number | null =>
  Array.isArray(cell) ? (cell.length === 0 ? null : cell.join(', ')) : typeof cell === 'boolean' ? Number(cell) : (cell as string | number | null)

export function sortRows(rows: readonly TableRow[], field: Field | undefined, descending: boolean): readonly TableRow[] {
  return field ? rows.toSorted((a, b) => compareCells(field.value(a), field.value(b), descending)) : rows
}

export const groupKey = (row: TableRow, by: readonly Field[]): string => JSON.stringify(by.map((f) => f.value(row)))

export function spreadOf(values: readonly number[]): Spread | null {
  const count = values.length
  if (count === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / count
  return { mean, count, deviation: count < 2 ? null : Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (count - 1)) }
}

/** Groups stand where their mean (of a measured field) or their shared value puts them; rows inside as the table is sorted. */
export function groupRows(sorted: readonly TableRow[], by: readonly Field[], fields: readonly Field[], sort: { readonly field: Field | undefined; readonly descending: boolean }): RunGroup[] {
  const members = new Map<string, TableRow[]>()
  for (const row of sorted) {
    const key = groupKey(row, by)
    const list = members.get(key)
    if (list) list.push(row)
    else members.set(key, [row])
  }
  const groups = [...members].map(([key, rows]): RunGroup => ({
    key,
    rows,
    values: new Map(by.map((f) => [f.id, f.value(rows[0]!)])),
    spread: new Map(fields.filter(isMeasured).flatMap((f) => {
      const spread = spreadOf(rows.flatMap((r) => { const v = f.value(r); return typeof v === 'number' ? [v] : [] }))
      return spread ? [[f.id, spread] as const] : []
    })),
  }))
  const { field, descending } = sort
  if (!field) return groups
  const place = (group: RunGroup): Cell => group.spread.get(field.id)?.mean ?? field.value(group.rows[0]!)
  return groups.toSorted((a, b) => compareCells(place(a), place(b), descending))
}

export const entriesOf = (groups: readonly RunGroup[], closed: ReadonlySet<string>): Entry[] =>
  groups.flatMap((group): Entry[] => {
    const open = !closed.has(group.key)
    return [{ kind: 'group', group, open }, ...(open ? group.rows.map((row) => ({ kind: 'row', row, depth: 1 }) as const) : [])]
  })
