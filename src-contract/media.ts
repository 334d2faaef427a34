import { EDITS_VERSION, type Edit } from './edits.ts'

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
  /** What the span's sound goes through. They stand in the address themselves, so that unsaved ones can be heard too. */
  readonly edits?: readonly Edit[]
}

/** 16-bit mono WAV of the span at the recording's own rate. */
export const clipAudioUrl = (clip: MediaSpan): string => address(clip, 'wav', [])

/** Waveform picture of the span: `bins` pairs of signed bytes, the lowest and the highest sample × 127. */
export const clipPeaksUrl = (clip: MediaSpan, bins: number): string => address(clip, 'peaks', [`bins=${bins}`])

/** The parameter `edits` of an address: the version of what edits mean, and their JSON. */
const editsParameter = (edits: readonly Edit[]): string => `edits=${encodeURIComponent(`${EDITS_VERSION}:${JSON.stringify(edits)}`)}`

function address({ recording, start, end, edits = [] }: MediaSpan, kind: string, parameters: readonly string[]): string {
  const query = [...parameters, ...(edits.length > 0 ? [editsParameter(edits)] : [])].join('&')
  return `/media/${recording}/${start}-${end}.${kind}${query === '' ? '' : `?${query}`}`
}

/** Bytes that `augmentation.preview` names, while they are kept. */
export const previewUrl = (key: string): string => `/media/preview/${key}`

/** Where the WebSocket of served mode is. */
export const SOCKET_PATH = '/rpc'
