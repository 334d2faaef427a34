/** False accepts and false rejects of scored recordings against threshold and smoothing: what a working point is chosen from. */
import { findDetections } from '../detections.ts'
import { isBackgroundLabel, type ScoreTrack } from '../score-track.ts'
import { matchEvents } from './matching.ts'
import type { ReferenceEvent } from './reference.ts'

export interface ScoredRecording {
  readonly track: ScoreTrack
  readonly events: readonly ReferenceEvent[]
}

export interface OperatingPoint {
  readonly threshold: number
  readonly falseAccepts: number
  readonly falseRejects: number
}

export interface OperatingCurve {
  readonly label: string
  /** Windows that are averaged. */
  readonly smoothing: number
  /** Events of the label. */
  readonly events: number
  /** By rising threshold. */
  readonly points: readonly OperatingPoint[]
}

export interface CurveOptions {
  readonly smoothings: readonly number[]
  readonly thresholds: readonly number[]
  /** Seconds. */
  readonly tolerance: number
  readonly minimumDuration: number
  readonly suppression: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (share: number) => void
}

/** From 2 % to 99 %, closer together near the top, where good models work. */
export const THRESHOLDS: readonly number[] = [...Array.from({ length: 44 }, (_, i) => (2 + 2 * i) / 100), 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995]

/**
 * A curve for every label and every smoothing, made by the very detector that recognition uses. Gives way to other
 * work between two passes.
 */
export async function operatingCurves(recordings: readonly ScoredRecording[], options: CurveOptions): Promise<OperatingCurve[]> {
  const { minimumDuration, suppression } = options
  const labels = (recordings[0]?.track.labels ?? []).filter((label) => !isBackgroundLabel(label))
  const curves: OperatingCurve[] = []
  let done = 0
  for (const smoothing of options.smoothings) {
    const points = new Map<string, OperatingPoint[]>(labels.map((label) => [label, []]))
    for (const threshold of options.thresholds) {
      const counts = new Map(labels.map((label) => [label, { falseAccepts: 0, falseRejects: 0 }]))
      for (const { track, events } of recordings) {
        const detections = Map.groupBy(findDetections(track, { minimumDuration, suppression, threshold, smoothing }), (d) => d.label)
        for (const label of labels) {
          const matched = matchEvents(detections.get(label) ?? [], events.filter((e) => e.label === label), options.tolerance)
          const count = counts.get(label)!
          count.falseAccepts += matched.falseAccepts
          count.falseRejects += matched.falseRejects
        }
      }
      for (const label of labels) points.get(label)!.push({ threshold, ...counts.get(label)! })
      options.onProgress?.(++done / (options.smoothings.length * options.thresholds.length))
      await new Promise((resolve) => setImmediate(resolve))
      if (options.signal?.aborted) return []
    }
    for (const label of labels) {
      const events = recordings.reduce((sum, r) => sum + r.events.filter((e) => e.label === label).length, 0)
      curves.push({ label, smoothing, events, points: points.get(label)! })
    }
  }
  return curves
}
