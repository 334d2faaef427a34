/** The axes that a curve can be drawn over. Pure. */
import type { Points } from './decimate.ts'

/** Names of the series that tell times: seconds since the training began, by step; and how long each epoch took, by its last step. */
export const SECONDS = 'seconds'
export const EPOCH_SECONDS = 'epoch.seconds'

/** What a log has that can be drawn. */
export const curveNames = (series: ReadonlyMap<string, Points>): string[] => [...series.keys()].filter((name) => name !== SECONDS && name !== EPOCH_SECONDS)

/** `time`: seconds of training since its beginning, pauses left out. */
export type CurveAxis = 'step' | 'epoch' | 'time'

/** From a step to its place on the axis. */
export function placesOver(axis: CurveAxis, series: ReadonlyMap<string, Points>, stepsPerEpoch: number): (step: number) => number {
  if (axis === 'step') return (step) => step
  if (axis === 'epoch') return (step) => step / stepsPerEpoch
  const times = series.get(SECONDS) ?? epochEnds(series.get(EPOCH_SECONDS))
  return (step) => interpolate(times, step)
}

/** Logs without the time of each step have that of each epoch. */
function epochEnds(epochs: Points | undefined): Points {
  let sum = 0
  return { x: epochs?.x ?? [], y: (epochs?.y ?? []).map((seconds) => (sum += seconds)) }
}

/** Between known points along a straight line from (0, 0); after the last at the pace of the last piece. */
function interpolate({ x, y }: Points, at: number): number {
  if (x.length === 0) return 0
  let low = 0
  let high = x.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (x[middle]! < at) low = middle + 1
    else high = middle
  }
  const [x1, y1] = [x[low]!, y[low]!]
  const [x0, y0] = low === 0 ? [0, 0] : [x[low - 1]!, y[low - 1]!]
  return x1 === x0 ? y1 : y0 + ((at - x0) / (x1 - x0)) * (y1 - y0)
}
