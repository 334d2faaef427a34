import type { Review, Split } from '../../catalog/index.ts'
import { marksOf, type ClipMarkName } from '../clip-marks.ts'
import { flagsOf, type QualityFlag } from '../quality-flags.ts'
import { CHOICES, choiceConditions, durationCondition, type BrowseFilter, type Choice } from './browse-filter.ts'
import type { ClipTable } from './clip-table.ts'

export interface FacetCount<T> {
  readonly value: T
  readonly count: number
}

/** How many clips have each length: bar i counts [edges[i], edges[i + 1]) seconds. */
export interface DurationBars {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** How many clips each value would show if it were the only one chosen in its list, the other lists as they are. */
export interface BrowseFacets {
  readonly labels: readonly FacetCount<number | null>[]
  readonly splits: readonly FacetCount<Split | null>[]
  readonly speakers: readonly FacetCount<string | null>[]
  readonly sessions: readonly FacetCount<string | null>[]
  readonly folders: readonly FacetCount<string | null>[]
  readonly reviews: readonly FacetCount<Review>[]
  /** `null`: looked at, and nothing found. A clip counts under each of its flags. */
  readonly quality: readonly FacetCount<QualityFlag | null>[]
  /** `null`: none. A clip counts under each of its marks. */
  readonly marks: readonly FacetCount<ClipMarkName | null>[]
  readonly durations: DurationBars
  /** Duration of what the whole filter shows, in seconds. */
  readonly seconds: number
}

/** A list of choices is no longer than this: the most frequent values, and those that are chosen. */
const LISTED = 1000
const BARS = 32

/** One walk over the clips: one that only a single condition hides still counts in that condition's list. */
export function countFacets(table: ClipTable, filter: BrowseFilter, search: Uint8Array): BrowseFacets {
  const conditions = choiceConditions(table, filter)
  const lists = CHOICES.map((name) => ({ ...conditions[name], counts: new Int32Array(table.choices[name].values.length), seen: new Uint8Array(table.choices[name].values.length) }))
  const inside = durationCondition(filter)
  const edges = durationEdges(table, search)
  const barOf = barFinder(edges)
  const bars = new Int32Array(BARS)
  let seconds = 0
  for (let i = 0; i < table.size; i++) {
    if (search[i] === 0) continue
    let hiding = -1
    let many = false
    for (let l = 0; l < lists.length; l++) {
      const { codes, allowed, seen } = lists[l]!
      const code = codes[i]!
      seen[code] = 1
      if (allowed === null || allowed[code] === 1) continue
      many = hiding >= 0
      hiding = l
      if (many) break
    }
    if (many) continue
    const short = inside !== null && !inside(table.seconds[i]!)
    if (hiding < 0) {
      bars[barOf(table.seconds[i]!)]!++
      if (!short) {
        seconds += table.seconds[i]!
        for (const { codes, counts } of lists) counts[codes[i]!]!++
      }
    } else if (!short) lists[hiding]!.counts[lists[hiding]!.codes[i]!]!++
  }
  const listOf = <C extends Exclude<Choice, 'quality' | 'marks'>>(name: C): FacetCount<BrowseFilter[C][number]>[] => {
    const { counts, seen, allowed } = lists[CHOICES.indexOf(name)]!
    const values = table.choices[name].values as readonly BrowseFilter[C][number][]
    // A value that the other lists hide stays listed, with 0: what was there a moment ago must not jump away.
    const all = values.flatMap((value, code) => (seen[code] || allowed?.[code] ? [{ value, count: counts[code]!, chosen: allowed?.[code] ?? 0 }] : []))
    if (all.length > LISTED) all.sort((a, b) => b.chosen - a.chosen || b.count - a.count)
    return all.slice(0, LISTED).map(({ value, count }) => ({ value, count }))
  }
  return {
    labels: listOf('labels'), splits: listOf('splits'), speakers: listOf('speakers'), sessions: listOf('sessions'),
    folders: listOf('folders'), reviews: listOf('reviews'),
    quality: countBits(table.choices.quality.values, lists[CHOICES.indexOf('quality')]!, flagsOf),
    marks: countBits(table.choices.marks.values, lists[CHOICES.indexOf('marks')]!, marksOf), durations: { edges, counts: [...bars] }, seconds,
  }
}

function countBits<T extends string>(
  values: readonly (number | null)[], { counts, seen }: { readonly counts: Int32Array; readonly seen: Uint8Array }, namesOf: (bits: number) => readonly T[],
): FacetCount<T | null>[] {
  const flags = new Map<T | null, number>()
  for (const [code, bits] of values.entries()) {
    if (bits === null || !seen[code]) continue
    for (const flag of bits === 0 ? [null] : namesOf(bits)) flags.set(flag, (flags.get(flag) ?? 0) + counts[code]!)
  }
  return [...flags].map(([value, count]) => ({ value, count }))
}

/** Equal steps, or equal ratios where the longest is more than ten times the shortest. The last edge lies above the longest. */
function durationEdges(table: ClipTable, shown: Uint8Array): number[] {
  let low = Infinity
  let high = 0
  for (let i = 0; i < table.size; i++) {
    if (shown[i] === 0) continue
    if (table.seconds[i]! < low) low = table.seconds[i]!
    if (table.seconds[i]! > high) high = table.seconds[i]!
  }
  if (low > high) return Array.from({ length: BARS + 1 }, (_, i) => i / BARS)
  const start = low * 0.999
  const end = high * 1.001
  const ratio = end / start
  return Array.from({ length: BARS + 1 }, (_, i) => (ratio > 10 ? start * ratio ** (i / BARS) : start + ((end - start) * i) / BARS))
}

function barFinder(edges: readonly number[]): (seconds: number) => number {
  const start = edges[0]!
  const end = edges[BARS]!
  const even = Math.abs(edges[1]! - start - (end - start) / BARS) < 1e-9 * end
  const place = even
    ? (s: number) => ((s - start) / (end - start)) * BARS
    : (s: number) => (Math.log(s / start) / Math.log(end / start)) * BARS
  return (seconds) => {
    const bar = Math.max(0, Math.min(BARS - 1, Math.floor(place(seconds))))
    // Rounding at an edge: the edges themselves decide.
    if (seconds < edges[bar]! && bar > 0) return bar - 1
    return seconds >= edges[bar + 1]! && bar < BARS - 1 ? bar + 1 : bar
  }
}
