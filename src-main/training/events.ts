/** What a running job tells. Times are seconds; `accuracy` is a part, 0–1. */
import type { EpochRecord } from './checkpoint/checkpoint.ts'

export interface WorstClip {
  /** The clip's. */
  readonly id: number
  /** Indices of labels. */
  readonly label: number
  readonly predicted: number
  /** −log of the probability of the true label, nats. */
  readonly loss: number
}

export type TrainingEvent =
  | {
      /** Clips are being read and their features computed; `cached` of `done` came from the cache. */
      readonly type: 'preparing'
      readonly done: number
      readonly total: number
      readonly cached: number
    }
  | {
      readonly type: 'started'
      readonly device: 'cpu' | 'webgpu'
      /** Why this device, in words. */
      readonly deviceReason: string
      readonly threads: number
      readonly parameters: number
      readonly clips: { readonly train: number; readonly validation: number; readonly test: number }
      readonly stepsPerEpoch: number
      readonly epochs: number
      /** Steps that an earlier process of this run had done. */
      readonly resumedFrom: number | null
    }
  | {
      /** At most a few times a second; means over the epoch so far. */
      readonly type: 'progress'
      readonly epoch: number
      readonly step: number
      readonly steps: number
      readonly loss: number
      readonly accuracy: number
      readonly samplesPerSecond: number
      readonly secondsLeft: number
    }
  | ({ readonly type: 'epoch' } & EpochRecord)
  /** The validation clips that the network is most wrong about after an epoch, worst first. */
  | { readonly type: 'worst'; readonly epoch: number; readonly clips: readonly WorstClip[] }
  /** The metrics on disk reach this step. */
  | { readonly type: 'logged'; readonly step: number }
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  /** The splits are being evaluated with the chosen checkpoint. */
  | { readonly type: 'evaluating'; readonly split: string; readonly clips: number }
  /** A choice of clips: the network is asked about them, then so many are chosen one by one. */
  | { readonly type: 'choice'; readonly phase: 'asking' | 'choosing'; readonly done: number; readonly total: number }
  | { readonly type: 'warning'; readonly message: string; readonly file?: string }
