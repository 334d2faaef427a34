/** What the process of a map is asked and what it says. One process makes one map; ending it cancels. */
import type { FrontEndConfig } from '../../features/index.ts'
import type { SerialisedError } from '../../kit/index.ts'
import type { Architecture } from '../../nn/index.ts'
import type { TrainingClip } from '../../training/index.ts'

export type Reduction =
  | { readonly method: 'pca' }
  | { readonly method: 'umap'; readonly neighbours: number; readonly minDist: number; readonly seed: number }

export interface MapJob {
  readonly clips: readonly TrainingClip[]
  readonly frontEnd: FrontEndConfig
  /** Folder of the feature cache. */
  readonly features: string
  /** Null: the features themselves are mapped. */
  readonly network: {
    readonly architecture: Architecture
    readonly classes: number
    /** File of the weights. */
    readonly checkpoint: string
    readonly layer: string
  } | null
  readonly reduction: Reduction
  readonly threads: number
}

export const MAP_STAGES = ['features', 'network', 'components', 'neighbours', 'layout'] as const
export type MapStage = (typeof MAP_STAGES)[number]

export interface MapProgress {
  readonly stage: MapStage
  readonly done: number
  readonly total: number
}

export interface MadeMap {
  /** The clips that could be read. */
  readonly ids: Int32Array
  /** [clips, 2] */
  readonly positions: Float32Array
  /** Shares of the whole variance that the first two components have. */
  readonly variance: readonly number[]
  readonly skipped: number
}

export type FromChild =
  | { readonly type: 'progress'; readonly progress: MapProgress }
  | { readonly type: 'done'; readonly map: MadeMap }
  | { readonly type: 'failed'; readonly error: SerialisedError }
