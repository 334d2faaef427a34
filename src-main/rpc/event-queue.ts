/**
 * Turns callbacks into a stream. A reader that is slower than the writer gets only the newest of what it
 * missed: progress is a picture of now, and memory does not grow.
 */
export interface LatestQueue<T> {
  push(event: T): void
  end(): void
  read(): AsyncGenerator<T, void, void>
}

export function createLatestQueue<T>(): LatestQueue<T> {
  let latest: { readonly event: T } | null = null
  let ended = false
  let wake = Promise.withResolvers<void>()
  const ring = (): void => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }
  return {
    push(event) {
      latest = { event }
      ring()
    },
    end() {
      ended = true
      ring()
    },
    async *read() {
      for (;;) {
        const next = latest
        latest = null
        if (next) yield next.event
        else if (ended) return
        else await wake.promise
      }
    },
  }
}

/** Turns callbacks into a stream that loses nothing; for events that are few, or already thinned. */
export interface EventQueue<T> {
  push(event: T): void
  end(): void
  read(): AsyncGenerator<T, void, void>
}

export function createEventQueue<T>(): EventQueue<T> {
  const events: T[] = []
  const signal = createLatestQueue<null>()
  return {
    push(event) {
      events.push(event)
      signal.push(null)
    },
    end: () => signal.end(),
    async *read() {
      for await (const _ of signal.read()) yield* events.splice(0)
      yield* events.splice(0)
    },
  }
}
