import { fail, ok, type Result } from '../kit/index.ts'
import { isManyCells, redoCells, undoCells } from './cells.ts'
import type { ReadableCatalog, SqlValue, WritableCatalog } from './database.ts'

/**
 * The undo journal: entries made by `transact`, filled by triggers (`journal-triggers.ts`). Undoing replays
 * the cells backwards, redoing forwards, each whole in one transaction. Foreign keys are checked at its end,
 * because rows may come back in any order.
 */
export interface HistoryEntry {
  readonly id: number
  /** What the person did, for "Undo …". */
  readonly name: string
  readonly groupId: string | null
  readonly undone: boolean
  readonly at: string
}

/** Older entries are forgotten. */
const KEPT_ENTRIES = 1000

export interface Change {
  readonly sequence: number
  readonly table_name: string
  readonly row_id: number
  readonly kind: string
  readonly before: SqlValue
  readonly after: SqlValue
}

const ENTRY = 'id, name, group_id AS groupId, undone, at'
type EntryRow = Omit<HistoryEntry, 'undone'> & { readonly undone: number }

export function listHistory(catalog: ReadableCatalog, limit = 100): HistoryEntry[] {
  return catalog
    .all<EntryRow>(`SELECT ${ENTRY} FROM history_entries ORDER BY id DESC LIMIT ?`, limit)
    .map((row) => ({ ...row, undone: row.undone === 1 }))
}

/** From here on changed rows are journalled under a new entry. What was undone can no longer be redone. */
export function beginEntry(catalog: WritableCatalog, name: string, groupId: string | null): number {
  const { id } = catalog.run(
    'INSERT INTO history_entries (name, group_id, at) VALUES (?, ?, ?)',
    name, groupId, new Date().toISOString(),
  )
  catalog.run('UPDATE history_current SET entry_id = ?', id)
  return id
}

/** Closes the entry; one that changed nothing leaves no trace, and does not end what could be redone. */
export function endEntry(catalog: WritableCatalog, id: number): void {
  catalog.run('UPDATE history_current SET entry_id = NULL')
  const used = catalog.get('SELECT 1 FROM history_changes WHERE entry_id = ? LIMIT 1', id)
  if (!used) {
    catalog.run('DELETE FROM history_entries WHERE id = ?', id)
    return
  }
  catalog.run('DELETE FROM history_entries WHERE undone = 1')
  catalog.run('DELETE FROM history_entries WHERE id <= ?', id - KEPT_ENTRIES)
}

/** The entries that one undo (or redo) takes together, in the order in which it takes them. */
function nextGroup(catalog: ReadableCatalog, undone: 0 | 1): EntryRow[] {
  const order = undone ? 'ASC' : 'DESC'
  const entries = catalog.all<EntryRow>(`SELECT ${ENTRY} FROM history_entries WHERE undone = ? ORDER BY id ${order}`, undone)
  const first = entries[0]
  if (!first) return []
  if (first.groupId === null) return [first]
  const end = entries.findIndex((e) => e.groupId !== first.groupId)
  return end < 0 ? entries : entries.slice(0, end)
}

export const undoableName = (catalog: ReadableCatalog): string | null => nextGroup(catalog, 0)[0]?.name ?? null
export const redoableName = (catalog: ReadableCatalog): string | null => nextGroup(catalog, 1)[0]?.name ?? null

/** Must run inside an unjournalled transaction. Returns the name of what was undone. */
export function undoInside(catalog: WritableCatalog): Result<string> {
  return replay(catalog, 0)
}

export function redoInside(catalog: WritableCatalog): Result<string> {
  return replay(catalog, 1)
}

function replay(catalog: WritableCatalog, undone: 0 | 1): Result<string> {
  const entries = nextGroup(catalog, undone)
  if (entries.length === 0) return fail('NOT_FOUND', undone ? 'There is nothing to redo' : 'There is nothing to undo')
  catalog.run('PRAGMA defer_foreign_keys = ON')
  for (const entry of entries) {
    const changes = catalog.all<Change>(
      `SELECT sequence, table_name, row_id, kind, before, after FROM history_changes
       WHERE entry_id = ? ORDER BY sequence ${undone ? 'ASC' : 'DESC'}`,
      entry.id,
    )
    for (const step of steps(changes)) replayStep(catalog, step, undone)
    catalog.run('UPDATE history_entries SET undone = ? WHERE id = ?', undone ? 0 : 1, entry.id)
  }
  return ok(entries[0]!.name)
}

/**
 * Cells of one row that were changed one after the other go back in one UPDATE: in between the row could break a rule
 * that spans several cells (the end of a clip comes after its start).
 */
function steps(changes: readonly Change[]): Change[][] {
  const all: Change[][] = []
  for (const change of changes) {
    const last = all.at(-1)?.[0]
    const together = last && isCell(last) && isCell(change) && last.table_name === change.table_name && last.row_id === change.row_id
    if (together) all.at(-1)!.push(change)
    else all.push([change])
  }
  return all
}

const isCell = (change: Change): boolean => change.kind.startsWith('set:')

function replayStep(catalog: WritableCatalog, step: readonly Change[], undone: 0 | 1): void {
  const first = step[0]!
  if (isCell(first)) setCells(catalog, first, new Map(step.map((c) => [c.kind.slice('set:'.length), undone ? c.after : c.before])))
  else (undone ? redoChange : undoChange)(catalog, first)
}

function undoChange(catalog: WritableCatalog, change: Change): void {
  if (isManyCells(change.kind)) undoCells(catalog, change)
  else if (change.kind === 'delete') insertImage(catalog, change.table_name, change.before)
  else if (change.kind === 'insert') {
    // Only now is the inserted row's content of interest: to redo it.
    const row = catalog.get<object>(`SELECT * FROM ${change.table_name} WHERE id = ?`, change.row_id)
    catalog.run('UPDATE history_changes SET after = ? WHERE sequence = ?', JSON.stringify(row ?? null), change.sequence)
    deleteRow(catalog, change)
  }
}

function redoChange(catalog: WritableCatalog, change: Change): void {
  if (isManyCells(change.kind)) redoCells(catalog, change)
  else if (change.kind === 'delete') deleteRow(catalog, change)
  else if (change.kind === 'insert') insertImage(catalog, change.table_name, change.after)
}

function deleteRow(catalog: WritableCatalog, change: Change): void {
  catalog.run(`DELETE FROM ${change.table_name} WHERE id = ?`, change.row_id)
}

/** `cells`: value by column; where a column was changed twice, the one to end with. */
function setCells(catalog: WritableCatalog, { table_name, row_id }: Change, cells: ReadonlyMap<string, SqlValue>): void {
  const columns = [...cells.keys()].map((column) => `${column} = ?`)
  catalog.run(`UPDATE ${table_name} SET ${columns.join(', ')} WHERE id = ?`, ...cells.values(), row_id)
}

function insertImage(catalog: WritableCatalog, table: string, image: SqlValue): void {
  const row = JSON.parse(String(image)) as Record<string, SqlValue> | null
  if (row === null) return
  const columns = Object.keys(row)
  catalog.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...columns.map((c) => row[c]!),
  )
}
