/** The table as CSV (RFC 4180), values as they are rather than as they are shown. Pure. */
import type { Cell, Field, TableRow } from './fields.ts'

export function runsToCsv(rows: readonly TableRow[], fields: readonly Field[]): string {
  const lines = [['id', ...fields.map((f) => f.id)], ...rows.map((row) => [row.id, ...fields.map((f) => written(f, f.value(row)))])]
  return lines.map((line) => line.map(quoted).join(',')).join('\r\n') + '\r\n'
}

function written({ kind }: Field, cell: Cell): string {
  if (cell === null) return ''
  if (Array.isArray(cell)) return cell.join(' ')
  if (kind === 'time') return new Date(cell as number).toISOString()
  return String(cell)
}

/** What a spreadsheet would take for a formula is marked as text. */
function quoted(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) || /^-(?!\d|\.\d)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
