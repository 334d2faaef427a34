/**
 * What a model says of a long recording: its probabilities for windows that start every `hop` seconds.
 * Times are in seconds from the start of the recording.
 */
export interface ScoreTrack {
  readonly labels: readonly string[]
  /** Number of windows. */
  readonly windows: number
  /** Row-major [window, label], each row one softmax. */
  readonly scores: Float32Array
  /** Seconds from one window's start to the next one's. */
  readonly hop: number
  /** Seconds that one window holds. */
  readonly length: number
  /** Seconds of the whole recording. */
  readonly duration: number
}

/** The probabilities of one window. */
export const windowScores = (track: ScoreTrack, window: number): Float32Array =>
  track.scores.subarray(window * track.labels.length, (window + 1) * track.labels.length)

/** How many windows cover `samples`: the last one may reach over the end, where it is filled with zeros. */
export function countWindows(samples: number, length: number, hop: number): number {
  return samples <= length ? 1 : 1 + Math.ceil((samples - length) / hop)
}

/** Labels that stand for "nothing of interest" in common data sets; they never become detections. */
const background = new Set(['_background_noise_', '_background_', '_silence_', '_unknown_', 'background', 'silence', 'unknown', 'noise'])

export const isBackgroundLabel = (label: string): boolean => background.has(label.toLowerCase())
