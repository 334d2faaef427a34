/** A network without training: dropout does nothing and batch normalisation uses its running statistics. */
import { assert, fail, ok, type Result } from '../kit/index.ts'
import { Graph, type Target, type Tensor } from './graph.ts'
import { buildLayers } from './layers/build.ts'
import { planNetwork, type Network, type NetworkRequest } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import type { StateSpec } from './step-request.ts'

/** Values by path (`conv1.weight`): of parameters and of buffers. */
export type Weights = ReadonlyMap<string, Float32Array>

/** Parameters and buffers, by path: what an evaluation, an export or a checkpoint's network part needs. */
export function networkState(network: Network): StateSpec[] {
  return [
    ...network.parameters.map((p) => ({ name: p.name, shape: p.shape, role: 'parameter' as const })),
    ...network.buffers.map((b) => ({ name: b.name, shape: b.shape, role: 'buffer' as const })),
  ]
}

/**
 * Writes the network behind x [batch, channel, height, width] into a graph and returns the logits [batch,
 * classes]. With weights they become constants of the graph (export); without, inputs named by their paths.
 */
export function appendNetwork(g: Graph, x: Tensor, network: Network, weights?: Weights, see?: (path: string, output: Tensor) => void): Tensor {
  const made = new Map(
    networkState(network).map(({ name, shape }) => {
      if (!weights) return [name, g.input(name, shape)]
      const values = weights.get(name)
      assert(values, `the weights hold no ${name}`)
      return [name, g.namedConstant(name, values, shape)]
    }),
  )
  return buildLayers(network.nodes, x, {
    graph: g,
    mode: 'evaluate',
    state(path) {
      const tensor = made.get(path)
      assert(tensor, `no state is named ${path}`)
      return tensor
    },
    updateBuffer: () => assert(false, 'an evaluation changes no buffers'),
    dropoutMask() {
      throw new Error('Bug: an evaluation drops nothing')
    },
    ...(see ? { see } : {}),
  })
}

export interface ForwardRequest extends NetworkRequest {
  /** Clips in a run; 'N' leaves it open. */
  readonly batch: number | 'N'
  readonly target?: Target
  /** Paths of layers and blocks whose outputs are given out too, as `layer.<path>`. */
  readonly layers?: readonly string[]
}

/** The outputs of layers are named so, before the layer's path. */
export const LAYER = 'layer.'

export interface Forward {
  /** The ONNX file: inputs `x` and the state, output `logits`. */
  readonly model: Uint8Array
  readonly network: Network
  readonly state: readonly StateSpec[]
}

export function createForward(request: ForwardRequest): Result<Forward> {
  const planned = planNetwork(request)
  if (!planned.ok) return planned
  const network = planned.value
  const g = new Graph({ target: request.target ?? 'cpu' })
  const x = g.input('x', [request.batch, ...network.inputShape])
  const seen = new Map<string, Tensor>()
  g.output('logits', appendNetwork(g, x, network, undefined, (path, output) => seen.set(path, output)))
  for (const path of request.layers ?? []) {
    const output = seen.get(path)
    if (!output) return noSuchLayer(network, path)
    g.output(LAYER + path, output)
  }
  return ok({ model: toOnnx(g, { graphName: network.architecture.name }), network, state: networkState(network) })
}

export const noSuchLayer = (network: Network, path: string) => fail('NOT_FOUND', `${network.architecture.name} has no layer ${path}`)
