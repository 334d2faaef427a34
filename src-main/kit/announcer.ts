/** Wakes everyone who waits for the next change of something. */
export interface Announcer {
  announce(): void
  /** Resolves at the next announcement, or when the signal is aborted. */
  next(signal?: AbortSignal): Promise<void>
}

export function createAnnouncer(): Announcer {
  const waiting = new Set<() => void>()
  return {
    announce() {
      for (const wake of waiting) wake()
    },
    async next(signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
      try {
        await promise
      } finally {
        waiting.delete(resolve)
      }
    },
  }
}
