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

/** The span from its end to its beginning, as sound that is played backwards. */
export const reversedAudioUrl = (clip: MediaSpan): string => address(clip, 'wav', ['reversed=1'])

/**
 * A waveform at several resolutions: level 0 has the lowest and the highest of each 256 samples, each further level
 * of four times as many. Little-endian 16-bit pairs (× 32767), in blocks of so many pairs. While a recording is still
 * being measured, the last block that there is ends early and is not kept by the browser.
 */
export const PEAK_BUCKET = 256
export const PEAK_FACTOR = 4
export const PEAK_BLOCK = 4096
export const peakBucket = (level: number): number => PEAK_BUCKET * PEAK_FACTOR ** level
/** Levels until one block holds the whole recording. */
export const peakLevels = (frames: number): number =>
  1 + Math.max(0, Math.ceil(Math.log(frames / (PEAK_BUCKET * PEAK_BLOCK)) / Math.log(PEAK_FACTOR) - 1e-9))
export const peakBlockUrl = (recording: string, level: number, block: number): string => `/media/${recording}/peaks/${level}/${block}`

export const STFT_WINDOWS = ['hann', 'hamming', 'blackman', 'rectangular'] as const

/** A short-time Fourier transform; lengths in samples, all powers of two. */
export interface Stft {
  readonly window: (typeof STFT_WINDOWS)[number]
  /** Of the window. */
  readonly size: number
  /** Between windows at the finest level. */
  readonly hop: number
  /** Of the transform; a shorter window is followed by zeros. */
  readonly fftSize: number
}

/** Columns of one tile; the last tile of a recording may have fewer. */
export const TILE_COLUMNS = 256
/** A tile's byte b stands for TILE_FLOOR + b · TILE_STEP dB; a sine at full scale is at 0 dB. */
export const TILE_FLOOR = -120
export const TILE_STEP = 0.5

/** Samples between the columns of a level: each level has half as many as the one before. */
export const columnHop = (stft: Pick<Stft, 'hop'>, level: number): number => stft.hop * 2 ** level
/** Column c stands for the samples around c · hop. */
export const columnsOf = (stft: Pick<Stft, 'hop'>, level: number, frames: number): number => Math.floor((frames - 1) / columnHop(stft, level)) + 1
/** A coarse column is the mean power of this many windows, evenly spread around its middle. */
export const windowsOf = (level: number): number => Math.min(8, 2 ** level)
/** Levels until one tile holds the whole recording. */
export const tileLevels = (stft: Pick<Stft, 'hop'>, frames: number): number =>
  1 + Math.max(0, Math.ceil(Math.log2(frames / (stft.hop * TILE_COLUMNS)) - 1e-9))
/** Bytes [column, bin] of the columns [tile · TILE_COLUMNS, …), bins from 0 Hz to half the sample rate. */
export const spectrogramTileUrl = (recording: string, { window, size, hop, fftSize }: Stft, level: number, tile: number): string =>
  `/media/${recording}/spectrogram/${window}-${size}-${hop}-${fftSize}/${level}/${tile}`

/** Where the WebSocket of served mode is. */
export const SOCKET_PATH = '/rpc'
