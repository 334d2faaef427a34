/**
 * Where a model is used: the thresholds and spans of smoothing that somebody chose on recordings (by a calibration).
 * Spans are in seconds, so that they mean the same at every hop.
 */
import { z } from 'zod'

const probability = z.number().min(0).max(1)
const span = z.number().min(0).max(10)

export const workingPointSchema = z.strictObject({
  threshold: probability,
  /** Seconds over which scores are averaged. */
  smoothing: span,
  /** Single labels that have their own. */
  labels: z.record(z.string().max(200), z.strictObject({ threshold: probability, smoothing: span })),
})
export type WorkingPoint = z.output<typeof workingPointSchema>

/** How many windows a span of seconds is. */
export const windowsOf = (seconds: number, hop: number): number => Math.max(1, Math.round(seconds / hop))

/** As settings of detections at a hop (seconds). */
export function settingsOf({ threshold, smoothing, labels }: WorkingPoint, hop: number) {
  const own = Object.entries(labels)
  return {
    threshold,
    smoothing: windowsOf(smoothing, hop),
    thresholds: Object.fromEntries(own.map(([label, point]) => [label, point.threshold])),
    smoothings: Object.fromEntries(own.map(([label, point]) => [label, windowsOf(point.smoothing, hop)])),
  }
}
