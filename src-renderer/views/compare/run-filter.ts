/**
 * The filter of the table of runs, a line of terms that must all hold. Pure.
 *
 *     lenet                 a word of the name, the tags, the note or the experiment
 *     architecture:gru,crnn one of these, as part of the text
 *     rate<0.01  batch=64  accuracy>=90%  parameters<100k  seed:1..3
 *     is:favourite  -status:failed  optimizer.weightDecay>0  note:"two words"
 */
import { isNumeric, type Cell, type Field, type TableRow } from './fields.ts'

export type Comparison = ':' | '=' | '!=' | '<' | '<=' | '>' | '>='

export interface Term {
  /** As it was typed; what a chip shows. */
  readonly text: string
  readonly negated: boolean
  /** Null: a word that is searched in the texts. */
  readonly field: Field | null
  readonly comparison: Comparison
  readonly values: readonly string[]
}

export interface FilterProblem {
  readonly text: string
  readonly reason: 'field' | 'number' | 'value'
}

export interface RunFilter {
  readonly terms: readonly Term[]
  readonly problems: readonly FilterProblem[]
}

const TERM = /^(-?)([\p{L}_][\p{L}\p{N}_.]*)(:|!=|<=|>=|=|<|>)(.*)$/su
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|k|M|G)?$/
const SUFFIX: Readonly<Record<string, number>> = { '%': 0.01, k: 1e3, M: 1e6, G: 1e9 }

/** `0.9`, `90%`, `61.7k`, `1e-3`; null for what is no number. */
export function parseNumber(text: string): number | null {
  const found = NUMBER.exec(text.trim().replace(',', '.'))
  return found ? Number(found[1]) * (found[2] ? SUFFIX[found[2]]! : 1) : null
}

/** Words, and quoted pieces with their spaces. */
export function splitTerms(line: string): string[] {
  return line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
}
const unquoted = (text: string): string => text.replaceAll('"', '')
/** At commas outside of quotes. */
const alternatives = (text: string): string[] => (text.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).map((v) => unquoted(v).trim()).filter((v) => v !== '')

export function parseRunFilter(line: string, fieldByName: (name: string) => Field | undefined): RunFilter {
  const terms: Term[] = []
  const problems: FilterProblem[] = []
  for (const text of splitTerms(line)) {
    const found = TERM.exec(text)
    if (!found) {
      const word = unquoted(text.replace(/^-/, ''))
      if (word !== '') terms.push({ text, negated: text.startsWith('-') && text.length > 1, field: null, comparison: ':', values: [word] })
      continue
    }
    const [, minus, name, comparison, rest] = found as unknown as [string, string, string, Comparison, string]
    const is = name === 'is' && comparison === ':'
    const field = fieldByName(is ? unquoted(rest) : name)
    const values = is ? ['true'] : alternatives(rest)
    if (!field || (is && field.kind !== 'flag')) problems.push({ text, reason: 'field' })
    else if (values.length === 0) problems.push({ text, reason: 'value' })
    else if (values.some((v) => !fits(field, comparison, v))) problems.push({ text, reason: 'number' })
    else terms.push({ text, negated: minus === '-', field, comparison, values })
  }
  return { terms, problems }
}

const ordered = (comparison: Comparison): boolean => comparison !== ':' && comparison !== '=' && comparison !== '!='
function fits(field: Field, comparison: Comparison, value: string): boolean {
  if (value === 'none' && !ordered(comparison)) return true
  if (!isNumeric(field)) return !ordered(comparison)
  return boundOf(field, value) !== null || (comparison === ':' && rangeOf(field, value) !== null)
}

/** A number, or a day for what is a time. */
function boundOf(field: Field, text: string): number | null {
  if (field.kind !== 'time') return parseNumber(text)
  const time = /^\d{4}(-\d{2}){0,2}$/.test(text) ? Date.parse(text.length === 4 ? `${text}-01-01T00:00` : text.length === 7 ? `${text}-01T00:00` : `${text}T00:00`) : NaN
  return Number.isNaN(time) ? null : time
}
/** Both ends included. */
function rangeOf(field: Field, text: string): readonly [number, number] | null {
  const [from, to, more] = text.split('..')
  if (from === undefined || to === undefined || more !== undefined) return null
  const low = from === '' ? -Infinity : boundOf(field, from)
  const high = to === '' ? Infinity : boundOf(field, to)
  return low === null || high === null || text === '..' ? null : [low, high]
}

export const passesFilter = (row: TableRow, { terms }: Pick<RunFilter, 'terms'>): boolean => terms.every((term) => holds(term, row) !== term.negated)

function holds({ field, comparison, values }: Term, row: TableRow): boolean {
  if (!field) {
    const { name, tags, note } = row.run
    return [name, note, row.group ?? '', row.run.config?.architecture ?? '', ...tags].some((text) => includes(text, values[0]!))
  }
  const cell = field.value(row)
  const any = values.some((value) => equal(field, cell, comparison === ':', value))
  if (comparison === ':' || comparison === '=') return any
  if (comparison === '!=') return !any
  const bound = boundOf(field, values[0]!)!
  if (typeof cell !== 'number') return false
  return comparison === '<' ? cell < bound : comparison === '<=' ? cell <= bound : comparison === '>' ? cell > bound : cell >= bound
}

const includes = (text: string, part: string): boolean => text.toLocaleLowerCase().includes(part.toLocaleLowerCase())

function equal(field: Field, cell: Cell, loose: boolean, value: string): boolean {
  if (cell === null) return value === 'none'
  if (Array.isArray(cell)) return value === 'none' ? cell.length === 0 : cell.some((word: string) => (loose ? includes(word, value) : word === value))
  if (typeof cell === 'boolean') return String(cell) === value
  if (typeof cell === 'number') {
    const range = loose ? rangeOf(field, value) : null
    if (range) return cell >= range[0] && cell <= range[1]
    const number = boundOf(field, value)
    // As far as it is shown: a rate of 0.1 + 0.2 is found as 0.3.
    return number !== null && Math.abs(cell - number) <= 1e-9 * Math.max(1, Math.abs(number))
  }
  return loose ? includes(cell as string, value) : (cell as string).toLocaleLowerCase() === value.toLocaleLowerCase()
}

/** A term that holds for exactly this value, to add to the line. */
export function termFor(field: Field, cell: Cell): string {
  if (cell === null || (Array.isArray(cell) && cell.length === 0)) return `${field.id}=none`
  const text = Array.isArray(cell) ? String(cell[0]) : field.kind === 'time' ? new Date(cell as number).toISOString().slice(0, 10) : String(cell)
  const quoted = /[\s",]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
  return field.kind === 'time' ? `${field.id}>=${quoted}` : `${field.id}=${quoted}`
}
