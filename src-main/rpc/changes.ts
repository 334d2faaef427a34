import { createAnnouncer } from '../kit/index.ts'

/** Tells everyone who watches (every window, every browser) that rows changed. */
export interface Changes {
  readonly revision: number
  announce(): void
  /** The revision now, then each later one; several announcements while the reader is busy are one. */
  watch(signal?: AbortSignal): AsyncGenerator<number, void, void>
}

export function createChanges(): Changes {
  let revision = 0
  const announcer = createAnnouncer()
  return {
    get revision() {
      return revision
    },
    announce() {
      revision += 1
      announcer.announce()
    },
    async *watch(signal) {
      let seen = -1
      for (;;) {
        if (signal?.aborted === true) return
        if (seen === revision) await announcer.next(signal)
        else {
          seen = revision
          yield seen
        }
      }
    },
  }
}
