/**
 * Fills the batch of a step: the features of its clips, and the target rows. One pair of buffers serves every
 * step. Every random number comes from a stream named by (seed, purpose, place).
 */
import { drawMixture, mixRows, stages, type AugmentPolicy } from '../augment/index.ts'
import { createRandom, type Random } from '../kit/index.ts'
import type { BatchOrder, BatchPlace } from './batch-order.ts'

export interface Batch {
  /** [batch, …clip shape] */
  readonly x: Float32Array
  /** [batch, classes], each row sums to 1. */
  readonly target: Float32Array
  /** The class of each row; in a mixture that of its larger part. */
  readonly labels: Int32Array
}

/** Fills x with the features of a step's clips, augmented and mixed. */
export type RowFiller = (step: number, place: BatchPlace, x: Float32Array) => void | Promise<void>

export interface BatchMakerOptions {
  readonly order: BatchOrder
  /** Values of one clip. */
  readonly size: number
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly seed: number
  readonly rows: RowFiller
  /** The policy, for its mixture of clips. */
  readonly policy?: AugmentPolicy
}

/** Names the random stream of a clip's feature steps in a pass. */
export const featureRandom = (seed: number, pass: number, clip: number): Random => createRandom(`${seed}/augment/${pass}/${clip}`)

/** Names the random stream of a clip's waveform steps in a variant. */
export const waveformRandom = (seed: number, variant: number, clip: number): Random => createRandom(`${seed}/waveform/${variant}/${clip}`)

/** How the clips of a step are mixed: for features and targets alike. */
export function createMixer(policy: AugmentPolicy | undefined, batch: number, seed: number): (step: number, values: Float32Array) => void {
  const mixup = policy ? stages(policy).mixup?.step : undefined
  return (step, values) => {
    if (mixup) mixRows(values, drawMixture(batch, mixup, createRandom(`${seed}/mixup/${step}`)))
  }
}

/** The batch of a step; its buffers are used again by the next call. */
export function createBatchMaker(options: BatchMakerOptions): (step: number) => Promise<Batch> {
  const { order, size, labels, classes, seed, rows, policy } = options
  const batch: Batch = {
    x: new Float32Array(order.batch * size),
    target: new Float32Array(order.batch * classes),
    labels: new Int32Array(order.batch),
  }
  const mix = createMixer(policy, order.batch, seed)
  return async (step) => {
    const place = order.at(step)
    await rows(step, place, batch.x)
    batch.target.fill(0)
    for (let i = 0; i < order.batch; i++) {
      const label = labels[place.clip[i]!]!
      batch.labels[i] = label
      batch.target[i * classes + label] = 1
    }
    mix(step, batch.target)
    return batch
  }
}

export interface FeatureRowsOptions {
  readonly batch: number
  readonly clips: readonly Float32Array[]
  readonly seed: number
  /** Writes the augmented features of one clip to `out`; left out where they are taken as they are. */
  readonly augment?: (features: Float32Array, out: Float32Array, clip: number, random: Random) => void
  readonly policy?: AugmentPolicy
}

/** Rows from features that are at hand. */
export function createFeatureRows({ batch, clips, seed, augment, policy }: FeatureRowsOptions): RowFiller {
  const size = clips[0]!.length
  const mix = createMixer(policy, batch, seed)
  return (step, place, x) => {
    for (let i = 0; i < batch; i++) {
      const clip = place.clip[i]!
      const row = x.subarray(i * size, (i + 1) * size)
      if (augment) augment(clips[clip]!, row, clip, featureRandom(seed, place.pass[i]!, clip))
      else row.set(clips[clip]!)
    }
    mix(step, x)
  }
}
