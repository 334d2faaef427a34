/**
 * The script of a thread that makes batches ahead of the training: its share of the steps, in order, each as soon as
 * its slot is free. It ends after its last step or when it is told to; ending it from outside in the middle of a run
 * would abort the process.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { createFittedFrontEndModel, FEATURE_BATCH } from '../../features/index.ts'
import { AppError, assert, failPoint, unwrap } from '../../kit/index.ts'
import { createSession } from '../../runtime/index.ts'
import { createMixer } from '../batch-maker.ts'
import { createBatchOrder } from '../batch-order.ts'
import { frontEndRunner } from '../front-end-runner.ts'
import { createVariations } from '../variation.ts'
import { createBatchRows } from './batch-rows.ts'
import { createClipPool } from './clip-pool.ts'
import { openClipStore } from './clip-store.ts'
import { READY, STOP, TAKEN, type AugmentingData, type FromAugmenting } from './protocol.ts'

const port = parentPort
assert(port, 'a thread of augmentation outside a thread')
const say = (message: FromAugmenting) => port.postMessage(message)
const data = workerData as AugmentingData
const { counters, slots, slotCount, seed, frontEnd, policy } = data

/** Sleeps until the slot of a step is free; false where the work is to end. */
function waitForSlot(step: number): boolean {
  for (;;) {
    const taken = Atomics.load(counters, TAKEN)
    if (taken === STOP) return false
    if (step < taken + slotCount) return true
    Atomics.wait(counters, TAKEN, taken)
  }
}

async function work(): Promise<void> {
  using reader = openClipStore(data.store)
  await using session = unwrap(await createSession(createFittedFrontEndModel(frontEnd), { device: 'cpu', threads: 1 }))
  const order = createBatchOrder(data.order)
  const mix = createMixer(policy, order.batch, seed)
  const { labels, labelNames, normalisation } = data
  const pool = createClipPool(labels, labelNames)
  const variations = createVariations({ frontEnd, policy, normalisation, seed, pool, clip: reader.read, run: frontEndRunner(session) })
  const batches = createBatchRows(variations, policy, data.bank, order)
  await batches.fillBank(data.from, data.index, data.threads, FEATURE_BATCH)
  const values = slots.length / slotCount
  const rows = new Float32Array(values)
  say({ type: 'ready' })
  for (let step = data.from + data.index; step < data.end && waitForSlot(step); step += data.threads) {
    failPoint('training.augmenting')
    await batches.fill(step, rows)
    mix(step, rows)
    const slot = step % slotCount
    slots.set(rows, slot * values)
    Atomics.store(counters, READY + slot, step + 1)
    Atomics.notify(counters, READY + slot)
  }
}

try {
  await work()
} catch (cause) {
  // Anything else is a bug: it ends the thread, which the training notices.
  if (!(cause instanceof AppError)) throw cause
  say({ type: 'failed', error: cause.toJSON() })
}
