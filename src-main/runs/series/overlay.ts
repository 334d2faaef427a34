/** Curves of several runs over one axis, smoothed, grouped and made of fewer points. */
import { decimateIndices, type Points } from './decimate.ts'
import { groupCurves, type Spread } from './group-curves.ts'
import { placesOver, type CurveAxis } from './places.ts'
import { smooth } from './smooth.ts'

export interface OverlayRun {
  readonly series: ReadonlyMap<string, Points>
  readonly stepsPerEpoch: number
}

export interface OverlayOptions {
  readonly names: readonly string[]
  readonly axis: CurveAxis
  /** Of a smoothed curve, see `smooth`. */
  readonly smoothing: number
  readonly spread: Spread
  /** Points of each curve at most. */
  readonly points: number
}

export interface OverlaidCurve {
  readonly name: string
  /** Which of the groups it is of. */
  readonly group: number
  readonly x: readonly number[]
  /** As it was measured; of several runs their mean. */
  readonly y: readonly number[]
  readonly smooth: readonly number[]
  /** How far the smoothed curves of several runs spread; null for one run. */
  readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null
  /** Runs that have it. */
  readonly runs: number
  /** Points before they were made fewer. */
  readonly total: number
}

/** Each curve is smoothed whole, then grouped, then made of fewer points: what is drawn does not depend on the order. */
export function overlayCurves(groups: readonly (readonly OverlayRun[])[], options: OverlayOptions): OverlaidCurve[] {
  return options.names.flatMap((name) => groups.flatMap((runs, group) => overlay(name, group, runs, options) ?? []))
}

function overlay(name: string, group: number, runs: readonly OverlayRun[], { axis, smoothing, spread, points }: OverlayOptions): OverlaidCurve | null {
  const curves = runs.flatMap(({ series, stepsPerEpoch }) => {
    const found = series.get(name)
    if (!found || found.x.length === 0) return []
    const place = placesOver(axis, series, stepsPerEpoch)
    const x = axis === 'step' ? found.x : found.x.map(place)
    return [{ x, y: found.y, smooth: smooth(found.y, smoothing) }]
  })
  const [first] = curves
  if (!first) return null
  const one = curves.length === 1
  const raw = one ? first : groupCurves(curves, spread)
  const soft = one ? null : groupCurves(curves.map((c) => ({ x: c.x, y: c.smooth })), spread)
  const softened = soft?.y ?? first.smooth
  const kept = decimateIndices(smoothing === 0 ? raw.y : softened, points)
  const pick = (values: readonly number[]): readonly number[] => (kept === null ? values : kept.map((i) => values[i]!))
  return {
    name, group, x: pick(raw.x), y: pick(raw.y), smooth: pick(softened),
    band: soft && { low: pick(soft.low), high: pick(soft.high) }, runs: curves.length, total: raw.x.length,
  }
}
