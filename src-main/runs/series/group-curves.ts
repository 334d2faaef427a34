/** Several runs of the same settings as one curve with its spread. Pure. */
import type { Points } from './decimate.ts'

/** `deviation`: the sample's standard deviation either way; `range`: the lowest and the highest. */
export type Spread = 'deviation' | 'range'

export interface GroupedCurve extends Points {
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** Curves that reach each place. */
  readonly count: readonly number[]
}

/** Places of a mean at most: beyond them it is taken at equal distances. */
const MOST_PLACES = 10_000

/**
 * The mean of curves at every place that one of them has. Between its points a curve is a straight line; before its
 * first and after its last point it takes no part, so where runs end at different places the mean may jump: `count` says so.
 */
export function groupCurves(curves: readonly Points[], spread: Spread): GroupedCurve {
  const all = [...new Set(curves.flatMap((c) => c.x))].sort((a, b) => a - b)
  const places = all.length <= MOST_PLACES ? all : equallyApart(all[0]!, all.at(-1)!, MOST_PLACES)
  const columns = curves.map((curve) => sample(curve, places))
  const y: number[] = []
  const low: number[] = []
  const high: number[] = []
  const count: number[] = []
  for (let i = 0; i < places.length; i++) {
    const values = columns.flatMap((column) => column[i] ?? [])
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    y.push(mean)
    count.push(values.length)
    if (spread === 'range') {
      low.push(Math.min(...values))
      high.push(Math.max(...values))
    } else {
      const deviation = values.length < 2 ? 0 : Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))
      low.push(mean - deviation)
      high.push(mean + deviation)
    }
  }
  return { x: places, y, low, high, count }
}

const equallyApart = (from: number, to: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))

/** The curve at places in order; null outside of it. */
function sample({ x, y }: Points, places: readonly number[]): (number | null)[] {
  let at = 0
  return places.map((place) => {
    if (x.length === 0 || place < x[0]! || place > x.at(-1)!) return null
    while (at < x.length - 1 && x[at + 1]! <= place) at++
    if (x[at] === place || at === x.length - 1) return y[at]!
    const part = (place - x[at]!) / (x[at + 1]! - x[at]!)
    return y[at]! + (y[at + 1]! - y[at]!) * part
  })
}
