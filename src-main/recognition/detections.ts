/** From a track of scores to a list of detections: smoothing, threshold, shortest duration, suppression. */
import { isBackgroundLabel, type ScoreTrack } from './score-track.ts'
import { smoothedTime, smoothScores } from './smoothing.ts'

export interface Detection {
  readonly label: string
  /** The highest smoothed probability within the span. */
  readonly probability: number
  /** Seconds. The span in which a window centred there holds the label: about the sound itself. */
  readonly start: number
  readonly end: number
}

export interface DetectionOptions {
  /** A smoothed probability from which on a window counts, 0 to 1. */
  readonly threshold: number
  /** How many windows are averaged. */
  readonly smoothing: number
  /** For single labels, instead of `threshold` and `smoothing`. */
  readonly thresholds?: Readonly<Record<string, number>>
  readonly smoothings?: Readonly<Record<string, number>>
  /** Seconds for which the label must hold, to the nearest window. */
  readonly minimumDuration: number
  /** Of detections whose peaks are closer than this, seconds, the most probable stays. */
  readonly suppression: number
}

interface Candidate extends Detection {
  readonly peak: number
  readonly windows: number
}

export function findDetections(track: ScoreTrack, options: DetectionOptions): Detection[] {
  const spans = track.labels.map((label) => options.smoothings?.[label] ?? options.smoothing)
  const smoothed = smoothScores(track, spans)
  const candidates = track.labels.flatMap((label, c) =>
    isBackgroundLabel(label) ? [] : findRuns(smoothed, c, { threshold: options.thresholds?.[label] ?? options.threshold, smoothing: spans[c]! }),
  )
  const least = Math.round(options.minimumDuration / track.hop)
  const long = candidates.filter((d) => d.windows >= least)
  return suppressNeighbours(long, options.suppression)
    .sort((a, b) => a.peak - b.peak)
    .map(({ label, probability, start, end }) => ({ label, probability, start, end }))
}

/** Every unbroken run of windows at or above the threshold. */
function findRuns(track: ScoreTrack, label: number, { threshold, smoothing }: { readonly threshold: number; readonly smoothing: number }): Candidate[] {
  const classes = track.labels.length
  const score = (w: number) => track.scores[w * classes + label]!
  const time = (w: number) => smoothedTime(track, w, smoothing)
  const inside = (t: number) => Math.min(track.duration, Math.max(0, t))
  const runs: Candidate[] = []
  for (let first = 0; first < track.windows; first++) {
    if (score(first) < threshold) continue
    let last = first
    let best = first
    while (last + 1 < track.windows && score(last + 1) >= threshold) {
      last++
      if (score(last) > score(best)) best = last
    }
    runs.push({
      label: track.labels[label]!,
      probability: Math.min(1, score(best)),
      start: inside(time(first) - track.hop / 2),
      end: inside(time(last) + track.hop / 2),
      peak: time(best),
      windows: last - first + 1,
    })
    first = last
  }
  return runs
}

/** Non-maximum suppression along time, over all labels. */
function suppressNeighbours(candidates: readonly Candidate[], distance: number): Candidate[] {
  const kept: Candidate[] = []
  for (const candidate of [...candidates].sort((a, b) => b.probability - a.probability || a.peak - b.peak))
    if (kept.every((other) => Math.abs(other.peak - candidate.peak) >= distance)) kept.push(candidate)
  return kept
}
