import type { ScoreTrack } from './score-track.ts'

/**
 * Posterior smoothing of Chen, Parada and Heigold, "Small-footprint keyword spotting using deep neural
 * networks" (ICASSP 2014), section 2.3: each window's scores become the mean of its own and those of the
 * up to `span` − 1 windows before it. One missed or spurious window then decides nothing. Every label may have its own span.
 */
export function smoothScores(track: ScoreTrack, spans: number | readonly number[]): ScoreTrack {
  const classes = track.labels.length
  const scores = new Float32Array(track.scores.length)
  for (let c = 0; c < classes; c++) {
    const span = typeof spans === 'number' ? spans : spans[c]!
    let sum = 0
    for (let w = 0; w < track.windows; w++) {
      sum += track.scores[w * classes + c]!
      if (w >= span) sum -= track.scores[(w - span) * classes + c]!
      scores[w * classes + c] = sum / Math.min(w + 1, span)
    }
  }
  return { ...track, scores }
}

/**
 * The time in the recording that a smoothed score speaks of: the middle of the windows that went into it,
 * so smoothing does not make detections late.
 */
export function smoothedTime(track: ScoreTrack, window: number, span: number): number {
  const first = Math.max(0, window - span + 1)
  return ((first + window) / 2) * track.hop + track.length / 2
}
