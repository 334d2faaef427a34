/**
 * A whole training step as one ONNX model: batch, learning rate and state in; loss, logits and the next state
 * out. The state is every tensor that lives from step to step: parameters, running statistics and what the
 * optimiser keeps.
 */
import { AppError, assert, createRandom, err, ok, type Result } from '../kit/index.ts'
import { gradients } from './gradients.ts'
import { Graph, type Target, type Tensor } from './graph.ts'
import { buildLayers } from './layers/build.ts'
import { elements } from './layers/layer.ts'
import { checkLoss, lossOf, type LossSpec } from './losses.ts'
import { initialiseNetwork, planNetwork, type Network, type NetworkRequest } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { clipByNorm, globalNorm, optimizerState, optimizerUpdate, type OptimizerSpec } from './optimisers.ts'

export interface TrainingStepRequest extends NetworkRequest {
  /** Clips in every step; fixed, for the fastest formulations depend on it. */
  readonly batch: number
  readonly loss: LossSpec
  readonly optimizer: OptimizerSpec
  /** The largest global norm of the gradients; no clipping unless given. */
  readonly clipNorm?: number
  readonly target?: Target
  /** Also outputs the (unclipped) gradients as `gradient.<parameter>`: for tests and inspection. */
  readonly gradientOutputs?: boolean
}

export interface StateSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly role: 'parameter' | 'buffer' | 'optimizer'
}

/** An input that the trainer fills with `fillDropoutMask` before every step. */
export interface DropoutMask {
  readonly name: string
  readonly shape: readonly number[]
  readonly rate: number
}

export interface TrainingStep {
  /** The ONNX file. */
  readonly model: Uint8Array
  readonly network: Network
  readonly batch: number
  /** Inputs by these names; the outputs `next.<name>` are their values for the next step. */
  readonly state: readonly StateSpec[]
  readonly dropoutMasks: readonly DropoutMask[]
  /** Shapes of the inputs beside the state and the masks: `x`, `target` (rows sum to 1) and the scalar `learningRate`. */
  readonly feeds: { readonly x: readonly number[]; readonly target: readonly number[]; readonly learningRate: readonly [] }
}

/** The outputs beside `next.<state>`: scalars `loss` and `gradientNorm` (before clipping), and `logits` [batch, classes]. */
export const NEXT = 'next.'

export function createTrainingStep(request: TrainingStepRequest): Result<TrainingStep> {
  const planned = planNetwork(request)
  if (!planned.ok) return planned
  const { batch, loss, optimizer, clipNorm } = request
  const checked = checkLoss(loss, request.classes)
  if (!checked.ok) return checked
  if (!Number.isInteger(batch) || batch < 1) return err(new AppError('INVALID', `A batch must have at least one clip, not ${batch}`))
  if (clipNorm !== undefined && !(clipNorm > 0)) return err(new AppError('INVALID', `The gradient norm can be clipped to a positive number, not ${clipNorm}`))

  const network = planned.value
  const g = new Graph({ target: request.target ?? 'cpu' })
  const feeds = { x: [batch, ...network.inputShape], target: [batch, network.classes], learningRate: [] } as const
  const x = g.input('x', feeds.x)
  const target = g.input('target', feeds.target)
  const rate = g.input('learningRate', feeds.learningRate)

  const state: StateSpec[] = [
    ...network.parameters.map((p) => ({ name: p.name, shape: p.shape, role: 'parameter' as const })),
    ...network.buffers.map((b) => ({ name: b.name, shape: b.shape, role: 'buffer' as const })),
    ...optimizerState(optimizer, network.parameters).map((o) => ({ ...o, role: 'optimizer' as const })),
  ]
  const inputs = new Map(state.map((s) => [s.name, g.input(s.name, s.shape)]))
  const read = (name: string): Tensor => {
    const tensor = inputs.get(name)
    assert(tensor, `no state is named ${name}`)
    return tensor
  }

  const next = new Map<string, Tensor>()
  const dropoutMasks: DropoutMask[] = []
  const logits = buildLayers(network.nodes, x, {
    graph: g,
    mode: 'train',
    state: read,
    updateBuffer: (path, value) => next.set(path, value),
    dropoutMask(path, shape, maskRate) {
      const mask = { name: `mask.${path}`, shape: [batch, ...shape], rate: maskRate }
      dropoutMasks.push(mask)
      return g.input(mask.name, mask.shape)
    },
  })
  const lossValue = lossOf(g, loss, logits, target)
  const raw = gradients(g, lossValue, network.parameters.map((p) => read(p.name)))
  const norm = globalNorm(g, raw)
  const used = clipNorm === undefined ? raw : clipByNorm(g, raw, norm, clipNorm)
  const trained = network.parameters.map((spec, i) => ({ spec, value: read(spec.name), gradient: used[i]! }))
  for (const [name, value] of optimizerUpdate(g, optimizer, trained, rate, read)) next.set(name, value)

  g.output('loss', lossValue)
  g.output('logits', logits)
  g.output('gradientNorm', norm)
  if (request.gradientOutputs) network.parameters.forEach((p, i) => g.output(`gradient.${p.name}`, raw[i]!))
  for (const s of state) {
    const value = next.get(s.name)
    assert(value, `the step does not say what ${s.name} becomes`)
    g.output(NEXT + s.name, value)
  }
  const model = toOnnx(g, { graphName: `${network.architecture.name} training step` })
  return ok({ model, network, batch, state, dropoutMasks, feeds })
}

/** The state before the first step, by name; a seed gives the same values on every machine. */
export function initialiseState(step: TrainingStep, seed: number): Map<string, Float32Array> {
  const values = initialiseNetwork(step.network, seed)
  return new Map(step.state.map((s) => [s.name, values.get(s.name) ?? new Float32Array(elements(s.shape))]))
}

/** The generator for dropout masks of a run with this seed. */
export const dropoutRandom = (seed: number) => createRandom(seed).fork('dropout')
