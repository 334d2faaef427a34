/**
 * What the main thread and a replica's thread say to each other. Once a step they meet at two shared counters,
 * which wakes a sleeping thread in microseconds; messages are only for the start and for errors.
 */
import type { SerialisedError } from '../../kit/index.ts'
import type { SharedBlock } from './shared-block.ts'

/** Steps asked of the replica; `STOP` ends it. */
export const ASKED = 0
/** Steps that it has done; `FAILED` after it has sent its error. */
export const DONE = 1
export const STOP = -1
export const FAILED = -1

export interface ReplicaData {
  /** The gradient step. */
  readonly model: Uint8Array
  readonly counters: Int32Array<SharedArrayBuffer>
  /** Of all replicas together. */
  readonly parameters: SharedBlock
  /** x, target and dropout masks of this part. */
  readonly batch: SharedBlock
  /** loss, logits and gradients. */
  readonly results: SharedBlock
}

export type FromReplica = { readonly type: 'ready' } | { readonly type: 'failed'; readonly error: SerialisedError }
