import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, fail, ok, startChild, type Child, type Result } from '../../kit/index.ts'
import type { FromChild, TileRequest, ToChild } from './messages.ts'

/**
 * The process that computes tiles. It is started by the first request and again after it died. The newest requests
 * go first: who scrolls wants to see where they are and not where they were.
 */
export interface TileProcess extends AsyncDisposable {
  /** Starts the process before it is needed. */
  warm(): void
  compute(request: TileRequest, signal?: AbortSignal): Promise<Result<Uint8Array>>
}

interface Waiting {
  readonly request: TileRequest
  readonly settle: (result: Result<Uint8Array>) => void
}

/** Requests that the child has at hand: one in work, one so that it never waits. */
const AHEAD = 2
/** Milliseconds that one tile may take. */
const LIMIT = 60_000

export function createTileProcess(limit = LIMIT): TileProcess {
  const queue: Waiting[] = []
  const pending = new Map<number, Waiting & { readonly timer: NodeJS.Timeout }>()
  let child: { readonly process: Child; readonly exited: Promise<void> } | null = null
  let disposed = false
  let count = 0

  function start(): Child {
    const process = startChild(fileURLToPath(besideModule('./entry', import.meta.url)))
    const { promise, resolve } = Promise.withResolvers<void>()
    process.onMessage((raw) => {
      const message = raw as FromChild
      settle(message.id, 'error' in message ? err(AppError.fromJSON(message.error)) : ok(message.tile))
      dispatch()
    })
    process.onExit(({ code, signal }) => {
      if (child?.process === process) child = null
      const how = signal ?? `exit code ${code ?? 'unknown'}`
      for (const id of pending.keys()) settle(id, fail('WORKER_DIED', `The spectrogram could not be computed: its process ended (${how})`))
      resolve()
      if (!disposed && queue.length > 0) dispatch()
    })
    child = { process, exited: promise }
    return process
  }

  function settle(id: number, result: Result<Uint8Array>): void {
    const waiting = pending.get(id)
    if (!waiting) return
    pending.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(result)
  }

  function dispatch(): void {
    while (pending.size < AHEAD) {
      const next = queue.pop()
      if (!next) return
      const process = child?.process ?? start()
      const id = count++
      const timer = setTimeout(() => process.kill(), limit)
      pending.set(id, { ...next, timer })
      process.send({ id, request: next.request } satisfies ToChild)
    }
  }

  return {
    warm() {
      if (!child && !disposed) start()
    },
    async compute(request, signal) {
      if (disposed || signal?.aborted) return fail('CANCELLED', 'Cancelled')
      const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>()
      const waiting: Waiting = { request, settle: resolve }
      queue.push(waiting)
      signal?.addEventListener('abort', () => {
        const at = queue.indexOf(waiting)
        if (at >= 0) queue.splice(at, 1)
        resolve(fail('CANCELLED', 'Cancelled'))
      }, { once: true })
      dispatch()
      return await promise
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      for (const waiting of queue.splice(0)) waiting.settle(fail('CANCELLED', 'The program ends'))
      const running = child
      running?.process.kill()
      await running?.exited
    },
  }
}
