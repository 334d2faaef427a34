import { err, toAppError, type Result } from '../kit/index.ts'
import { answer, asCallError } from './call-errors.ts'
import { createLatestQueue } from './event-queue.ts'
import type { Services } from './services.ts'

export type Progressing<P, R> = { readonly progress: P } | { readonly result: R }

/** Long work as a stream: progress, of which a slow reader gets the newest, then the result. Who stops reading cancels it. */
export async function* progressStream<P, R>(
  { onBug }: Pick<Services, 'onBug'>,
  signal: AbortSignal | undefined,
  begin: (onProgress: (progress: P) => void, signal: AbortSignal) => Promise<Result<R>>,
): AsyncGenerator<Progressing<P, R>, void, void> {
  const stop = new AbortController()
  const abort = () => stop.abort()
  signal?.addEventListener('abort', abort, { once: true })
  const queue = createLatestQueue<P>()
  const work = begin(queue.push, stop.signal)
    .catch((cause: unknown) => err(toAppError(cause, 'the work')))
    .finally(queue.end)
  try {
    for await (const progress of queue.read()) yield { progress }
    yield { result: answer(await work) }
  } catch (cause) {
    throw asCallError(cause, onBug)
  } finally {
    signal?.removeEventListener('abort', abort)
    stop.abort()
  }
}
