import { oc } from '@orpc/contract'
import { z } from 'zod'

/**
 * Every code that a call can fail with. The same set as the app's own `ErrorCode`; the compiler compares the
 * two where the handlers live.
 */
export const ERROR_CODES = [
  'USAGE',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'INVALID',
  'AUDIO_EMPTY',
  'AUDIO_CORRUPT',
  'AUDIO_TRUNCATED',
  'AUDIO_UNSUPPORTED',
  'AUDIO_NEEDS_FFMPEG',
  'CATALOG_CORRUPT',
  'CATALOG_NEWER',
  'LIBRARY_BUSY',
  'RUN_BUSY',
  'CHECKPOINT_CORRUPT',
  'MODEL_INVALID',
  'MODEL_REFUSED',
  'DEVICE_UNAVAILABLE',
  'DISK_FULL',
  'PERMISSION',
  'IO',
  'CANCELLED',
  'WORKER_DIED',
  'TRAINING_DIVERGED',
] as const

export type CallErrorCode = (typeof ERROR_CODES)[number]

/** What an error carries beside its code and its sentence. */
export const ErrorData = z.strictObject({
  /** What the person can do about it, one sentence. */
  hint: z.string().optional(),
  /** The file that it happened to, as the person named it. */
  file: z.string().optional(),
})
export type ErrorData = z.infer<typeof ErrorData>

const errorMap = Object.fromEntries(ERROR_CODES.map((code) => [code, { data: ErrorData }])) as {
  readonly [Code in CallErrorCode]: { readonly data: typeof ErrorData }
}

/** Every call of the contract starts from this, so that every call can fail with every code, typed. */
export const call = oc.errors(errorMap)
