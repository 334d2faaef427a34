/**
 * Expected failures are values: `Result<T>` is either a value or an `AppError` that a person can act on.
 * Bugs throw (`assert`). Errors are caught only at the edges (a file in a batch, a command, a call).
 */

/** Every code is stable: scripts and tests may rely on it. */
export type ErrorCode =
  | 'USAGE' // the caller asked for something that has no meaning
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'INVALID' // a value, setting or file content breaks a rule that is named in the message
  | 'AUDIO_EMPTY'
  | 'AUDIO_CORRUPT'
  | 'AUDIO_TRUNCATED'
  | 'AUDIO_UNSUPPORTED'
  | 'AUDIO_NEEDS_FFMPEG' // a coding that only a decoder of this machine, or the studio's browser, may know
  | 'CATALOG_CORRUPT'
  | 'CATALOG_NEWER'
  | 'LIBRARY_BUSY'
  | 'RUN_BUSY' // another process trains it
  | 'CHECKPOINT_CORRUPT'
  | 'MODEL_INVALID'
  | 'MODEL_REFUSED' // an ONNX file that breaks a safety cap
  | 'DEVICE_UNAVAILABLE'
  | 'DISK_FULL'
  | 'PERMISSION'
  | 'IO'
  | 'CANCELLED'
  | 'WORKER_DIED'
  | 'TRAINING_DIVERGED'

export interface ErrorDetails {
  /** What the person can do about it, one sentence. */
  readonly hint?: string
  /** The file that it happened to, as the person named it. */
  readonly file?: string
  readonly cause?: unknown
}

export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly file: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = details.hint
    this.file = details.file
  }

  /** Plain data for a process boundary or `--json`. */
  toJSON(): SerialisedError {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.file === undefined ? {} : { file: this.file }),
    }
  }

  static fromJSON(e: SerialisedError): AppError {
    return new AppError(e.code, e.message, e)
  }
}

export interface SerialisedError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly file?: string
}

export type Result<T, E = AppError> = Ok<T> | Err<E>
export interface Ok<T> {
  readonly ok: true
  readonly value: T
}
export interface Err<E> {
  readonly ok: false
  readonly error: E
}

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E>(error: E): Err<E> => ({ ok: false, error })

/** Shorthand for `err(new AppError(…))`. */
export const fail = (code: ErrorCode, message: string, details?: ErrorDetails): Err<AppError> =>
  err(new AppError(code, message, details))

/** The value, or throws the error: for edges and tests. */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value
  throw result.error
}

/** A broken invariant is a bug: it throws a plain Error, never an AppError. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Bug: ${message}`)
}

export function exhaustive(value: never): never {
  throw new Error(`Bug: unexpected case ${JSON.stringify(value)}`)
}

/**
 * What the system said (`ENOSPC`, `EACCES`, …) as an AppError; an AppError stays as it is.
 * Use at the edge where a system call is made.
 */
export function toAppError(cause: unknown, doing: string, file?: string): AppError {
  if (cause instanceof AppError) return cause
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  const where = file === undefined ? {} : { file }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('DISK_FULL', `The disk is full: ${doing}`, {
        ...where,
        cause,
        hint: 'Free some space, then do it again; what was there before is unharmed.',
      })
    case 'ENOENT':
      return new AppError('NOT_FOUND', `No such file or folder: ${file ?? doing}`, { ...where, cause })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('PERMISSION', `Not permitted: ${doing}`, {
        ...where,
        cause,
        hint: 'Check the permissions of the file and of its folder.',
      })
    default: {
      const text = cause instanceof Error ? cause.message : String(cause)
      return new AppError('IO', `${doing}: ${text}`, { ...where, cause })
    }
  }
}
