/** The preview's thread from outside: started by the first job, again after it died. */
import { Worker } from 'node:worker_threads'
import { AppError, besideModule, err, fail, ok, type Result } from '../../kit/index.ts'
import type { FromPreview, PreviewJob, PreviewResult, ToPreview } from './protocol.ts'

export interface PreviewThread extends AsyncDisposable {
  perform(job: PreviewJob): Promise<Result<PreviewResult>>
}

export function createPreviewThread(): PreviewThread {
  const waiting = new Map<number, (result: Result<PreviewResult>) => void>()
  let thread: { readonly worker: Worker; readonly ended: Promise<void> } | null = null
  let nextId = 0

  const settle = (id: number, result: Result<PreviewResult>) => {
    waiting.get(id)?.(result)
    waiting.delete(id)
    if (waiting.size === 0) thread?.worker.unref() // an idle thread keeps no process alive
  }

  function start(): Worker {
    const { promise, resolve } = Promise.withResolvers<void>()
    // No flags of the parent (a test runner's loader, a debugger's port) are passed on.
    const worker = new Worker(besideModule('./preview-worker', import.meta.url), { execArgv: [], name: 'preview' })
    let reason = ''
    worker.on('message', (message: FromPreview) =>
      settle(message.id, message.type === 'done' ? ok(message.result) : err(AppError.fromJSON(message.error))),
    )
    worker.on('error', (cause) => (reason = cause instanceof Error ? cause.message : String(cause)))
    worker.on('exit', (code) => {
      thread = null
      for (const id of waiting.keys()) settle(id, fail('WORKER_DIED', `The preview stopped without an answer: ${reason === '' ? `exit code ${code}` : reason}`, { hint: 'Try again.' }))
      resolve()
    })
    thread = { worker, ended: promise }
    return worker
  }

  return {
    perform(job) {
      const worker = thread?.worker ?? start()
      worker.ref()
      const id = nextId++
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        worker.postMessage({ type: 'job', id, job } satisfies ToPreview)
      })
    },
    async [Symbol.asyncDispose]() {
      if (!thread) return
      const { worker, ended } = thread
      worker.ref()
      worker.postMessage({ type: 'stop' } satisfies ToPreview)
      await ended
    },
  }
}
