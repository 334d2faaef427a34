/** Times in seconds from the start of the recording. Pure: the editor's view of time rests on it. */
export interface TimeRange {
  readonly start: number
  readonly end: number
}

export const spanOf = ({ start, end }: TimeRange): number => end - start

/** A range of at least `shortest` and at most the whole, moved inside [0, duration]. */
export function clampRange(range: TimeRange, duration: number, shortest: number): TimeRange {
  const span = Math.min(duration, Math.max(Math.min(shortest, duration), spanOf(range)))
  const middle = (range.start + range.end) / 2
  // Only a span that had to change moves about its middle: a moved range keeps its edges to the last bit.
  const start = span === spanOf(range) ? range.start : middle - span / 2
  const kept = Math.max(0, Math.min(start, duration - span))
  return { start: kept, end: kept === start && span === spanOf(range) ? range.end : kept + span }
}

/** Shows `factor` times as much (below 1: closer), with the time `at` staying where it is on the screen. */
export const zoomedRange = ({ start, end }: TimeRange, factor: number, at: number): TimeRange => ({
  start: at - (at - start) * factor,
  end: at + (end - at) * factor,
})

export const movedRange = ({ start, end }: TimeRange, by: number): TimeRange => ({ start: start + by, end: end + by })

/** The range that shows `time`: itself where it does, else the smallest move that does, with a margin of a tenth. */
export function revealing(range: TimeRange, time: number): TimeRange {
  const margin = spanOf(range) / 10
  if (time < range.start) return movedRange(range, time - margin - range.start)
  if (time > range.end) return movedRange(range, time + margin - range.end)
  return range
}

/** Steps that people count time in, seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

/** Seconds between labels that leave each at least `room` of the range's span. */
export function timeStep(span: number, room: number): number {
  const least = span * room
  if (least > 0.5) return STEPS.find((step) => step >= least) ?? Math.ceil(least / 86_400) * 86_400
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= least * (1 - 1e-9))!
}

/** The multiples of `step` in the range. */
export function ticksOf({ start, end }: TimeRange, step: number): number[] {
  const first = Math.ceil(start / step - 1e-9)
  const last = Math.floor(end / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
}

/** `1:02:03.45`: hours where there are any, minutes always, as many digits as the step between two times needs. */
export function clockTime(seconds: number, step: number, decimal = '.'): string {
  const digits = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9))
  const units = Math.round(Math.abs(seconds) * 10 ** digits)
  const whole = Math.floor(units / 10 ** digits)
  const two = (n: number): string => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes)
  const rest = digits === 0 ? '' : decimal + String(units % 10 ** digits).padStart(digits, '0')
  return `${seconds < 0 && units > 0 ? '−' : ''}${head}:${two(whole % 60)}${rest}`
}
