import { wilson, type Interval } from './wilson.ts'

/** How well the clips of one group are recognised. */
export interface GroupResult {
  /** A speaker's name, or null for clips without one; bounds of a range of numbers. */
  readonly name: string | null
  readonly range: { readonly from: number; readonly to: number } | null
  readonly clips: number
  readonly right: number
  readonly accuracy: number
  readonly interval: Interval
  /** Places of its clips in the columns of the scores. */
  readonly places: readonly number[]
}

const result = (name: string | null, range: GroupResult['range'], places: readonly number[], right: readonly boolean[]): GroupResult => {
  const hits = places.filter((i) => right[i]).length
  return { name, range, clips: places.length, right: hits, accuracy: hits / places.length, interval: wilson(hits, places.length), places }
}

/** One group a name, the worst recognised first; those without a name last. */
export function byName(names: readonly (string | null)[], right: readonly boolean[]): GroupResult[] {
  const groups = Map.groupBy(names.map((_, i) => i), (i) => names[i] ?? null)
  return [...groups]
    .map(([name, places]) => result(name, null, places, right))
    .sort((a, b) => Number(a.name === null) - Number(b.name === null) || a.accuracy - b.accuracy || b.clips - a.clips)
}

/** At most so many ranges with about equally many clips each, from the lowest; clips without a value in a group of their own. */
export function byValue(values: readonly (number | null)[], right: readonly boolean[], ranges: number): GroupResult[] {
  const known = values.flatMap((v, i) => (v === null ? [] : [i])).sort((a, b) => values[a]! - values[b]!)
  const edges = [0]
  for (let r = 1; r < ranges; r++) {
    let cut = Math.round((r * known.length) / ranges)
    // Equal values stay together.
    while (cut < known.length && cut > 0 && values[known[cut]!] === values[known[cut - 1]!]) cut++
    if (cut > edges.at(-1)! && cut < known.length) edges.push(cut)
  }
  const groups = edges.map((from, r) => known.slice(from, edges[r + 1] ?? known.length)).filter((g) => g.length > 0)
  const unknown = values.flatMap((v, i) => (v === null ? [i] : []))
  return [
    ...groups.map((places) => result(null, { from: values[places[0]!]!, to: values[places.at(-1)!]! }, places, right)),
    ...(unknown.length > 0 ? [result(null, null, unknown, right)] : []),
  ]
}
