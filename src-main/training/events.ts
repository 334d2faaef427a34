/** What a running job tells. Times are seconds; `accuracy` is a part, 0–1. */
import type { EpochRecord } from './checkpoint/checkpoint.ts'

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
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  /** The splits are being evaluated with the chosen checkpoint. */
  | { readonly type: 'evaluating'; readonly split: string; readonly clips: number }
  | { readonly type: 'warning'; readonly message: string; readonly file?: string }
