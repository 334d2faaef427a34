/**
 * What the training loop needs of a network: steps, predictions, and its state in and out. `training-engine.ts`
 * makes one of ONNX sessions; the loop's tests use a small one of their own.
 */
import type { StateTensor } from './checkpoint/checkpoint.ts'

export interface StepInput {
  /** [batch, channel, height, width] */
  readonly x: Float32Array
  /** [batch, classes], each row sums to 1. */
  readonly target: Float32Array
  readonly learningRate: number
  /** Number of the step from 0: with the seed it names the dropout masks' random stream. */
  readonly step: number
}

export interface StepOutcome {
  /** Mean over the batch. */
  readonly loss: number
  /** Of all gradients together, before clipping. */
  readonly gradientNorm: number
  /** Of each parameter, in the order of `parameterNames`. */
  readonly gradientNorms: Float32Array
  /** [batch, classes], of the network before the update. */
  readonly logits: Float32Array
}

export interface TrainingEngine extends AsyncDisposable {
  /** Trainable values. */
  readonly parameters: number
  /** Paths in the network: `conv1.weight`. */
  readonly parameterNames: readonly string[]
  step(input: StepInput): Promise<StepOutcome>
  /** Logits [clips, classes] in evaluation mode, clips in order. */
  predict(clips: readonly Float32Array[]): Promise<Float32Array>
  /** Copies of every tensor of the state. */
  readState(): Promise<StateTensor[]>
  /** Replaces the tensors that are given (weights and buffers suffice for predictions). */
  loadState(tensors: readonly StateTensor[]): Promise<void>
}
