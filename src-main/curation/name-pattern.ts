import { fail, ok, type Result } from '../kit/index.ts'

/**
 * File-name patterns such as `{label}_{speaker}_{take}`: literal text and fields. Matched by scanning, not by
 * a regular expression, so that no pattern and no name can make it slow.
 *
 * - A field is one or more characters that hold neither a `/` nor the literal text beside it: with the pattern
 *   above `no_entry_george_3` does not match, rather than being read wrongly.
 * - `{*}` is any text without `/`, also none.
 * - Without a `/` the pattern is matched on the file's name, else on as many last parts of its path as it has
 *   itself; in both cases without the extension.
 */
export const PATTERN_FIELDS = ['label', 'speaker', 'session', 'take'] as const
export type PatternField = (typeof PATTERN_FIELDS)[number]
export type NameFields = Partial<Record<PatternField, string>>

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly name: PatternField; readonly before: string; readonly after: string }
  | { readonly kind: 'any' }

export interface NamePattern {
  readonly text: string
  readonly fields: readonly PatternField[]
  /** The fields of a path with forward slashes; `null` where it does not match. */
  match(path: string): NameFields | null
  /** Where in the path each field stands; empty where it does not match. */
  marks(path: string): NameMark[]
}

/** The characters [start, end) of a path that gave a field. */
export interface NameMark {
  readonly field: PatternField
  readonly start: number
  readonly end: number
}

const EXAMPLE = 'An example: {label}_{speaker}_{take}. The fields are label, speaker, session, take, and {*} for any text.'

export function compilePattern(text: string): Result<NamePattern> {
  const invalid = (what: string) => fail('USAGE', `The pattern "${text}" cannot be used: ${what}`, { hint: EXAMPLE })
  if (text.length > 200) return invalid('it is longer than 200 characters')
  const raw: (string | { readonly name: string })[] = []
  let rest = text
  while (rest !== '') {
    const open = rest.search(/[{}]/)
    if (open < 0) {
      raw.push(rest)
      break
    }
    if (rest[open] === '}') return invalid('there is a "}" without its "{"')
    if (open > 0) raw.push(rest.slice(0, open))
    const close = rest.indexOf('}', open)
    if (close < 0) return invalid('a "{" is not closed')
    raw.push({ name: rest.slice(open + 1, close) })
    rest = rest.slice(close + 1)
  }
  const names = raw.flatMap((p) => (typeof p === 'string' ? [] : [p.name]))
  const unknown = names.find((n) => n !== '*' && !isField(n))
  if (unknown !== undefined) return invalid(`there is no field {${unknown}}`)
  const fields = names.filter(isField)
  if (fields.length === 0) return invalid('it has no field')
  const twice = fields.find((f, i) => fields.indexOf(f) !== i)
  if (twice) return invalid(`{${twice}} occurs twice`)
  if (raw.some((p, i) => typeof p !== 'string' && typeof raw[i + 1] === 'object'))
    return invalid('two fields stand side by side with nothing between them')

  const textAt = (i: number) => (typeof raw[i] === 'string' ? raw[i] : '')
  const parts = raw.map((p, i): Part => {
    if (typeof p === 'string') return { kind: 'literal', text: p }
    return isField(p.name) ? { kind: 'field', name: p.name, before: textAt(i - 1), after: textAt(i + 1) } : { kind: 'any' }
  })
  const depth = text.split('/').length
  const locate = (path: string): NameMark[] | null => {
    const pieces = path.split('/')
    if (pieces.length < depth) return null
    const matched = pieces.slice(-depth).join('/')
    const before = path.length - matched.length
    const found = matchParts(parts, matched.replace(/\.[^./]*$/, ''))
    return found && found.map(({ field, start, end }) => ({ field, start: before + start, end: before + end }))
  }
  return ok({
    text,
    fields,
    match(path) {
      const found = locate(path)
      return found && Object.fromEntries(found.map(({ field, start, end }) => [field, path.slice(start, end)]))
    },
    marks: (path) => locate(path) ?? [],
  })
}

const isField = (name: string): name is PatternField => (PATTERN_FIELDS as readonly string[]).includes(name)

function matchParts(parts: readonly Part[], name: string): NameMark[] | null {
  // A place that failed once fails always: at most parts × characters places are tried.
  const failed = new Set<number>()
  const found: NameMark[] = []
  const from = (index: number, at: number): boolean => {
    const part = parts[index]
    if (!part) return at === name.length
    const place = index * (name.length + 1) + at
    if (failed.has(place)) return false
    if (goesOn(part, index, at)) return true
    failed.add(place)
    return false
  }
  const goesOn = (part: Part, index: number, at: number): boolean => {
    if (part.kind === 'any') return from(index + 1, at) || (at < name.length && name[at] !== '/' && from(index, at + 1))
    if (part.kind === 'literal') return name.startsWith(part.text, at) && from(index + 1, at + part.text.length)
    const end = endOfField(part, name, at)
    if (end === null || !from(index + 1, end)) return false
    found.push({ field: part.name, start: at, end })
    return true
  }
  return from(0, 0) ? found.sort((a, b) => a.start - b.start) : null
}

/** Where a field that begins at `at` ends: before the text that follows it, a `/`, or the end. */
function endOfField(field: Extract<Part, { kind: 'field' }>, name: string, at: number): number | null {
  const stops = [name.indexOf('/', at), field.after === '' ? -1 : name.indexOf(field.after, at)].filter((stop) => stop >= 0)
  const end = Math.min(name.length, ...stops)
  const value = name.slice(at, end)
  return value === '' || (field.before !== '' && value.includes(field.before)) ? null : end
}
