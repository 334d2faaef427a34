import { CsvError, parse } from 'csv-parse/sync'
import { SPLITS, type Split } from '../catalog/index.ts'
import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import { NO_FACTS, type ClipFacts } from './label-source.ts'

/** One row: a clip of a file. */
export interface CsvClip {
  /** As written, with forward slashes. */
  readonly file: string
  /** In the CSV file, from 1 (the header is line 1). */
  readonly line: number
  readonly facts: ClipFacts
}

export interface CsvLabels {
  readonly clips: readonly CsvClip[]
  /** One for each row that cannot be used; each names its line. */
  readonly failed: readonly AppError[]
}

type Column = 'file' | 'label' | 'speaker' | 'session' | 'take' | 'split' | 'start' | 'end'

/** The names that a column goes by, in any case. Columns with other names are kept with the clip as they are. */
const COLUMN_NAMES: Readonly<Record<Column, readonly string[]>> = {
  file: ['file', 'path', 'file_name', 'filename', 'audio'],
  label: ['label', 'class', 'category'],
  speaker: ['speaker', 'speaker_id', 'client_id'],
  session: ['session', 'session_id'],
  take: ['take'],
  split: ['split', 'subset'],
  start: ['start', 'start_time', 'begin', 'onset'],
  end: ['end', 'end_time', 'stop', 'offset'],
}

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  ...Object.fromEntries(SPLITS.map((s) => [s, s])),
  training: 'train', val: 'validation', valid: 'validation', dev: 'validation', testing: 'test', eval: 'test',
}

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Reads a CSV file with a header (RFC 4180; `,`, `;` or tab between the fields). `start` and `end` are in seconds.
 * Rows that make no sense are reported one by one; a file without a usable header is refused.
 */
export function readCsvLabels(source: string, name: string): Result<CsvLabels> {
  // One kind of line end, so that lines are counted as an editor counts them.
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const header = text.split('\n', 1)[0]!
  const delimiter = [',', ';', '\t'].reduce((best, d) => (header.split(d).length > header.split(best).length ? d : best))
  let rows: Row[]
  try {
    rows = parse(text, {
      delimiter, info: true, trim: true, skip_empty_lines: true, relax_column_count: true, max_record_size: 1 << 20,
    }) as unknown as Row[]
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    return fail('INVALID', `The CSV file cannot be read: ${cause.message}`, { file: name, cause })
  }
  const titles = rows[0]?.record ?? []
  const columns = new Map<Column, number>()
  for (const column of Object.keys(COLUMN_NAMES) as Column[]) {
    const index = titles.findIndex((t) => COLUMN_NAMES[column].includes(t.toLowerCase()))
    if (index >= 0) columns.set(column, index)
  }
  if (!columns.has('file'))
    return fail('INVALID', 'The CSV file has no column that names the audio files', {
      file: name,
      hint: `Its first line must hold one of: ${COLUMN_NAMES.file.join(', ')}. It holds: ${titles.join(', ').slice(0, 200)}.`,
    })
  const known = new Set(columns.values())
  const others = titles.flatMap((title, index) => (known.has(index) || title === '' ? [] : [{ title, index }]))

  const clips: CsvClip[] = []
  const failed: AppError[] = []
  for (const { record, info } of rows.slice(1)) {
    const clip = readRow(record, info.lines)
    if (clip.ok) clips.push(clip.value)
    else failed.push(clip.error)
  }
  return ok({ clips, failed })

  function readRow(record: readonly string[], line: number): Result<CsvClip> {
    const complain = (what: string) => err(new AppError('INVALID', `Line ${line}: ${what}`, { file: name }))
    const value = (column: Column): string | null => {
      const index = columns.get(column)
      return index === undefined ? null : record[index] || null
    }
    if (record.length !== titles.length) return complain(`${record.length} fields where the header has ${titles.length}`)
    const file = value('file')
    if (!file) return complain('no file is named')
    const split = value('split')
    const knownSplit = split === null ? null : SPLIT_NAMES[split.toLowerCase()]
    if (knownSplit === undefined) return complain(`"${split}" is not one of ${SPLITS.join(', ')}`)
    const start = readSeconds(value('start'))
    const end = readSeconds(value('end'))
    if (Number.isNaN(start)) return complain(`the start "${value('start')}" is not a number of seconds`)
    if (Number.isNaN(end)) return complain(`the end "${value('end')}" is not a number of seconds`)
    if (end !== null && end <= (start ?? 0)) return complain(`the end (${end} s) is not after the start (${start ?? 0} s)`)
    return ok({
      file: file.replaceAll('\\', '/'),
      line,
      facts: {
        ...NO_FACTS,
        label: value('label'), speaker: value('speaker'), session: value('session'), take: value('take'),
        split: knownSplit, startSeconds: start, endSeconds: end,
        extra: Object.fromEntries(others.flatMap(({ title, index }) => (record[index] ? [[title, record[index]]] : []))),
      },
    })
  }
}

/** NaN where it is not a number of seconds. */
const readSeconds = (text: string | null): number | null =>
  text === null ? null : /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
