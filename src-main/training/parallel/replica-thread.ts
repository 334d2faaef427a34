/** A replica in a thread of its own, seen from the main thread. */
import { Worker } from 'node:worker_threads'
import { AppError, besideModule, err, ok, type Result } from '../../kit/index.ts'
import type { PartOptions } from './part.ts'
import { ASKED, set, STOP, type FromReplica } from './protocol.ts'

export interface ReplicaThread extends AsyncDisposable {
  /** Throws the replica's error where it has failed or its thread has died. */
  look(): void
}

/** `entry` is the thread's script: beside this module unless told. */
export async function createReplicaThread(options: PartOptions, entry?: URL): Promise<Result<ReplicaThread>> {
  // No flags of the parent (a test runner's loader, a debugger's port) are passed on.
  const worker = new Worker(entry ?? besideModule('./replica-worker', import.meta.url), { execArgv: [], name: 'replica', workerData: options })
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let failure: AppError | undefined
  const fail = (error: AppError) => {
    failure ??= error
    started.resolve()
  }
  worker.on('message', (message: FromReplica) => (message.type === 'ready' ? started.resolve() : fail(AppError.fromJSON(message.error))))
  worker.on('error', (cause) => fail(died(cause instanceof Error ? cause.message : String(cause), cause)))
  worker.on('exit', (code) => {
    fail(died(`exit code ${code}`))
    ended.resolve()
  })

  const stop = async () => {
    set(options.memory.counters, ASKED, STOP)
    await ended.promise
  }
  await started.promise
  if (failure) {
    await stop()
    return err(failure)
  }
  return ok({
    look() {
      if (failure) throw failure
    },
    [Symbol.asyncDispose]: stop,
  })
}

const died = (how: string, cause?: unknown) =>
  new AppError('WORKER_DIED', `A thread of the training ended unexpectedly: ${how}`, {
    hint: 'Resume the run: it goes on from its newest checkpoint. If it happens again, train with one thread.',
    ...(cause === undefined ? {} : { cause }),
  })
