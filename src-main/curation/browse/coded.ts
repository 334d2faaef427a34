/** A column of few different values: each clip holds a small number, and the values stand once in a list. */
export interface Coded<T> {
  /** By position in the table; as long as its capacity. */
  codes: Int32Array
  /** By code. */
  readonly values: T[]
  readonly codeOf: Map<T, number>
}

export const createCoded = <T>(capacity: number): Coded<T> => ({ codes: new Int32Array(capacity), values: [], codeOf: new Map() })

export function setCoded<T>(column: Coded<T>, position: number, value: T): void {
  let code = column.codeOf.get(value)
  if (code === undefined) {
    code = column.values.length
    column.values.push(value)
    column.codeOf.set(value, code)
  }
  column.codes[position] = code
}

/** By code: 1 where the value is wanted; null where every value is. */
export function allowedCodes<T>(column: Coded<T>, wanted: readonly T[]): Uint8Array | null {
  if (wanted.length === 0) return null
  const allowed = new Uint8Array(column.values.length)
  for (const value of wanted) {
    const code = column.codeOf.get(value)
    if (code !== undefined) allowed[code] = 1
  }
  return allowed
}

/** By code: its place among the values that a clip may have, -1 for null. Values that compare equal share a place. */
export function ranksOf<T>(column: Coded<T>, compare: (a: NonNullable<T>, b: NonNullable<T>) => number): Int32Array {
  const ranks = new Int32Array(column.values.length).fill(-1)
  const codes = column.values.flatMap((value, code) => (value === null ? [] : [code]))
  codes.sort((a, b) => compare(column.values[a]!, column.values[b]!))
  let rank = -1
  for (const [i, code] of codes.entries()) {
    if (i === 0 || compare(column.values[codes[i - 1]!]!, column.values[code]!) !== 0) rank++
    ranks[code] = rank
  }
  return ranks
}
