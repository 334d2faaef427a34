import { SPLITS, type Split } from '../catalog/index.ts'
import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import { COLUMN_NAMES, readTable, type TableColumn, type TableOptions } from './csv-table.ts'
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

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  ...Object.fromEntries(SPLITS.map((s) => [s, s])),
  training: 'train', val: 'validation', valid: 'validation', dev: 'validation', testing: 'test', eval: 'test',
}

/**
 * Reads a table of labels. `start` and `end` are in seconds. Rows that make no sense are reported one by one; a
 * table that does not say where its file names are is refused.
 */
export function readCsvLabels(source: string, name: string, options: TableOptions = {}): Result<CsvLabels> {
  const table = readTable(source, name, options)
  if (!table.ok) return table
  const { titles, columns } = table.value
  if (columns.file === undefined)
    return fail('INVALID', 'The table has no column that names the audio files', {
      file: name,
      hint: `Its first line must hold one of: ${COLUMN_NAMES.file.join(', ')}. It holds: ${titles.join(', ').slice(0, 200)}.`,
    })
  const known = new Set(Object.values(columns))
  const others = titles.flatMap((title, index) => (known.has(index) || title === '' ? [] : [{ title, index }]))

  const clips: CsvClip[] = []
  const failed: AppError[] = []
  for (const { record, line } of table.value.rows) {
    const clip = readRow(record, line)
    if (clip.ok) clips.push(clip.value)
    else failed.push(clip.error)
  }
  return ok({ clips, failed })

  function readRow(record: readonly string[], line: number): Result<CsvClip> {
    const complain = (what: string) => err(new AppError('INVALID', `Line ${line}: ${what}`, { file: name }))
    const value = (column: TableColumn): string | null => {
      const index = columns[column]
      return index === undefined ? null : record[index] || null
    }
    if (record.length !== titles.length) return complain(`${record.length} fields where the first line has ${titles.length}`)
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
