/** Tells everyone who watches (every window, every browser) that rows changed. */
export interface Changes {
  readonly revision: number
  announce(): void
  /** The revision now, then each later one; several announcements while the reader is busy are one. */
  watch(signal?: AbortSignal): AsyncGenerator<number, void, void>
}

export function createChanges(): Changes {
  let revision = 0
  const waiting = new Set<() => void>()
  return {
    get revision() {
      return revision
    },
    announce() {
      revision += 1
      for (const wake of waiting) wake()
    },
    async *watch(signal) {
      let seen = -1
      for (;;) {
        if (signal?.aborted === true) return
        if (seen === revision) await nextAnnouncement(waiting, signal)
        else {
          seen = revision
          yield seen
        }
      }
    },
  }
}

async function nextAnnouncement(waiting: Set<() => void>, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.add(resolve)
  signal?.addEventListener('abort', () => resolve(), { once: true })
  try {
    await promise
  } finally {
    waiting.delete(resolve)
  }
}
