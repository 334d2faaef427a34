/**
 * The script of a replica's thread: runs the gradient step on its part of each batch in a session of one thread.
 * It sleeps between two steps and ends when it is told to; ending it from outside in the middle of a run would
 * abort the process.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { AppError, assert, failPoint, unwrap } from '../../kit/index.ts'
import { createSession, floats } from '../../runtime/index.ts'
import { ASKED, DONE, FAILED, STOP, type FromReplica, type ReplicaData } from './protocol.ts'
import { blockViews, createBlockCopy } from './shared-block.ts'

const port = parentPort
assert(port, 'a replica outside a thread')
const say = (message: FromReplica) => port.postMessage(message)
const { model, counters, parameters, batch, results } = workerData as ReplicaData

function answer(done: number): void {
  Atomics.store(counters, DONE, done)
  Atomics.notify(counters, DONE)
}

async function work(): Promise<void> {
  await using session = unwrap(await createSession(model, { device: 'cpu', threads: 1 }))
  const inputs = [createBlockCopy(parameters), createBlockCopy(batch)]
  const feeds = Object.fromEntries(inputs.flatMap((input) => Object.entries(input.tensors)))
  const outputs = blockViews(results)
  say({ type: 'ready' })
  for (let done = 0; ; ) {
    Atomics.wait(counters, ASKED, done)
    const asked = Atomics.load(counters, ASKED)
    if (asked === STOP) return
    if (asked === done) continue
    failPoint('training.replica')
    for (const input of inputs) input.refresh()
    const values = await session.run(feeds)
    for (const [name, place] of outputs) place.set(floats(values[name]!))
    done = asked
    answer(done)
  }
}

try {
  await work()
} catch (cause) {
  // Anything else is a bug: it ends the thread, which the main thread notices.
  if (!(cause instanceof AppError)) throw cause
  say({ type: 'failed', error: cause.toJSON() })
  answer(FAILED)
}
