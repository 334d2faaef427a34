/** What to show of a failed call. */
export interface ShownError {
  readonly message: string
  readonly hint: string | null
}

/** A call that the person, or a newer call, stopped: nothing to show. */
export const isStopped = (cause: unknown): boolean =>
  cause instanceof Error && (cause.name === 'AbortError' || ('code' in cause && cause.code === 'CANCELLED'))

export function shownError(cause: unknown): ShownError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const data = cause instanceof Error && 'data' in cause ? cause.data : undefined
  const hint = typeof data === 'object' && data !== null && 'hint' in data && typeof data.hint === 'string' ? data.hint : null
  return { message, hint }
}
