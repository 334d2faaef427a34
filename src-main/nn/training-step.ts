/**
 * A whole training step as one ONNX model: batch, learning rate and state in; loss, logits and the next state
 * out. The state is every tensor that lives from step to step: parameters, running statistics and what the
 * optimiser keeps.
 */
import { createRandom, ok, type Result } from '../kit/index.ts'
import { appendPasses, batchFeeds, GRADIENT, type BatchFeeds, type DropoutMask } from './gradient-step.ts'
import { Graph } from './graph.ts'
import { elements } from './layers/layer.ts'
import { initialiseNetwork, type Network } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { gradientNorms } from './optimisers.ts'
import { planStep, stateInputs, stateSpecs, type StateSpec, type TrainingStepRequest } from './step-request.ts'
import { appendUpdate, outputState } from './update-step.ts'

/**
 * The outputs beside `next.<state>`: scalars `loss` and `gradientNorm` (before clipping), `gradientNorms`
 * [parameters] of each parameter by itself, and `logits` [batch, classes].
 */
export interface TrainingStep {
  /** The ONNX file. */
  readonly model: Uint8Array
  readonly network: Network
  readonly batch: number
  /** Inputs by these names; the outputs `next.<name>` are their values for the next step. */
  readonly state: readonly StateSpec[]
  readonly dropoutMasks: readonly DropoutMask[]
  /** Shapes of the inputs beside the state and the masks. */
  readonly feeds: BatchFeeds & { readonly learningRate: readonly [] }
}

export function createTrainingStep(request: TrainingStepRequest): Result<TrainingStep> {
  const planned = planStep(request)
  if (!planned.ok) return planned
  const network = planned.value
  const { batch, optimizer } = request
  const g = new Graph({ target: request.target ?? 'cpu' })
  const feeds = { ...batchFeeds(network, batch), learningRate: [] } as const
  const [x, target, rate] = [g.input('x', feeds.x), g.input('target', feeds.target), g.input('learningRate', feeds.learningRate)]
  const state = stateSpecs(network, optimizer)
  const read = stateInputs(g, state)

  const { loss, logits, gradients, buffers, dropoutMasks } = appendPasses(g, { network, request, x, target, read })
  const norms = gradientNorms(g, gradients)
  const next = appendUpdate(g, { network, request, gradients, norm: norms.all, rate, read })
  g.output('loss', loss)
  g.output('logits', logits)
  g.output('gradientNorm', norms.all)
  g.output('gradientNorms', norms.each)
  if (request.gradientOutputs) network.parameters.forEach((p, i) => g.output(GRADIENT + p.name, gradients[i]!))
  outputState(g, state, new Map([...buffers, ...next]))
  const model = toOnnx(g, { graphName: `${network.architecture.name} training step` })
  return ok({ model, network, batch, state, dropoutMasks, feeds })
}

/** The state before the first step, by name; a seed gives the same values on every machine. */
export function initialiseState(step: Pick<TrainingStep, 'network' | 'state'>, seed: number): Map<string, Float32Array> {
  const values = initialiseNetwork(step.network, seed)
  return new Map(step.state.map((s) => [s.name, values.get(s.name) ?? new Float32Array(elements(s.shape))]))
}

/** The generator for dropout masks of a run with this seed. */
export const dropoutRandom = (seed: number) => createRandom(seed).fork('dropout')
