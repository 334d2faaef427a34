/**
 * Which detections are right. A detection fits an event of its label when its middle lies within the event, widened on
 * both sides by the tolerance. Each event takes at most one detection and each detection at most one event, as many
 * pairs as there can be. An event that is left is a false reject; a detection that is left, a second one of the same
 * event included, is a false accept. Events of labels that the model does not have count as background.
 */
import type { Detection } from '../detections.ts'
import type { ReferenceEvent } from './reference.ts'

export interface Matched {
  /** Events that were detected. */
  readonly hits: number
  readonly falseAccepts: number
  readonly falseRejects: number
}

/** Seconds by which an event is widened. */
export const DEFAULT_TOLERANCE = 0.25

/** Of one label. */
export function matchEvents(detections: readonly Pick<Detection, 'start' | 'end'>[], events: readonly ReferenceEvent[], tolerance = DEFAULT_TOLERANCE): Matched {
  const middles = detections.map((d) => (d.start + d.end) / 2).sort((a, b) => a - b)
  const open = events.map((e) => ({ from: e.start - tolerance, to: e.end + tolerance, taken: false })).sort((a, b) => a.to - b.to)
  let hits = 0
  // Points in order, each to the event that ends first of those that hold it: no other choice gives more pairs.
  for (const middle of middles) {
    const event = open.find((e) => !e.taken && e.from <= middle && middle <= e.to)
    if (!event) continue
    event.taken = true
    hits++
  }
  return { hits, falseAccepts: detections.length - hits, falseRejects: events.length - hits }
}
