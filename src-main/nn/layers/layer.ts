/**
 * What every layer type provides: from its settings and the shape that comes in, the shape that goes out, its
 * parameters and cost, and how to write itself into a graph.
 */
import type { Result } from '../../kit/index.ts'
import type { Graph, Tensor } from '../graph.ts'
import type { Fans, InitialiserSpec, PartsInitialiser } from '../initialisers.ts'
import type { LayerProblem } from './problem.ts'
import type { LeafType, SpecOf } from './spec.ts'

/** Without the batch: [channel, height, width], or [features] after flatten, a global pool or a recurrent layer. */
export type FeatureShape = readonly number[]

export interface ParameterSpec {
  /** Path of layer names and the parameter's own, as `block1.conv2.weight`. */
  readonly name: string
  readonly shape: readonly number[]
  readonly initialiser: InitialiserSpec | PartsInitialiser
  readonly fans: Fans
  /** Weight decay applies to weights, not to biases and normalisation, unless the optimiser is told otherwise. */
  readonly decay: boolean
}

/** A value that training changes without a gradient (running statistics). */
export interface BufferSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly initial: number
}

/** Train: batch statistics and dropout. Evaluate: running statistics and no dropout. */
export type Mode = 'train' | 'evaluate'

/** What a layer may use while it writes itself; names are the layer's own (`weight`), without the path. */
export interface LayerBuilder {
  readonly graph: Graph
  readonly mode: Mode
  /** A parameter or buffer. */
  state(name: string): Tensor
  /** The new value of a buffer after this step (train only). */
  updateBuffer(name: string, value: Tensor): void
  /** Equal parts of the batch that batch normalisation sees by themselves (train only). */
  readonly ghostBatches: number
  /** Random zeros and 1 / (1 − rate), of the shape [batch, …shape] (train only). */
  dropoutMask(shape: FeatureShape, rate: number): Tensor
}

export interface LayerPlan {
  readonly output: FeatureShape
  readonly parameters: readonly ParameterSpec[]
  readonly buffers: readonly BufferSpec[]
  /** Multiply-accumulates for one clip. */
  readonly macs: number
  build(builder: LayerBuilder, x: Tensor): Tensor
}

export interface PlanContext {
  readonly input: FeatureShape
  readonly classes: number
  /** The rule for weights whose layer names none: it depends on the activation that follows. */
  readonly weightInitialiser: InitialiserSpec
}

export type PlanLayer<T extends LeafType> = (spec: SpecOf<T>, context: PlanContext) => Result<LayerPlan, LayerProblem>

export interface LayerKind<T extends LeafType> {
  /** Layers without a name get this and a number: `conv1`, `conv2`. */
  readonly stem: string
  readonly plan: PlanLayer<T>
}

export const noState = { parameters: [], buffers: [] } as const

export function sizeText(shape: FeatureShape): string {
  return shape.join('×')
}

export const elements = (shape: FeatureShape): number => shape.reduce((a, b) => a * b, 1)

/** [channel, height, width], or the reason why not. */
export function isImage(shape: FeatureShape): shape is readonly [number, number, number] {
  return shape.length === 3
}
