import type { CalibrationEvent, OperatingCurve } from '@contract'

export type CalibrationResult = Extract<CalibrationEvent, { type: 'result' }>

/** Counts as rates. */
export interface Rates {
  readonly threshold: number
  readonly falseAcceptsPerHour: number
  /** Of the events; null where there are none. */
  readonly falseRejectRate: number | null
  readonly falseAccepts: number
  readonly falseRejects: number
}

/** The curve of one label, or of all labels together, at one smoothing. */
export function ratesOf({ curves, seconds }: CalibrationResult, label: string | null, smoothing: number): Rates[] {
  const chosen = curves.filter((c) => c.smoothing === smoothing && (label === null || c.label === label))
  const events = chosen.reduce((sum, c) => sum + c.events, 0)
  const [first] = chosen
  return (first?.points ?? []).map(({ threshold }, i) => {
    const sum = (key: 'falseAccepts' | 'falseRejects'): number => chosen.reduce((all, c) => all + c.points[i]![key], 0)
    const [falseAccepts, falseRejects] = [sum('falseAccepts'), sum('falseRejects')]
    return { threshold, falseAccepts, falseRejects, falseAcceptsPerHour: (3600 * falseAccepts) / seconds, falseRejectRate: events > 0 ? falseRejects / events : null }
  })
}

export interface Suggestion {
  readonly smoothing: number
  readonly rates: Rates
}

/** Of all that give at most so many false accepts an hour, the point with the fewest misses; of equals the higher threshold, then less smoothing. */
export function suggest(result: CalibrationResult, label: string | null, mostPerHour: number): Suggestion | null {
  const all = smoothingsOf(result).flatMap(({ smoothing }) => ratesOf(result, label, smoothing).map((rates) => ({ smoothing, rates })))
  const allowed = all.filter(({ rates }) => rates.falseAcceptsPerHour <= mostPerHour)
  const misses = (s: Suggestion): number => s.rates.falseRejectRate ?? 0
  const better = (a: Suggestion, b: Suggestion): number =>
    misses(a) - misses(b) || a.rates.falseAccepts - b.rates.falseAccepts || (a.rates.falseRejectRate === null ? a.rates.threshold - b.rates.threshold : b.rates.threshold - a.rates.threshold) || a.smoothing - b.smoothing
  return allowed.toSorted(better)[0] ?? null
}

export const smoothingsOf = ({ curves }: { readonly curves: readonly OperatingCurve[] }): { smoothing: number; seconds: number }[] =>
  [...new Map(curves.map((c) => [c.smoothing, c.smoothingSeconds]))].map(([smoothing, seconds]) => ({ smoothing, seconds }))
