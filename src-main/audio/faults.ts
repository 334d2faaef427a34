import { AppError } from '../kit/index.ts'

/**
 * The errors of this room, in one voice. Parsers throw them without the file's name; the edge that knows
 * the name (`withFile`) adds it.
 */
export const corrupt = (what: string): AppError =>
  new AppError('AUDIO_CORRUPT', what, {
    hint: 'Open the file in an audio editor; if it plays there, export it again as WAV.',
  })

export const truncated = (what: string): AppError =>
  new AppError('AUDIO_TRUNCATED', what, {
    hint: 'Copy or download the file again, or export what is left of it as a new file with an audio editor.',
  })

export const empty = (what: string): AppError =>
  new AppError('AUDIO_EMPTY', what, { hint: 'Record or copy the file again, or leave it out.' })

export const unsupported = (what: string, hint = 'Convert it to WAV or FLAC and import that.'): AppError =>
  new AppError('AUDIO_UNSUPPORTED', what, { hint })

/** The same error, naming the file. */
export const withFile = (error: AppError, file: string): AppError =>
  error.file === undefined
    ? new AppError(error.code, error.message, {
        file,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...(error.cause === undefined ? {} : { cause: error.cause }),
      })
    : error

/** Hz. No converter on the market is faster; a header that says more is damaged. */
export const MAX_SAMPLE_RATE = 768_000
export const MAX_CHANNELS = 256
/** All channels together: 512 MiB of float32. A longer WAV or AIFF is still read span by span. */
export const MAX_SAMPLES = 2 ** 27

/** Refuses what no real recording has: rate or channel count that are zero or absurd. */
export function checkFormat(sampleRate: number, channels: number): void {
  if (!(sampleRate >= 1)) throw corrupt(`The header gives a sample rate of ${sampleRate} Hz`)
  if (sampleRate > MAX_SAMPLE_RATE)
    throw corrupt(`The header gives a sample rate of ${sampleRate} Hz, above the limit of ${MAX_SAMPLE_RATE} Hz`)
  if (!(channels >= 1)) throw corrupt('The header gives no channels')
  if (channels > MAX_CHANNELS)
    throw corrupt(`The header gives ${channels} channels, above the limit of ${MAX_CHANNELS}`)
}

export function checkAmount(frames: number, channels: number): void {
  if (frames * channels > MAX_SAMPLES)
    throw unsupported(
      `The sound is too long to decode in one piece: ${frames} samples in ${channels} channel${channels === 1 ? '' : 's'}`,
      'Split it into shorter files, or convert it to WAV, of which parts can be read.',
    )
}

/** Rates that lie further apart than any two in use come from a damaged header, and would cost memory without bound. */
export function checkRatio(from: number, to: number): void {
  if (Math.max(from, to) / Math.min(from, to) > 256)
    throw unsupported(`The sample rate of ${from} Hz is too far from the wanted ${to} Hz to be converted`)
}

export const formatBytes = (count: number): string => `${count.toLocaleString('en')} bytes`
