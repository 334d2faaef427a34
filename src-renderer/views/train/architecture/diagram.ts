import type { SketchRow } from '@contract'

/**
 * Where each layer stands in the picture of a network, in pixels. A layer is a bar: as high as a channel has values
 * (height times width), as wide as there are channels, both by their logarithm. What adds a shortcut is an arc above its body.
 */
export interface Bar {
  readonly row: SketchRow
  /** Its middle. */
  readonly x: number
  readonly width: number
  readonly height: number
  /** The size, where it is another than that of the layer before. */
  readonly size: string | null
}
export interface Arc {
  readonly row: SketchRow
  readonly from: number
  readonly to: number
  /** How many arcs are below it. */
  readonly level: number
  /** The layers on the shortcut; none for the identity. */
  readonly layers: readonly SketchRow[]
}
export interface Diagram {
  readonly width: number
  readonly bars: readonly Bar[]
  readonly arcs: readonly Arc[]
  /** Pixels a layer. */
  readonly pitch: number
}

export const BAR_HEIGHT = 72
const [NARROW, BROAD] = [17, 92]
const MARGIN = 44
/** Channels of a bar that leaves no room beside it, as a logarithm: 512. */
const WIDEST = 9

/** `available` pixels are filled where layers are few; where they are many the picture is wider and scrolls. */
export function layOut(rows: readonly SketchRow[], input: readonly number[], available: number): Diagram {
  const blocks = rows.filter((row) => row.type === 'residual')
  const onShortcut = (row: SketchRow): SketchRow | undefined => blocks.findLast((b) => isIn(row, b) && row.place[b.place.length] === 'shortcut')
  const leaves = rows.filter((row) => row.type !== 'residual' && row.type !== 'sequential')
  const line = leaves.filter((row) => !onShortcut(row))
  const pitch = Math.max(NARROW, Math.min(BROAD, (available - 2 * MARGIN) / (line.length + 1)))
  const most = Math.max(1, ...[...line.map((r) => r.output ?? []), input].map(([first = 1, ...rest]) => (rest.length === 0 ? first : rest.reduce((a, b) => a * b, 1))))
  const part = (n: number) => Math.log2(n + 1) / Math.log2(most + 1)
  const middle = (i: number) => MARGIN + pitch * (i + 0.5)
  let before: readonly number[] = input
  const bars = line.map((row, i): Bar => {
    const shape = row.output ?? before
    const [channels, height] = shape.length === 3 ? [shape[0]!, shape[1]! * shape[2]!] : [1, shape[0] ?? 1]
    const size = row.output && row.output.join() !== before.join() ? row.output.join('×') : null
    if (row.output) before = row.output
    return { row, x: middle(i + 1), width: Math.max(3, (pitch - 6) * Math.min(1, Math.log2(channels + 1) / WIDEST)), height: Math.max(4, BAR_HEIGHT * part(height)), size }
  })
  const arcs = blocks.flatMap((row): Arc[] => {
    const inside = bars.flatMap((bar, i) => (isIn(bar.row, row) ? [i] : []))
    if (inside.length === 0) return []
    const level = blocks.filter((b) => b !== row && isIn(b, row)).length === 0 ? 0 : 1
    return [{ row, from: middle(inside[0]! + 1) - pitch / 2, to: middle(inside.at(-1)! + 1) + pitch / 2, level, layers: leaves.filter((leaf) => onShortcut(leaf) === row) }]
  })
  return { width: 2 * MARGIN + pitch * (line.length + 1), bars, arcs, pitch }
}

const isIn = (row: SketchRow, block: SketchRow): boolean => row.place.length > block.place.length && block.place.every((part, i) => part === row.place[i])
