/** What the preview and its thread say to each other. */
import type { AugmentedSound, AugmentPolicy, KeptClip } from '../../augment/index.ts'
import type { FrontEndConfig } from '../../features/index.ts'
import type { SerialisedError } from '../../kit/index.ts'
import type { ClipPlace } from '../variation.ts'

export interface PreviewJob {
  readonly frontEnd: FrontEndConfig
  readonly policy: AugmentPolicy
  readonly seed: number
  readonly places: readonly ClipPlace[]
  /** The class of every training clip, and the names of the classes. */
  readonly labels: Int32Array
  readonly labelNames: readonly string[]
  /** The clips that the places and their noise need, by their place among the training clips. */
  readonly clips: ReadonlyMap<number, KeptClip>
}

export interface PreviewDraw {
  readonly sound: AugmentedSound
  /** [channel · height · width] */
  readonly features: Float32Array
  /** The feature steps that were taken, by their place in the policy. */
  readonly featureSteps: readonly number[]
}

export interface PreviewResult {
  /** Without augmentation. */
  readonly before: PreviewDraw
  /** In the order of the places. */
  readonly draws: readonly PreviewDraw[]
}

export type ToPreview = { readonly type: 'job'; readonly id: number; readonly job: PreviewJob } | { readonly type: 'stop' }
export type FromPreview =
  | { readonly type: 'done'; readonly id: number; readonly result: PreviewResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: SerialisedError }
