/**
 * Reverse-mode automatic differentiation: the tape of applied operations is walked backwards once, and every
 * operation on a path from a wanted tensor to the loss appends its gradient nodes.
 */
import { assert } from '../kit/index.ts'
import { sizeOf, type Graph, type Tensor } from './graph.ts'
import { total, zeros } from './operations/nodes.ts'
import { NOT_DIFFERENTIABLE, tapeOf } from './operations/operation.ts'

const parametersOf = new WeakMap<Graph, Tensor[]>()

/** A graph input that is trained: `parameters` lists it, in the order made. */
export function parameter(g: Graph, name: string, shape: readonly number[]): Tensor {
  const made = g.input(name, shape)
  parametersOf.set(g, [...parameters(g), made])
  return made
}

export const parameters = (g: Graph): readonly Tensor[] => parametersOf.get(g) ?? []

/**
 * dLoss/dWanted, of each wanted tensor's shape, for a loss of one element. Where no path leads from a wanted
 * tensor to the loss the gradient is a constant of zeros. Nodes that nobody outputs are left out of the file.
 */
export function gradients(g: Graph, loss: Tensor, wanted: readonly Tensor[]): Tensor[] {
  assert(sizeOf(loss.shape) === 1, `the loss has the shape [${loss.shape.join(', ')}], not one element`)
  const onPath = new Set(wanted)
  for (const { inputs, outputs } of tapeOf(g)) {
    if (inputs.some((t) => t !== null && onPath.has(t))) for (const t of outputs) onPath.add(t)
  }
  const pieces = new Map<Tensor, Tensor[]>([[loss, [g.constant([1], loss.shape as number[])]]])
  const gathered = (t: Tensor): Tensor | null => {
    const parts = pieces.get(t)
    if (!parts) return null
    if (parts.length > 1) pieces.set(t, [total(g, parts)])
    return pieces.get(t)![0]!
  }
  for (const { operation, ...call } of [...tapeOf(g)].reverse()) {
    if (!call.outputs.some((t) => onPath.has(t) && pieces.has(t))) continue
    assert(operation.gradient !== NOT_DIFFERENTIABLE, `${operation.name} lies between the loss and a parameter and is not differentiable`)
    const rules = operation.gradient(g, call, call.outputs.map(gathered))
    for (const [i, input] of call.inputs.entries()) {
      const rule = rules[i]
      if (input === null || !rule || !onPath.has(input)) continue
      pieces.set(input, [...(pieces.get(input) ?? []), rule()])
    }
  }
  return wanted.map((t) => gathered(t) ?? zeros(g, t.shape as readonly number[]))
}
