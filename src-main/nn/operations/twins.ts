/**
 * Planes that were computed with the batch as the innermost axis: beside [N, C, H, W] stands its twin [C, H, W, N]. What
 * can be computed on twins is, and gives a twin again; the transpose between the two is written once, and left out of
 * the file where nothing uses it.
 */
import type { Graph, Shape, Tensor } from '../graph.ts'

const twins = new WeakMap<Tensor, Tensor>()

/** [C, H, W, N], where x was computed so. */
export const twinOf = (x: Tensor): Tensor | undefined => twins.get(x)

export const twinShape = ([n, ...rest]: Shape): Shape => [...rest, n!]

/** [N, C, H, W] for a twin. */
export function fromTwin(g: Graph, twin: Tensor): Tensor {
  const rank = twin.shape.length
  const perm = twin.shape.map((_, i) => (i + rank - 1) % rank)
  const plain = g.op('Transpose', [twin], { perm }, { shape: perm.map((p) => twin.shape[p]!) })
  twins.set(plain, twin)
  return plain
}

/** [C, H, W, N], transposed where x has no twin yet. */
export function toTwin(g: Graph, x: Tensor): Tensor {
  const known = twins.get(x)
  if (known) return known
  const perm = x.shape.map((_, i) => (i + 1) % x.shape.length)
  const twin = g.op('Transpose', [x], { perm }, { shape: perm.map((p) => x.shape[p]!) })
  twins.set(x, twin)
  return twin
}

/** Whether an operation on these, element by element, is better done on twins: one has a twin, and all can have one. */
export const onTwins = (tensors: readonly Tensor[]): boolean =>
  tensors.some((t) => twins.has(t)) && tensors.every((t) => t.shape.length === 4 || t.shape.length === 0)

/** Its twin, or a scalar as it is. */
export const twinOrScalar = (g: Graph, x: Tensor): Tensor => (x.shape.length === 0 ? x : toTwin(g, x))
