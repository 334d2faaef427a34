/**
 * Where a model is used: the thresholds and spans of smoothing that somebody chose on recordings (by a calibration).
 * Spans are in seconds, so that they mean the same at every hop.
 */
import onnxProto from 'onnx-proto'
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

/** The key of a file's metadata. */
export const WORKING_POINT_KEY = 'workingPoint'

/** The same model that brings a working point along, or none. */
export function withWorkingPoint(bytes: Uint8Array, point: WorkingPoint | null): Uint8Array {
  const model = onnxProto.onnx.ModelProto.decode(bytes)
  model.metadataProps = model.metadataProps.filter(({ key }) => key !== WORKING_POINT_KEY)
  if (point !== null) model.metadataProps.push({ key: WORKING_POINT_KEY, value: JSON.stringify(point) })
  return onnxProto.onnx.ModelProto.encode(model).finish()
}
