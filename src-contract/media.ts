/**
 * Bulk bytes travel by plain GET, not by calls: a waveform or a sound is one URL, which the browser caches,
 * seeks in (Range) and plays by itself. A URL names bytes by their content, so an answer never goes stale.
 */
export interface MediaSpan {
  /** SHA-256 of the recording. */
  readonly recording: string
  /** The span [start, end) in samples at the recording's own rate. */
  readonly start: number
  readonly end: number
}

/** 16-bit mono WAV of the span at the recording's own rate. */
export const clipAudioUrl = (clip: MediaSpan): string => `/media/${clip.recording}/${clip.start}-${clip.end}.wav`

/** Waveform picture of the span: `bins` pairs of signed bytes, the lowest and the highest sample × 127. */
export const clipPeaksUrl = (clip: MediaSpan, bins: number): string =>
  `/media/${clip.recording}/${clip.start}-${clip.end}.peaks?bins=${bins}`

/** Bytes that `augmentation.preview` names, while they are kept. */
export const previewUrl = (key: string): string => `/media/preview/${key}`

/** Where the WebSocket of served mode is. */
export const SOCKET_PATH = '/rpc'
