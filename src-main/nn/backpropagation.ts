/**
 * One step of back-propagation with nothing hidden (Rumelhart, Hinton and Williams 1986): a small network as the list of
 * its operations, and one ONNX model that gives the value of every tensor in between, the gradient of the loss with
 * respect to it, and the derivative of each operation that works element by element.
 */
import { ok, type Result } from '../kit/index.ts'
import { networkState } from './forward.ts'
import { gradients } from './gradients.ts'
import { Graph, type Tensor } from './graph.ts'
import { buildLayers } from './layers/build.ts'
import { planNetwork, type Network, type NetworkRequest } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { pointwiseFunctions, softmax, softmaxCrossEntropy, square, sub, sum } from './operations/index.ts'
import { expanded } from './operations/nodes.ts'
import { tapeOf, type Operation } from './operations/operation.ts'
import type { StateSpec } from './step-request.ts'

/** `squared` is Σ(a − y)² over the outputs, as the network gives them; `crossEntropy` is −Σ y·log softmax(z). */
export type TeachingLoss = 'squared' | 'crossEntropy'

export interface BackpropagationRequest extends NetworkRequest {
  readonly loss: TeachingLoss
}

export interface TracedTensor {
  /** The model's output of this name is its value; `gradient.<id>`, where there is one, the loss's gradient. */
  readonly id: string
  /** `x`, `y`, a parameter's path, the path of the layer that it is the output of, else the operation that makes it. */
  readonly name: string
  readonly role: 'input' | 'parameter' | 'target' | 'value' | 'loss'
  readonly shape: readonly number[]
  readonly hasGradient: boolean
}

export interface TracedOperation {
  /** As in the table of operations: `linear`, `sigmoid`, `sub`, … */
  readonly operation: string
  /** The layer that it belongs to; `loss` at the end. */
  readonly layer: string
  /** Ids of tensors. */
  readonly inputs: readonly string[]
  readonly output: string
  /** The model's output with the derivative of each element; null where the operation does not work element by element. */
  readonly derivative: string | null
}

export interface Backpropagation {
  /** Inputs: `x`, `target` and the parameters; one clip. */
  readonly model: Uint8Array
  readonly network: Network
  readonly state: readonly StateSpec[]
  /** In the order of the forward pass. */
  readonly operations: readonly TracedOperation[]
  readonly tensors: readonly TracedTensor[]
  /** Of the softmax, where the loss has one. */
  readonly probabilities: string | null
}

export function createBackpropagation(request: BackpropagationRequest): Result<Backpropagation> {
  const planned = planNetwork(request)
  if (!planned.ok) return planned
  const network = planned.value
  const g = new Graph()
  const x = g.input('x', [1, ...network.inputShape])
  const target = g.input('target', [1, network.classes])
  const state = networkState(network)
  const parameters = new Map(state.map(({ name, shape }) => [name, g.input(name, shape)]))
  const named = new Map<Tensor, Omit<TracedTensor, 'id' | 'shape' | 'hasGradient'>>([[x, { name: 'x', role: 'input' }], [target, { name: 'y', role: 'target' }]])
  for (const [name, tensor] of parameters) named.set(tensor, { name, role: 'parameter' })
  const layers = new Map<Tensor, string>()
  const outputs = buildLayers(network.nodes, x, {
    graph: g,
    mode: 'evaluate',
    state: (path) => parameters.get(path)!,
    updateBuffer: () => undefined,
    dropoutMask: () => {
      throw new Error('Bug: nothing is dropped here')
    },
    see: (path, output) => {
      for (const { outputs: made } of tapeOf(g)) if (!layers.has(made[0]!)) layers.set(made[0]!, path)
      named.set(output, { name: path, role: 'value' })
    },
  })
  const loss = request.loss === 'squared' ? sum(g, square(g, sub(g, outputs, target))) : softmaxCrossEntropy(g, outputs, target)
  named.set(loss, { name: 'loss', role: 'loss' })
  const tape = [...tapeOf(g)]
  const probabilities = request.loss === 'crossEntropy' ? softmax(g, outputs) : null

  const order = [...new Set(tape.flatMap(({ inputs, outputs: made }) => [...inputs.filter((t) => t !== null), made[0]!]))]
  const wanted = order.filter((t) => t !== target)
  const found = new Map(gradients(g, loss, wanted).map((d, i) => [wanted[i]!, d]))
  const ids = new Map(order.map((t, i) => [t, `t${i}`]))
  for (const [t, id] of ids) {
    g.output(id, t)
    const gradient = found.get(t)
    if (gradient) g.output(`gradient.${id}`, gradient)
  }
  const operations = tape.map(({ operation, ...call }, i): TracedOperation => {
    const derivative = derivativeOf(g, operation, call)
    if (derivative) g.output(`derivative.${i}`, derivative)
    return {
      operation: operation.name,
      layer: layers.get(call.outputs[0]!) ?? 'loss',
      inputs: call.inputs.filter((t) => t !== null).map((t) => ids.get(t)!),
      output: ids.get(call.outputs[0]!)!,
      derivative: derivative ? `derivative.${i}` : null,
    }
  })
  if (probabilities) g.output('probabilities', probabilities)
  const makers = new Map(tape.map(({ operation, outputs: made }) => [made[0]!, operation.name]))
  const tensors = order.map((t): TracedTensor => ({ id: ids.get(t)!, ...(named.get(t) ?? { name: makers.get(t) ?? 'constant', role: 'value' as const }), shape: t.shape as number[], hasGradient: found.has(t) }))
  const model = toOnnx(g, { graphName: 'back-propagation' })
  return ok({ model, network, state, operations, tensors, probabilities: probabilities ? 'probabilities' : null })
}

/** f′(x) of a pointwise function: its own gradient rule with ones in the place of the loss's gradient. */
function derivativeOf(g: Graph, operation: Operation<never>, call: { readonly inputs: readonly (Tensor | null)[]; readonly outputs: readonly Tensor[]; readonly attributes: never }): Tensor | null {
  if (!(operation.name in pointwiseFunctions) || typeof operation.gradient === 'string') return null
  const ones = expanded(g, g.scalar(1), call.outputs[0]!.shape)
  return operation.gradient(g, call, [ones])[0]!()
}
