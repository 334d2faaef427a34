/** What is asked of a training step or of a part of one, and the names and shapes that go with it. */
import { AppError, assert, err, ok, type Result } from '../kit/index.ts'
import type { Graph, Target, Tensor } from './graph.ts'
import { checkLoss, type LossSpec } from './losses.ts'
import { planNetwork, type Network, type NetworkRequest } from './network.ts'
import { optimizerState, type OptimizerSpec } from './optimisers.ts'

export interface TrainingStepRequest extends NetworkRequest {
  /** Clips in every step; fixed, for the fastest formulations depend on it. */
  readonly batch: number
  readonly loss: LossSpec
  readonly optimizer: OptimizerSpec
  /** The largest global norm of the gradients; no clipping unless given. */
  readonly clipNorm?: number
  /**
   * Equal parts of the batch that batch normalisation sees by themselves (ghost batch normalisation, Hoffer, Hubara and
   * Soudry 2017); 1 unless given.
   */
  readonly ghostBatches?: number
  readonly target?: Target
  /** Also outputs the (unclipped) gradients as `gradient.<parameter>`: for tests and inspection. */
  readonly gradientOutputs?: boolean
}

export interface StateSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: 'parameter' | 'buffer' | 'optimizer'
}

/** The outputs that hold the state's next values are named so, before the state's own name. */
export const NEXT = 'next.'

/** Checks the request and plans its network. */
export function planStep(request: TrainingStepRequest): Result<Network> {
  const planned = planNetwork(request)
  if (!planned.ok) return planned
  const { batch, loss, clipNorm, classes, ghostBatches = 1 } = request
  const checked = checkLoss(loss, classes)
  if (!checked.ok) return checked
  if (!Number.isInteger(batch) || batch < 1) return err(new AppError('INVALID', `A batch must have at least one clip, not ${batch}`))
  if (clipNorm !== undefined && !(clipNorm > 0)) return err(new AppError('INVALID', `The gradient norm can be clipped to a positive number, not ${clipNorm}`))
  if (!Number.isInteger(ghostBatches) || ghostBatches < 1 || batch % ghostBatches !== 0)
    return err(new AppError('INVALID', `A batch of ${batch} clips cannot be normalised in ${ghostBatches} equal parts`))
  return ok(planned.value)
}

export const parameterSpecs = (network: Network): StateSpec[] => network.parameters.map(({ name, shape }) => ({ name, shape, role: 'parameter' }))
export const bufferSpecs = (network: Network): StateSpec[] => network.buffers.map(({ name, shape }) => ({ name, shape, role: 'buffer' }))

/** Everything that lives from step to step: parameters, buffers, then what the optimiser keeps. */
export const stateSpecs = (network: Network, optimizer: OptimizerSpec): StateSpec[] => [
  ...parameterSpecs(network),
  ...bufferSpecs(network),
  ...optimizerState(optimizer, network.parameters).map(({ name, shape }) => ({ name, shape, role: 'optimizer' as const })),
]

/** An input for each; the answer finds them by name. */
export function stateInputs(g: Graph, specs: readonly StateSpec[]): (name: string) => Tensor {
  const inputs = new Map(specs.map((s) => [s.name, g.input(s.name, s.shape)]))
  return (name) => {
    const tensor = inputs.get(name)
    assert(tensor, `no state is named ${name}`)
    return tensor
  }
}
