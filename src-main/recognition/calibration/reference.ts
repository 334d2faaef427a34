/** What is said in a recording, as other programs write it down: Audacity labels, Raven selections, CSV. */
import { fail, ok, type Result } from '../../kit/index.ts'

/** A label from `start` to `end`, seconds. */
export interface ReferenceEvent {
  readonly label: string
  readonly start: number
  readonly end: number
}

const COLUMNS = {
  start: ['start', 'begin time (s)', 'start time', 'begin', 'onset'],
  end: ['end', 'end time (s)', 'end time', 'offset'],
  label: ['label', 'annotation', 'species', 'class', 'text', 'name'],
} as const

/** Sorted by their start. The format is told from the text; `file` is for the message. */
export function readReference(text: string, file: string): Result<ReferenceEvent[]> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
  const [head = ''] = lines
  const delimiter = head.includes('\t') ? '\t' : head.includes(';') && !head.includes(',') ? ';' : ','
  const rows = lines.map((line) => fields(line, delimiter))
  const titles = rows[0]?.map((title) => title.trim().toLowerCase()) ?? []
  const column = (names: readonly string[]): number => titles.findIndex((title) => names.includes(title))
  const headed = { start: column(COLUMNS.start), end: column(COLUMNS.end), label: column(COLUMNS.label) }
  const titled = headed.start >= 0 && headed.end >= 0 && headed.label >= 0
  if (!titled && delimiter !== '\t')
    return fail('INVALID', `This table has no columns start, end and label: ${file}`, { file, hint: 'Audacity labels, Raven selection tables, and CSV with these columns are read.' })
  // Without titles it is an Audacity label track: start, end, text; lines that begin with a backslash hold frequencies.
  const places = titled ? headed : { start: 0, end: 1, label: 2 }
  const view = titles.indexOf('view')
  const events: ReferenceEvent[] = []
  for (const [i, row] of rows.entries()) {
    if ((titled && i === 0) || row[0] === '\\') continue
    if (titled && view >= 0 && !(row[view] ?? '').toLowerCase().includes('spectrogram')) continue
    const [start, end] = [Number(row[places.start]), Number(row[places.end])]
    if (!(Number.isFinite(start) && Number.isFinite(end) && start >= 0 && end >= start))
      return fail('INVALID', `Line ${i + 1} of ${file} has no start and end in seconds`, { file })
    const label = (row[places.label] ?? '').trim()
    if (label !== '') events.push({ label, start, end })
  }
  return ok(events.sort((a, b) => a.start - b.start))
}

/** One line of a table; a field in quotes may hold the delimiter, and quotes doubled. */
function fields(line: string, delimiter: string): string[] {
  if (delimiter === '\t' || !line.includes('"')) return line.split(delimiter)
  const found: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (c === '"' && quoted && line[i + 1] === '"') field += line[++i]!
    else if (c === '"') quoted = !quoted
    else if (c === delimiter && !quoted) {
      found.push(field)
      field = ''
    } else field += c
  }
  return [...found, field]
}
