import type { SqlValue, WritableCatalog } from './database.ts'
import type { Change } from './history.ts'

/**
 * One value for a column of many rows, as one statement and one line of the undo journal: the triggers would
 * write a line a cell, which for a split of 100,000 clips costs more than the split. The line's kind is
 * `many:<column>`; `before` holds `[[value, [id, …]], …]`, `after` the new value and the ids.
 */
const PREFIX = 'many:'
export const isManyCells = (kind: string): boolean => kind.startsWith(PREFIX)

/** Sets several columns in one step (a label only goes together with its dataset); returns how many rows changed. */
export function setCells(catalog: WritableCatalog, table: 'clips', values: Readonly<Record<string, SqlValue>>, ids: readonly number[]): number {
  const columns = Object.keys(values)
  const differs = columns.map((c) => `${c} IS NOT ?`).join(' OR ')
  const changing = catalog.all<{ id: number }>(
    `SELECT id FROM ${table} WHERE id IN (SELECT value FROM json_each(?)) AND (${differs})`, JSON.stringify(ids), ...Object.values(values),
  )
  if (changing.length === 0) return 0
  const chosen = JSON.stringify(changing.map((row) => row.id))
  const entry = catalog.get<{ id: number | null }>('SELECT entry_id AS id FROM history_current')?.id ?? null
  if (entry !== null) {
    for (const column of columns) journal(catalog, entry, table, column, values[column]!, chosen)
    // The triggers must not write the same cells again.
    catalog.run('UPDATE history_current SET entry_id = NULL')
  }
  const { changes } = catalog.run(
    `UPDATE ${table} SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE id IN (SELECT value FROM json_each(?))`,
    ...Object.values(values), chosen,
  )
  if (entry !== null) catalog.run('UPDATE history_current SET entry_id = ?', entry)
  return changes
}

function journal(catalog: WritableCatalog, entry: number, table: string, column: string, after: SqlValue, chosen: string): void {
  const groups = catalog.all<{ value: SqlValue; ids: string }>(
    `SELECT ${column} AS value, json_group_array(id) AS ids FROM ${table}
     WHERE id IN (SELECT value FROM json_each(?)) AND ${column} IS NOT ? GROUP BY ${column}`, chosen, after)
  if (groups.length === 0) return
  const before = `[${groups.map((g) => `[${JSON.stringify(g.value)},${g.ids}]`).join(',')}]`
  const ids = JSON.stringify(groups.flatMap((g) => JSON.parse(g.ids) as number[]))
  catalog.run(
    'INSERT INTO history_changes (entry_id, table_name, row_id, kind, before, after) VALUES (?, ?, 0, ?, ?, ?)',
    entry, table, `${PREFIX}${column}`, before, `[${JSON.stringify(after)},${ids}]`,
  )
}

export function undoCells(catalog: WritableCatalog, change: Change): void {
  for (const [value, ids] of JSON.parse(String(change.before)) as [SqlValue, number[]][]) update(catalog, change, value, ids)
}

export function redoCells(catalog: WritableCatalog, change: Change): void {
  const [value, ids] = JSON.parse(String(change.after)) as [SqlValue, number[]]
  update(catalog, change, value, ids)
}

function update(catalog: WritableCatalog, change: Change, value: SqlValue, ids: readonly number[]): void {
  const column = change.kind.slice(PREFIX.length)
  catalog.run(`UPDATE ${change.table_name} SET ${column} = ? WHERE id IN (SELECT value FROM json_each(?))`, value, JSON.stringify(ids))
}
