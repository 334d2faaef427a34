/** What was, what is, and what was taken back. Changes with the same mark, one after the other, are one step. */
export interface Steps<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** Of the newest change: typing in one field is one step. */
  readonly mark: string | null
}

/** As many as can be taken back. */
const MOST = 200

export const beginSteps = <T>(now: T): Steps<T> => ({ past: [], now, future: [], mark: null })

export const changed = <T>({ past, now, mark: before }: Steps<T>, next: T, mark: string | null = null): Steps<T> => ({
  past: mark !== null && mark === before ? past : [...past, now].slice(-MOST),
  now: next,
  future: [],
  mark,
})

export const undone = <T>({ past, now, future, mark }: Steps<T>): Steps<T> =>
  past.length === 0 ? { past, now, future, mark } : { past: past.slice(0, -1), now: past.at(-1)!, future: [now, ...future], mark: null }

export const redone = <T>({ past, now, future, mark }: Steps<T>): Steps<T> =>
  future.length === 0 ? { past, now, future, mark } : { past: [...past, now], now: future[0]!, future: future.slice(1), mark: null }
