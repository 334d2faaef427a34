import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, fail, ok, startChild, type Child, type Result } from '../kit/index.ts'
import type { Answers, ExplanationRequest, FromChild, Progress, ToChild } from './process/messages.ts'

/** The process of explanations from outside: started by the first question, again after it died. */
export interface Explainer extends AsyncDisposable {
  ask<R extends ExplanationRequest>(request: R, options?: AskOptions): Promise<Result<Answers[R['kind']]>>
}

export interface AskOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Gives the answer up. Work that is under way is ended with its process. */
  readonly signal?: AbortSignal | undefined
}

export interface ExplainerOptions {
  /** The script, where it is not the usual one. */
  readonly entry?: string
}

interface Waiting {
  readonly process: Child
  readonly settle: (result: Result<Answers[keyof Answers]>) => void
  readonly onProgress: ((progress: Progress) => void) | undefined
}

export function createExplainer({ entry = fileURLToPath(besideModule('./process/entry', import.meta.url)) }: ExplainerOptions = {}): Explainer {
  const waiting = new Map<number, Waiting>()
  let child: { readonly process: Child; readonly exited: Promise<void> } | null = null
  let disposed = false
  let count = 0

  function start(): Child {
    const process = startChild(entry)
    const { promise, resolve } = Promise.withResolvers<void>()
    process.onMessage((raw) => {
      const message = raw as FromChild
      const asked = waiting.get(message.id)
      if (!asked) return
      if ('progress' in message) asked.onProgress?.(message.progress)
      else {
        waiting.delete(message.id)
        asked.settle('error' in message ? err(AppError.fromJSON(message.error)) : ok(message.answer))
      }
    })
    process.onExit(({ code, signal }) => {
      if (child?.process === process) child = null
      const how = signal ?? `exit code ${code ?? 'unknown'}`
      for (const [id, asked] of waiting) {
        if (asked.process !== process) continue
        waiting.delete(id)
        asked.settle(fail('WORKER_DIED', `The network could not be looked into: its process ended (${how})`, { hint: 'Try again.' }))
      }
      resolve()
    })
    child = { process, exited: promise }
    return process
  }

  return {
    async ask<R extends ExplanationRequest>(request: R, { onProgress, signal }: AskOptions = {}) {
      if (disposed || signal?.aborted) return fail('CANCELLED', 'Cancelled')
      const process = child?.process ?? start()
      const id = count++
      const { promise, resolve } = Promise.withResolvers<Result<Answers[keyof Answers]>>()
      const cancel = () => {
        resolve(fail('CANCELLED', 'Cancelled'))
        waiting.delete(id)
        // Where others wait too, it goes on for them; the next question starts another one.
        if ([...waiting.values()].some((asked) => asked.process === process)) return
        if (child?.process === process) child = null
        process.kill()
      }
      waiting.set(id, { process, settle: resolve, onProgress })
      signal?.addEventListener('abort', cancel, { once: true })
      process.send({ id, request } satisfies ToChild)
      const answer = await promise
      signal?.removeEventListener('abort', cancel)
      return answer as Result<Answers[R['kind']]>
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      const running = child
      running?.process.kill()
      await running?.exited
    },
  }
}
