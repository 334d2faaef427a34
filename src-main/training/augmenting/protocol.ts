/**
 * What the training and the threads that make its batches say to each other. Batches go through a ring of slots in
 * shared memory: step s lies in slot s mod slots. Messages are only for the start and for errors.
 */
import type { AugmentPolicy } from '../../augment/index.ts'
import type { DatasetNormalisation, FrontEndConfig } from '../../features/index.ts'
import type { SerialisedError } from '../../kit/index.ts'
import type { BatchOrderOptions } from '../batch-order.ts'
import type { ClipStore } from './clip-store.ts'
import type { VariantBank } from './variant-bank.ts'

/** Counter: steps whose batch the training has taken (their slots are free). `STOP` ends the threads. */
export const TAKEN = 0
/** Counter READY + slot: one more than the step whose batch lies in the slot. */
export const READY = 1
export const STOP = -1

export interface AugmentingData {
  readonly counters: Int32Array<SharedArrayBuffer>
  /** [slots, batch · size] */
  readonly slots: Float32Array<SharedArrayBuffer>
  readonly slotCount: number
  /** The steps of thread `index` of `threads`: from + index, from + index + threads, … below end. */
  readonly from: number
  readonly end: number
  readonly index: number
  readonly threads: number
  readonly bank: VariantBank
  readonly order: BatchOrderOptions
  readonly seed: number
  readonly store: ClipStore
  /** The class of each clip, and the classes' names. */
  readonly labels: Int32Array
  readonly labelNames: readonly string[]
  readonly frontEnd: FrontEndConfig
  readonly policy: AugmentPolicy
  readonly normalisation: DatasetNormalisation | null
}

export type FromAugmenting = { readonly type: 'ready' } | { readonly type: 'failed'; readonly error: SerialisedError }
