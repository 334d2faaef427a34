import { AppError, fail, hashJson, ok, type Result } from '../../kit/index.ts'
import { type Edit, EDIT_KINDS, type EditKind, FADE_CURVES, inOrder, NORMALISE_TARGETS } from './edit.ts'

/** What a member of an edit may be: a number within bounds, or one of some names. */
type Member = { readonly least: number; readonly most: number } | readonly string[]

const HERTZ: Member = { least: 10, most: 384_000 }
const FADE: Readonly<Record<string, Member>> = { ms: { least: 0.1, most: 60_000 }, curve: FADE_CURVES }

const MEMBERS: Readonly<Record<EditKind, Readonly<Record<string, Member>>>> = {
  'remove-dc': {},
  'high-pass': { hz: HERTZ },
  'low-pass': { hz: HERTZ },
  'band-pass': { low: HERTZ, high: HERTZ },
  denoise: { reduction: { least: 1, most: 40 }, threshold: { least: 0, most: 6 } },
  gain: { db: { least: -60, most: 60 } },
  normalise: { to: NORMALISE_TARGETS, level: { least: -60, most: 0 } },
  'fade-in': FADE,
  'fade-out': FADE,
}

/** Goes up when the same edits would sound otherwise, so that nothing made by an older program is taken for it. */
export const EDITS_VERSION = 1

/** Names what the edits make of a sound; undefined where there are none. */
export const editsHash = (edits: readonly Edit[]): string | undefined =>
  edits.length === 0 ? undefined : hashJson({ version: EDITS_VERSION, edits: inOrder(edits) })

/** A list of edits that came from outside, in the order in which they are applied. Strict: nothing unknown is passed over. */
export function parseEdits(value: unknown): Result<readonly Edit[]> {
  if (!Array.isArray(value)) return fail('INVALID', 'The edits of a clip are a list')
  const edits: Edit[] = []
  for (const entry of value as readonly unknown[]) {
    const problem = problemOf(entry)
    if (problem !== null) return { ok: false, error: problem }
    const edit = entry as Edit
    if (edits.some((other) => other.kind === edit.kind)) return fail('INVALID', `A clip has at most one edit "${edit.kind}"`)
    edits.push(edit)
  }
  return ok(inOrder(edits))
}

/** The same from JSON text. */
export function readEdits(json: string): Result<readonly Edit[]> {
  try {
    return parseEdits(JSON.parse(json))
  } catch (cause) {
    if (cause instanceof SyntaxError) return fail('INVALID', 'The edits of a clip are not JSON')
    throw cause
  }
}

function problemOf(entry: unknown): AppError | null {
  if (typeof entry !== 'object' || entry === null) return new AppError('INVALID', 'An edit of a clip is an object')
  const { kind, ...rest } = entry as Record<string, unknown>
  if (!isKind(kind)) return new AppError('INVALID', `There is no edit "${String(kind)}"`, { hint: `There are: ${EDIT_KINDS.join(', ')}.` })
  const members = MEMBERS[kind]
  const unknown = Object.keys(rest).find((name) => !Object.hasOwn(members, name))
  if (unknown !== undefined) return new AppError('INVALID', `The edit "${kind}" has no "${unknown}"`)
  for (const [name, member] of Object.entries(members)) {
    if (fits(rest[name], member)) continue
    const wanted = 'least' in member ? `a number from ${member.least} to ${member.most}` : `one of ${member.join(', ')}`
    return new AppError('INVALID', `"${name}" of the edit "${kind}" must be ${wanted}`)
  }
  return kind === 'band-pass' && Number(rest['low']) >= Number(rest['high'])
    ? new AppError('INVALID', 'The low edge of a band-pass must be below its high edge')
    : null
}

const isKind = (kind: unknown): kind is EditKind => EDIT_KINDS.some((known) => known === kind)

const fits = (value: unknown, member: Member): boolean =>
  'least' in member
    ? typeof value === 'number' && value >= member.least && value <= member.most
    : typeof value === 'string' && member.includes(value)
