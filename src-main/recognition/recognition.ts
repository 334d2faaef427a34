/** What recognition says of one file. */
import type { Detection } from './detections.ts'

export interface ClipRecognition {
  readonly kind: 'clip'
  readonly file: string
  readonly duration: number // seconds
  readonly label: string
  readonly probability: number
  /** Probability of every label, in the model's order. */
  readonly scores: Readonly<Record<string, number>>
}

export interface StreamRecognition {
  readonly kind: 'stream'
  readonly file: string
  readonly duration: number // seconds
  readonly detections: readonly Detection[]
}

export type Recognition = ClipRecognition | StreamRecognition

/** Both kinds as spans: a recognised clip is one span over the whole file. */
export function spansOf(recognition: Recognition): readonly Detection[] {
  if (recognition.kind === 'stream') return recognition.detections
  const { label, probability, duration } = recognition
  return [{ label, probability, start: 0, end: duration }]
}
