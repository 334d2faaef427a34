/** What parallel coordinates are made of: axes with their scales, and the spans that were brushed on them. Pure. */
import { numberScale } from './scale.ts'

export type AxisValue = number | string | null

export interface ParallelAxis {
  readonly id: string
  readonly title: string
  /** Numbers stand on a scale, words at equal distances. */
  readonly kind: 'number' | 'words'
  readonly logarithmic?: boolean
  readonly format?: (value: number) => string
}

export interface ParallelRow {
  readonly id: string
  readonly name: string
  /** In the order of the axes; null where the row has none. */
  readonly values: readonly AxisValue[]
}

/** What is let through of an axis: both ends included, or these words. */
export type Brush = { readonly low: number; readonly high: number } | { readonly words: readonly string[] }
export type Brushes = Readonly<Record<string, Brush>>

export interface AxisTick {
  readonly place: number
  readonly text: string
}

export interface PlacedAxis {
  readonly axis: ParallelAxis
  readonly ticks: readonly AxisTick[]
  /** From 0 (below) to 1; null where there is no value. */
  place(value: AxisValue): number | null
  /** What lies between two places; null where nothing does. */
  brush(from: number, to: number): Brush | null
  /** The places of a brush. */
  span(brush: Brush): readonly [low: number, high: number]
  /** An end of a brush in words. */
  say(place: number): string
}

const TICKS = 6

/** Words in the order of the rows' numbers where they are numbers, else of the alphabet. */
const inOrder = (words: Iterable<string>): string[] => [...new Set(words)].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))

export function placeAxis(axis: ParallelAxis, values: readonly AxisValue[]): PlacedAxis {
  if (axis.kind === 'words') {
    const words = inOrder(values.flatMap((v) => (v === null ? [] : [String(v)])))
    const at = new Map(words.map((word, i) => [word, words.length === 1 ? 0.5 : i / (words.length - 1)]))
    const half = words.length < 2 ? 0.5 : 0.5 / (words.length - 1)
    return {
      axis,
      ticks: words.map((text) => ({ text, place: at.get(text)! })),
      place: (value) => (value === null ? null : at.get(String(value)) ?? null),
      brush(from, to) {
        const inside = words.filter((word) => at.get(word)! >= Math.min(from, to) && at.get(word)! <= Math.max(from, to))
        return inside.length === 0 ? null : { words: inside }
      },
      span(brush) {
        if (!('words' in brush)) return [0, 1]
        const places = brush.words.flatMap((word) => at.get(word) ?? [])
        return places.length === 0 ? [0, 0] : [Math.max(-0.03, Math.min(...places) - half * 0.6), Math.min(1.03, Math.max(...places) + half * 0.6)]
      },
      say: (place) => words.reduce((best, word) => (Math.abs(at.get(word)! - place) < Math.abs(at.get(best)! - place) ? word : best), words[0] ?? ''),
    }
  }
  const numbers = values.flatMap((v) => (typeof v === 'number' ? [v] : []))
  const scale = numberScale(numbers, { logarithmic: axis.logarithmic ?? false })
  const format = axis.format ?? String
  return {
    axis,
    ticks: scale.ticks(TICKS).map(({ value, place }) => ({ place, text: format(value) })),
    place: (value) => (typeof value === 'number' && Number.isFinite(value) && (!scale.logarithmic || value > 0) ? scale.place(value) : null),
    brush: (from, to) => ({ low: scale.value(Math.min(from, to)), high: scale.value(Math.max(from, to)) }),
    span: (brush) => ('words' in brush ? [0, 1] : [scale.place(brush.low), scale.place(brush.high)]),
    say: (place) => format(scale.value(place)),
  }
}

export function passes(row: ParallelRow, axes: readonly ParallelAxis[], brushes: Brushes): boolean {
  return axes.every((axis, i) => {
    const brush = brushes[axis.id]
    const value = row.values[i] ?? null
    if (!brush) return true
    if (value === null) return false
    return 'words' in brush ? brush.words.includes(String(value)) : typeof value === 'number' && value >= brush.low && value <= brush.high
  })
}
