import { CsvError, parse } from 'csv-parse/sync'
import { isAudioFile } from '../audio/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'

/** What a column of a table of labels holds. */
export const TABLE_COLUMNS = ['file', 'label', 'speaker', 'session', 'take', 'split', 'start', 'end'] as const
export type TableColumn = (typeof TABLE_COLUMNS)[number]
/** Places of the columns, from 0; what is left out is not in the table. */
export type ColumnPlaces = { readonly [column in TableColumn]?: number | undefined }

/** The names that a column goes by, in any case; also those of Raven's selection tables. */
export const COLUMN_NAMES: Readonly<Record<TableColumn, readonly string[]>> = {
  file: ['file', 'path', 'file_name', 'filename', 'audio', 'wav', 'clip', 'begin path', 'begin file'],
  label: ['label', 'class', 'category', 'word', 'text', 'annotation', 'species'],
  speaker: ['speaker', 'speaker_id', 'client_id', 'user'],
  session: ['session', 'session_id'],
  take: ['take'],
  split: ['split', 'subset', 'set'],
  start: ['start', 'start_time', 'begin', 'onset', 'begin time (s)', 'file offset (s)'],
  end: ['end', 'end_time', 'stop', 'offset', 'end time (s)'],
}

export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** What a person said of a table; what is left out is found out. */
export interface TableOptions {
  readonly delimiter?: Delimiter | undefined
  readonly header?: boolean | undefined
  readonly columns?: ColumnPlaces | undefined
}

export interface TableRow {
  readonly record: readonly string[]
  /** In the file, from 1. */
  readonly line: number
}

export interface Table {
  readonly delimiter: Delimiter
  readonly header: boolean
  /** Of the header; without one `1`, `2`, … */
  readonly titles: readonly string[]
  /** Without the header. */
  readonly rows: readonly TableRow[]
  /** As told, else as the titles and the first rows say. */
  readonly columns: ColumnPlaces
}

/** Reads a table of labels (RFC 4180), with or without a header. */
export function readTable(source: string, name: string, options: TableOptions = {}): Result<Table> {
  // One kind of line end, so that lines are counted as an editor counts them.
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const delimiter = options.delimiter ?? findDelimiter(text)
  let parsed: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[]
  try {
    parsed = parse(text, {
      delimiter, info: true, trim: true, skip_empty_lines: true, relax_column_count: true, max_record_size: 1 << 20,
    }) as unknown as typeof parsed
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    return fail('INVALID', `The table cannot be read: ${cause.message}`, { file: name, cause })
  }
  const rows = parsed.map(({ record, info }) => ({ record, line: info.lines }))
  const first = rows[0]?.record ?? []
  const header = options.header ?? looksLikeHeader(first)
  const titles = header ? first : first.map((_, i) => String(i + 1))
  const content = header ? rows.slice(1) : rows
  return ok({ delimiter, header, titles, rows: content, columns: options.columns ?? findColumns(titles, content) })
}

/** The sign that the first line holds most often. */
function findDelimiter(text: string): Delimiter {
  const first = text.split('\n', 1)[0]!
  return DELIMITERS.reduce((best, sign) => (first.split(sign).length > first.split(best).length ? sign : best))
}

const isKnown = (title: string): boolean => TABLE_COLUMNS.some((column) => COLUMN_NAMES[column].includes(title.toLowerCase()))

/** A first line that names a recording is a row; else it is a header, above all where it holds a known title. */
const looksLikeHeader = (first: readonly string[]): boolean => first.some(isKnown) || !first.some((cell) => isAudioFile(cell.replaceAll('\\', '/')))

function findColumns(titles: readonly string[], rows: readonly TableRow[]): ColumnPlaces {
  const found: Partial<Record<TableColumn, number>> = {}
  for (const column of TABLE_COLUMNS) {
    const index = titles.findIndex((t) => COLUMN_NAMES[column].includes(t.toLowerCase()))
    if (index >= 0) found[column] = index
  }
  if (found.file === undefined) {
    const index = (rows[0]?.record ?? []).findIndex((cell) => isAudioFile(cell.replaceAll('\\', '/')))
    if (index >= 0) found.file = index
  }
  return found
}
