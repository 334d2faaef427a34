/**
 * What the threads of a training say to each other. They meet at shared counters, which wake a sleeping thread in
 * microseconds; messages are only for the start and for errors.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { SerialisedError } from '../../kit/index.ts'

/** Counter of the steps asked of the replicas; `STOP` ends them. */
export const ASKED = 0
export const STOP = -1
/** A part's counter after it has sent its error. */
export const FAILED = -1

export type Counters = Int32Array<SharedArrayBuffer>

/** Counter of the phases that a part has done. */
const counterOf = (part: number): number => 1 + part

export const createCounters = (parts: number): Counters => new Int32Array(new SharedArrayBuffer((1 + parts) * Int32Array.BYTES_PER_ELEMENT))

/** Steps count from 1. Each has two phases: the gradients of every part, then the update of every share. */
export const GRADIENTS_OF = (step: number): number => 2 * step - 1
export const UPDATE_OF = (step: number): number => 2 * step

export function set(counters: Counters, counter: number, value: number): void {
  Atomics.store(counters, counter, value)
  Atomics.notify(counters, counter)
}

export const arrive = (counters: Counters, part: number, phase: number): void => set(counters, counterOf(part), phase)

/** Milliseconds after which a waiting thread looks whether the others still live. */
const LOOK_AFTER = 100

/** Waits until all parts have done a phase. Where one keeps us waiting, messages are heard and `look` may throw. */
export async function meet(counters: Counters, phase: number, look: () => void): Promise<void> {
  for (let counter = counterOf(0); counter < counters.length; counter++) {
    for (let done = Atomics.load(counters, counter); done < phase; done = Atomics.load(counters, counter)) {
      if (Atomics.wait(counters, counter, done, done === FAILED ? 1 : LOOK_AFTER) !== 'timed-out') continue
      await turn()
      look()
    }
  }
}

export type FromReplica = { readonly type: 'ready' } | { readonly type: 'failed'; readonly error: SerialisedError }
