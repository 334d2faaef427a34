/**
 * Fills the batch of a step: copies each clip's features, augments them with the random stream of (seed, pass,
 * clip), and writes the target rows. One pair of buffers serves every step.
 */
import { createRandom, type Random } from '../kit/index.ts'
import type { BatchOrder } from './batch-order.ts'

export interface Batch {
  /** [batch, …clip shape] */
  readonly x: Float32Array
  /** [batch, classes] */
  readonly target: Float32Array
  /** The class of each row. */
  readonly labels: Int32Array
}

export interface BatchMakerOptions {
  readonly order: BatchOrder
  readonly clips: readonly Float32Array[]
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly seed: number
  /** Writes the augmented features of one clip to `out`; left out where they are taken as they are. */
  readonly augment?: (features: Float32Array, out: Float32Array, clip: number, random: Random) => void
}

/** The batch of a step; its buffers are used again by the next call. */
export function createBatchMaker(options: BatchMakerOptions): (step: number) => Batch {
  const { order, clips, labels, classes, seed, augment } = options
  const size = clips[0]!.length
  const batch: Batch = {
    x: new Float32Array(order.batch * size),
    target: new Float32Array(order.batch * classes),
    labels: new Int32Array(order.batch),
  }
  const rows = Array.from({ length: order.batch }, (_, i) => batch.x.subarray(i * size, (i + 1) * size))
  return (step) => {
    const place = order.at(step)
    batch.target.fill(0)
    for (let i = 0; i < order.batch; i++) {
      const clip = place.clip[i]!
      const label = labels[clip]!
      if (augment) augment(clips[clip]!, rows[i]!, clip, createRandom(`${seed}/augment/${place.pass[i]}/${clip}`))
      else rows[i]!.set(clips[clip]!)
      batch.labels[i] = label
      batch.target[i * classes + label] = 1
    }
    return batch
  }
}
