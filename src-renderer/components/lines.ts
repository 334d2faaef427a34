/** One curve of a chart. */
export interface Line {
  readonly name: string
  /** The name of a colour of the theme, `--c-accent`, or a colour. */
  readonly colour: string
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Marks each point: where there are few. */
  readonly points?: boolean
  readonly dashed?: boolean
  readonly width?: number
  /** How far it spreads at each of its places: filled faintly. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] }
}

/** A line with the edges of its band as lines of their own, upper edge first. */
export const withEdges = (line: Line): Line[] =>
  line.band ? [line, ...[line.band.high, line.band.low].map((y) => ({ name: line.name, colour: line.colour, x: line.x, y, width: 0 }))] : [line]

/** Lines with places of their own as columns over all places; null where a line has no point. */
export function joinLines(lines: readonly Line[]): [number[], ...(number | null)[][]] {
  const places = [...new Set(lines.flatMap((l) => l.x))].sort((a, b) => a - b)
  const at = new Map(places.map((place, i) => [place, i]))
  return [
    places,
    ...lines.map((line) => {
      const column: (number | null)[] = places.map(() => null)
      line.x.forEach((place, i) => (column[at.get(place)!] = line.y[i]!))
      return column
    }),
  ]
}

/**
 * Exponential moving average with its start corrected, as TensorBoard smooths: `weight` 0 leaves the curve as it
 * is, 0.9 averages over about ten points.
 */
export function smoothed(y: readonly number[], weight: number): number[] {
  let last = 0
  let total = 0
  return y.map((value) => {
    last = last * weight + (1 - weight) * value
    total = total * weight + (1 - weight)
    return last / total
  })
}
