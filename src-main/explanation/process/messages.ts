/** What the process of explanations is asked and what it answers. Every request has one answer with its id. */
import type { SerialisedError } from '../../kit/index.ts'
import type { TeachingLoss, TracedOperation } from '../../nn/index.ts'
import type { NetworkSource } from '../network-source.ts'
import type { Summary } from '../summary.ts'

export interface LookRequest {
  readonly kind: 'look'
  readonly network: NetworkSource
  /** Mono at the front end's rate. */
  readonly samples: Float32Array
  /** The class that is explained; null is the most probable. */
  readonly class: number | null
  /** The layer for Grad-CAM; null is the last that gives images. */
  readonly layer: string | null
}

export interface LayerLook {
  readonly path: string
  readonly shape: readonly number[]
  readonly summary: Summary
  /** [channel, row, column], or flat. */
  readonly values: Float32Array
}

export interface Look {
  /** [channel, height, width] */
  readonly shape: readonly number[]
  readonly features: Float32Array
  readonly logits: readonly number[]
  readonly probabilities: readonly number[]
  readonly class: number
  /** [height, width] */
  readonly saliency: Float32Array
  /** `values` [height, width] over the input; `cells` [rows, columns] of the layer itself. Null where no layer gives images. */
  readonly gradCam: { readonly layer: string; readonly rows: number; readonly columns: number; readonly cells: Float32Array; readonly values: Float32Array } | null
  readonly layers: readonly LayerLook[]
}

export interface FiltersRequest {
  readonly kind: 'filters'
  readonly network: NetworkSource
  readonly layer: string
}

export interface OcclusionSettings {
  /** Rows and columns that are covered. */
  readonly size: readonly [number, number]
  readonly stride: readonly [number, number]
}

export interface OccludeRequest {
  readonly kind: 'occlude'
  readonly network: NetworkSource
  readonly samples: Float32Array
  readonly class: number | null
  readonly settings: OcclusionSettings
}

export interface OcclusionMap {
  readonly class: number
  /** Of the class, with nothing covered. */
  readonly probability: number
  /** What was put over the features: their mean. */
  readonly fill: number
  readonly height: number
  readonly width: number
  /** [height, width]: by how much the probability falls where a value is covered, averaged over the covers that lie over it. */
  readonly values: Float32Array
}

export interface GradientsRequest {
  readonly kind: 'gradients'
  readonly network: NetworkSource
  readonly sounds: readonly { readonly samples: Float32Array; readonly label: number }[]
}

export interface GradientReport {
  readonly clips: number
  readonly loss: number
  readonly correct: number
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[]; readonly weight: Summary; readonly gradient: Summary }[]
}

export interface BackpropagationSettings {
  readonly network:
    | { readonly kind: 'dense'; readonly inputs: number; readonly hidden: readonly number[]; readonly outputs: number }
    | { readonly kind: 'conv'; readonly size: number; readonly filters: number; readonly kernel: number; readonly pool: boolean; readonly outputs: number }
  readonly activation: 'sigmoid' | 'tanh' | 'relu'
  readonly loss: TeachingLoss
  readonly learningRate: number
  readonly seed: number
  /** The wanted class. */
  readonly target: number
  /** Steps that were taken before this one. */
  readonly steps: number
}

export interface BackpropagateRequest {
  readonly kind: 'backpropagate'
  readonly settings: BackpropagationSettings
}

export interface TracedValues {
  readonly id: string
  readonly name: string
  readonly role: 'input' | 'parameter' | 'target' | 'value' | 'loss'
  readonly shape: readonly number[]
  readonly values: readonly number[]
  readonly gradient: readonly number[] | null
  /** After the step; parameters only. */
  readonly next: readonly number[] | null
}

export interface BackpropagationTrace {
  readonly operations: readonly (Omit<TracedOperation, 'derivative' | 'inputs'> & { readonly inputs: readonly string[]; readonly derivative: readonly number[] | null })[]
  readonly tensors: readonly TracedValues[]
  readonly probabilities: readonly number[] | null
  readonly loss: number
  /** With the parameters after the step. */
  readonly lossAfter: number
}

export interface Answers {
  readonly look: Look
  readonly filters: Float32Array
  readonly occlude: OcclusionMap
  readonly gradients: GradientReport
  readonly backpropagate: BackpropagationTrace
}

export type ExplanationRequest = LookRequest | FiltersRequest | OccludeRequest | GradientsRequest | BackpropagateRequest

export interface Progress {
  readonly done: number
  readonly total: number
}

export type ToChild = { readonly id: number; readonly request: ExplanationRequest }
export type FromChild =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly error: SerialisedError }
