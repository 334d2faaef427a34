import { AppError, err, ok, type Result } from '../kit/index.ts'

/**
 * Conditions on clips, such as `take<5 and not (speaker=george or label in (no, yes))`: parsed, never
 * evaluated as code. A comparison of two numbers is one of numbers, else of texts. A field that a clip does
 * not have makes every comparison false except `!=`.
 *
 *   condition  = and { "or" and }            and = not { "and" not }
 *   not        = [ "not" ] ( "(" condition ")" | comparison )
 *   comparison = field ( "<" | "<=" | ">" | ">=" | "=" | "!=" | "~" ) value  |  field "in" "(" value { "," value } ")"
 *
 * `~` means "contains". Values need quotes only where they hold blanks or signs.
 */
export const CONDITION_FIELDS = ['take', 'speaker', 'session', 'label', 'duration', 'path', 'split'] as const
export type ConditionField = (typeof CONDITION_FIELDS)[number]
export type ConditionSubject = Readonly<Record<ConditionField, string | number | null>>
export type ClipCondition = (clip: ConditionSubject) => boolean

interface Token {
  readonly kind: 'word' | 'quoted' | 'sign'
  readonly text: string
  /** From 0. */
  readonly at: number
}

const TOKEN = /\s+|(<=|>=|!=|==|[<>=~(),])|'([^']*)'|"([^"]*)"|([^\s<>=!~(),'"]+)/y
const MAX_LENGTH = 1000

class ConditionError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export function parseCondition(text: string): Result<ClipCondition> {
  try {
    if (text.length > MAX_LENGTH) throw new ConditionError(`it is longer than ${MAX_LENGTH} characters`, MAX_LENGTH)
    const tokens = tokenise(text)
    if (tokens.length === 0) throw new ConditionError('it is empty', 0)
    const parser = createParser(tokens, text.length)
    return ok(parser.whole())
  } catch (problem) {
    if (!(problem instanceof ConditionError)) throw problem
    const start = Math.max(0, problem.at - 30)
    const near = text.slice(start, problem.at + 30)
    return err(
      new AppError('USAGE', `The condition cannot be read at character ${problem.at + 1}: ${problem.message}`, {
        hint: `${near}\n${' '.repeat(problem.at - start)}^  (an example: take<5 and speaker!=george)`,
      }),
    )
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) throw new ConditionError(/['"]/.test(text[at]!) ? 'a quote is not closed' : `unexpected "${text[at]}"`, at)
    const [, sign, single, double, word] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (single !== undefined || double !== undefined) tokens.push({ kind: 'quoted', text: (single ?? double)!, at })
  }
  return tokens
}

const isNumber = (value: string | number): boolean =>
  typeof value === 'number' || /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)

/** Below, at or above zero, as `value` is less than, equal to or greater than `wanted`. */
function compare(value: string | number, wanted: string): number {
  if (isNumber(value) && isNumber(wanted)) return Number(value) - Number(wanted)
  const text = String(value)
  return text < wanted ? -1 : text > wanted ? 1 : 0
}

const OPERATORS: Readonly<Record<string, (value: string | number, wanted: string) => boolean>> = {
  '<': (a, b) => compare(a, b) < 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>': (a, b) => compare(a, b) > 0,
  '>=': (a, b) => compare(a, b) >= 0,
  '=': (a, b) => compare(a, b) === 0,
  '==': (a, b) => compare(a, b) === 0,
  '!=': (a, b) => compare(a, b) !== 0,
  '~': (a, b) => String(a).includes(b),
}

function createParser(tokens: readonly Token[], end: number) {
  let next = 0
  const peek = () => tokens[next]
  const isWord = (word: string) => peek()?.kind === 'word' && peek()!.text.toLowerCase() === word
  const isSign = (sign: string) => peek()?.kind === 'sign' && peek()!.text === sign
  const complain = (expected: string): never => {
    const token = peek()
    throw new ConditionError(token ? `expected ${expected}, found "${token.text}"` : `expected ${expected}`, token?.at ?? end)
  }
  const skip = (is: boolean): boolean => {
    if (is) next++
    return is
  }

  function either(): ClipCondition {
    const options = [both()]
    while (skip(isWord('or'))) options.push(both())
    return options.length === 1 ? options[0]! : (clip) => options.some((o) => o(clip))
  }

  function both(): ClipCondition {
    const parts = [negated()]
    while (skip(isWord('and'))) parts.push(negated())
    return parts.length === 1 ? parts[0]! : (clip) => parts.every((p) => p(clip))
  }

  function negated(): ClipCondition {
    if (skip(isWord('not'))) {
      const inner = negated()
      return (clip) => !inner(clip)
    }
    if (!skip(isSign('('))) return comparison()
    const inner = either()
    if (!skip(isSign(')'))) complain('")"')
    return inner
  }

  function comparison(): ClipCondition {
    const field = CONDITION_FIELDS.find((f) => isWord(f))
    if (!field) return complain(`one of ${CONDITION_FIELDS.join(', ')}`)
    next++
    if (skip(isWord('in'))) {
      const wanted = list()
      return (clip) => clip[field] !== null && wanted.some((w) => compare(clip[field]!, w) === 0)
    }
    const token = peek()
    const operator = token?.kind === 'sign' ? OPERATORS[token.text] : undefined
    if (!operator) return complain('a comparison such as <, = or !=')
    next++
    const wanted = value()
    if (field === 'duration' && !isNumber(wanted)) {
      next--
      complain('a number of seconds')
    }
    const absent = token!.text === '!='
    return (clip) => (clip[field] === null ? absent : operator(clip[field], wanted))
  }

  function list(): string[] {
    if (!skip(isSign('('))) complain('"("')
    const values = [value()]
    while (skip(isSign(','))) values.push(value())
    if (!skip(isSign(')'))) complain('"," or ")"')
    return values
  }

  function value(): string {
    const token = peek()
    if (!token || token.kind === 'sign') return complain('a value')
    next++
    return token.text
  }

  return {
    whole(): ClipCondition {
      const condition = either()
      if (peek()) complain('"and", "or" or the end')
      return condition
    },
  }
}
