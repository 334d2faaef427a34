import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, fail, ok, startChild, type Result } from '../../kit/index.ts'
import type { FromChild, MadeMap, MapJob, MapProgress } from './messages.ts'

export interface StartMapOptions {
  readonly onProgress: (progress: MapProgress) => void
  /** Cancels by ending the process. */
  readonly signal?: AbortSignal | undefined
  /** The script, where it is not the one beside this file. */
  readonly entry?: string
}

/** Makes a map in a process of its own; whatever happens to it is a result. */
export function startMap(job: MapJob, { onProgress, signal, entry = fileURLToPath(besideModule('./entry', import.meta.url)) }: StartMapOptions): Promise<Result<MadeMap>> {
  if (signal?.aborted) return Promise.resolve(cancelled())
  return new Promise((resolve) => {
    const child = startChild(entry)
    let answer: Result<MadeMap> | undefined
    const stop = () => {
      answer ??= cancelled()
      child.kill()
    }
    child.onMessage((raw) => {
      const message = raw as FromChild
      if (message.type === 'progress') onProgress(message.progress)
      else answer = message.type === 'done' ? ok(message.map) : err(AppError.fromJSON(message.error))
    })
    child.onExit((exit) => {
      signal?.removeEventListener('abort', stop)
      resolve(answer ?? fail('WORKER_DIED', `The map could not be made: its process ended (${exit.signal ?? `exit code ${exit.code ?? 'unknown'}`})`, { hint: 'Try again; fewer clips need less memory.' }))
    })
    signal?.addEventListener('abort', stop, { once: true })
    child.send(job)
  })
}

const cancelled = (): Result<MadeMap> => fail('CANCELLED', 'Cancelled')
