/**
 * Rows whose sound is varied anew in every pass: threads make the batches ahead of the training and put them into a
 * ring of slots, so that the training finds the next one ready. Which thread makes a batch, and when, changes nothing
 * in it.
 */
import { Worker } from 'node:worker_threads'
import { AppError, besideModule } from '../../kit/index.ts'
import { createVariantBank } from './variant-bank.ts'
import type { BatchOrder } from '../batch-order.ts'
import type { RowFiller } from '../batch-maker.ts'
import { READY, STOP, TAKEN, type AugmentingData, type FromAugmenting } from './protocol.ts'

export interface AugmentedRowsOptions extends Omit<AugmentingData, 'counters' | 'slots' | 'slotCount' | 'index' | 'bank'> {
  readonly batches: BatchOrder
  /** Values of one clip. */
  readonly size: number
  /** The threads' script: beside this module unless told. */
  readonly entry?: URL
}

/** Batches that are made ahead, for each thread. */
const AHEAD = 4
/** Milliseconds after which a waiting training looks whether the threads still live. */
const LOOK_AFTER = 100

export interface AugmentedRows extends AsyncDisposable {
  readonly fill: RowFiller
}

/** Resolves when the threads have made the first variants and are at the first batches; rejects with an AppError. */
export async function createAugmentedRows(options: AugmentedRowsOptions): Promise<AugmentedRows> {
  const { batches, size, entry, ...rest } = options
  const { threads, from } = rest
  const slotCount = AHEAD * threads
  const values = batches.batch * size
  const counters = new Int32Array(new SharedArrayBuffer((READY + slotCount) * Int32Array.BYTES_PER_ELEMENT))
  const slots = new Float32Array(new SharedArrayBuffer(slotCount * values * Float32Array.BYTES_PER_ELEMENT))
  counters[TAKEN] = from
  const bank = createVariantBank(rest.policy, rest.order.clips, size)
  let failure: AppError | undefined
  const started: Promise<void>[] = []
  const ended: Promise<void>[] = []
  for (let i = 0; i < threads; i++) {
    const workerData: AugmentingData = { ...rest, counters, slots, slotCount, index: i, bank }
    // No flags of the parent (a test runner's loader, a debugger's port) are passed on.
    const worker = new Worker(entry ?? besideModule('./augmenting-worker', import.meta.url), { execArgv: [], name: 'augmenting', workerData })
    const [ready, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    started.push(ready.promise)
    ended.push(end.promise)
    worker.on('message', (message: FromAugmenting) => {
      if (message.type === 'failed') failure ??= AppError.fromJSON(message.error)
      ready.resolve()
    })
    worker.on('error', (cause) => (failure ??= died(cause instanceof Error ? cause.message : String(cause), cause)))
    worker.on('exit', (code) => {
      if (code !== 0) failure ??= died(`exit code ${code}`)
      ready.resolve()
      end.resolve()
    })
  }
  const take = (steps: number) => {
    Atomics.store(counters, TAKEN, steps)
    Atomics.notify(counters, TAKEN)
  }
  const stop = async () => {
    take(STOP)
    await Promise.all(ended)
  }
  await Promise.all(started)
  if (failure) {
    await stop()
    throw failure
  }
  return {
    async fill(step, _, x) {
      const slot = step % slotCount
      for (let ready = Atomics.load(counters, READY + slot); ready !== step + 1; ready = Atomics.load(counters, READY + slot)) {
        if (failure) throw failure
        // Where a thread has failed or keeps us waiting, its messages and its end must be heard.
        if (Atomics.wait(counters, READY + slot, ready, LOOK_AFTER) === 'timed-out') await new Promise((resolve) => setImmediate(resolve))
      }
      x.set(slots.subarray(slot * values, (slot + 1) * values))
      take(step + 1)
    },
    [Symbol.asyncDispose]: stop,
  }
}

const died = (how: string, cause?: unknown) =>
  new AppError('WORKER_DIED', `A thread that augments clips ended unexpectedly: ${how}`, {
    hint: 'Resume the run: it goes on from its newest checkpoint. If it happens again, use a policy without waveform steps.',
    ...(cause === undefined ? {} : { cause }),
  })
