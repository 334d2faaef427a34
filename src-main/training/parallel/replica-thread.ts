/** A replica in a thread of its own, seen from the main thread. */
import { Worker } from 'node:worker_threads'
import { AppError, besideModule, err, ok, type Result } from '../../kit/index.ts'
import type { RuntimeTensor } from '../../runtime/index.ts'
import { ASKED, DONE, FAILED, STOP, type FromReplica, type ReplicaData } from './protocol.ts'
import { blockViews, createBlockCopy, createSharedBlock, type BlockEntry, type SharedBlock } from './shared-block.ts'

export interface ReplicaThread extends AsyncDisposable {
  /** Shared memory: to be written before `begin`. */
  readonly batch: ReadonlyMap<string, Float32Array>
  begin(): void
  /** The results, valid until the next `finish`. Rejects with the replica's error, also where its thread has died. */
  finish(): Promise<Readonly<Record<string, RuntimeTensor>>>
}

export interface ReplicaOptions {
  readonly model: Uint8Array
  readonly parameters: SharedBlock
  readonly batch: readonly BlockEntry[]
  readonly results: readonly BlockEntry[]
  /** The thread's script: beside this module unless told. */
  readonly entry?: URL
}

/** Milliseconds after which a waiting main thread looks whether the replica still lives. */
const LOOK_AFTER = 100

export async function createReplicaThread({ model, parameters, entry, ...blocks }: ReplicaOptions): Promise<Result<ReplicaThread>> {
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  const [batch, results] = [createSharedBlock(blocks.batch), createSharedBlock(blocks.results)]
  const workerData: ReplicaData = { model, counters, parameters, batch, results }
  // No flags of the parent (a test runner's loader, a debugger's port) are passed on.
  const worker = new Worker(entry ?? besideModule('./replica-worker', import.meta.url), { execArgv: [], name: 'replica', workerData })
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

  const ask = (value: number) => {
    Atomics.store(counters, ASKED, value)
    Atomics.notify(counters, ASKED)
  }
  const stop = async () => {
    ask(STOP)
    await ended.promise
  }
  await started.promise
  if (failure) {
    await stop()
    return err(failure)
  }
  const copy = createBlockCopy(results)
  let asked = 0
  return ok({
    batch: blockViews(batch),
    begin() {
      if (failure) throw failure
      ask(++asked)
    },
    async finish() {
      for (;;) {
        const done = Atomics.load(counters, DONE)
        if (done === asked) {
          copy.refresh()
          return copy.tensors
        }
        if (failure) throw failure
        // Where the thread has failed or keeps us waiting, its messages and its end must be heard.
        if (done === FAILED || Atomics.wait(counters, DONE, done, LOOK_AFTER) === 'timed-out') await new Promise((resolve) => setImmediate(resolve))
      }
    },
    [Symbol.asyncDispose]: stop,
  })
}

const died = (how: string, cause?: unknown) =>
  new AppError('WORKER_DIED', `A thread of the training ended unexpectedly: ${how}`, {
    hint: 'Resume the run: it goes on from its newest checkpoint. If it happens again, train with one thread.',
    ...(cause === undefined ? {} : { cause }),
  })
