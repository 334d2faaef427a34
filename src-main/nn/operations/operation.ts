/**
 * What an operation is: how its result's shape follows from its inputs, which ONNX nodes compute it on the
 * graph's target, and how a gradient passes back through it. `gradient` is not optional: an operation
 * without a rule does not compile; one that has no derivative says so by `NOT_DIFFERENTIABLE`.
 *
 * Applying an operation records it on the graph's tape, which `gradients` walks backwards.
 */
import type { Graph, Tensor, TensorSpec } from '../graph.ts'

/** The attributes of an operation that has none. */
export type None = Record<never, never>

/** One application of an operation. Optional inputs that are left out are `null`. */
export interface Call<A> {
  readonly inputs: readonly (Tensor | null)[]
  readonly outputs: readonly Tensor[]
  readonly attributes: A
}

/**
 * Given the gradient of the loss with respect to each output (`null` where the loss does not depend on it),
 * returns for each input how to make its gradient, or `null` for an input that never has one (a mask, a
 * target). Only the wanted ones are made.
 */
export type GradientRule<A> = (
  g: Graph,
  call: Call<A>,
  upstream: readonly (Tensor | null)[],
) => readonly ((() => Tensor) | null)[]

export const NOT_DIFFERENTIABLE = 'not differentiable'

export interface Operation<A> {
  readonly name: string
  /** Shapes and types of all outputs; throws an `AppError` that names the operation and the shapes. */
  readonly infer: (inputs: readonly (Tensor | null)[], attributes: A) => readonly TensorSpec[]
  /** Writes the nodes; one tensor for every output that `infer` told. */
  readonly emit: (g: Graph, inputs: readonly (Tensor | null)[], attributes: A, outputs: readonly TensorSpec[]) => readonly Tensor[]
  readonly gradient: GradientRule<A> | typeof NOT_DIFFERENTIABLE
}

export interface TapeEntry extends Call<never> {
  readonly operation: Operation<never>
}

const tapes = new WeakMap<Graph, TapeEntry[]>()

export function tapeOf(g: Graph): TapeEntry[] {
  const known = tapes.get(g)
  if (known) return known
  const made: TapeEntry[] = []
  tapes.set(g, made)
  return made
}

/** Infers, emits and records one operation; returns all its outputs. */
export function apply<A>(
  g: Graph,
  operation: Operation<A>,
  inputs: readonly (Tensor | null)[],
  attributes: A,
): readonly Tensor[] {
  const specs = operation.infer(inputs, attributes)
  // A result that is an input unchanged (a reshape to the same shape) still is a tensor of its own on the tape.
  const outputs = operation.emit(g, inputs, attributes, specs).map((t) => (inputs.includes(t) ? { ...t } : t))
  tapeOf(g).push({ operation, inputs, outputs, attributes } as unknown as TapeEntry)
  return outputs
}

/** As `apply`, for the first output (the others, if any, serve the gradient). */
export function applyOne<A>(g: Graph, operation: Operation<A>, inputs: readonly (Tensor | null)[], attributes: A): Tensor {
  return apply(g, operation, inputs, attributes)[0]!
}
