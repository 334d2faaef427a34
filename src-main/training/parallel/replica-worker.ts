/**
 * The script of a replica's thread: does its part of every step that is asked. It sleeps between two steps and ends
 * when it is told to; ending it from outside in the middle of a run would abort the process.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { AppError, assert, failPoint, unwrap } from '../../kit/index.ts'
import { createPart, type PartOptions } from './part.ts'
import { arrive, ASKED, FAILED, STOP, type FromReplica } from './protocol.ts'

const port = parentPort
assert(port, 'a replica outside a thread')
const say = (message: FromReplica) => port.postMessage(message)
const options = workerData as PartOptions
const { counters } = options.memory

class Stopped extends Error {}

function look(): void {
  if (Atomics.load(counters, ASKED) === STOP) throw new Stopped()
}

async function work(): Promise<void> {
  await using part = unwrap(await createPart(options))
  say({ type: 'ready' })
  for (let done = 0; ; ) {
    Atomics.wait(counters, ASKED, done)
    look()
    const asked = Atomics.load(counters, ASKED)
    if (asked === done) continue
    failPoint('training.replica')
    await part.step(asked, look)
    done = asked
  }
}

try {
  await work()
} catch (cause) {
  if (!(cause instanceof Stopped)) {
    // Anything else is a bug: it ends the thread, which the main thread notices.
    if (!(cause instanceof AppError)) throw cause
    say({ type: 'failed', error: cause.toJSON() })
    arrive(counters, options.part, FAILED)
  }
}
