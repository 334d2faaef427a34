/**
 * Forward and backward pass: of a whole training step, or as a model of its own for one part of a batch, whose
 * gradients an update step averages with those of the other parts.
 */
import { AppError, assert, err, ok, type Result } from '../kit/index.ts'
import { gradients } from './gradients.ts'
import { Graph, type Tensor } from './graph.ts'
import { buildLayers } from './layers/build.ts'
import { lossOf } from './losses.ts'
import type { Network } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { bufferSpecs, NEXT, parameterSpecs, planStep, stateInputs, type StateSpec, type TrainingStepRequest } from './step-request.ts'

/** An input that the trainer fills with `fillDropoutMask` before every step. */
export interface DropoutMask {
  readonly name: string
  readonly shape: readonly number[]
  readonly rate: number
}

/** Shapes of the inputs of a batch: `x` and `target` (rows sum to 1). */
export interface BatchFeeds {
  readonly x: readonly number[]
  readonly target: readonly number[]
}

export const batchFeeds = (network: Network, batch: number): BatchFeeds => ({ x: [batch, ...network.inputShape], target: [batch, network.classes] })

export interface GradientStep {
  /**
   * The ONNX file. Outputs: the scalar `loss` (mean over this part), `logits` [batch, classes], `gradient.<parameter>` and
   * `next.<buffer>`, what the running statistics would become by this part alone.
   */
  readonly model: Uint8Array
  readonly network: Network
  /** Clips in the part. */
  readonly batch: number
  /** Inputs by these names: parameters and buffers. */
  readonly state: readonly StateSpec[]
  /** The outputs that hold gradients and buffers, with their shapes. */
  readonly results: readonly { readonly name: string; readonly shape: readonly number[] }[]
  readonly dropoutMasks: readonly DropoutMask[]
  readonly feeds: BatchFeeds
}

export const GRADIENT = 'gradient.'

/**
 * Of one of so many equal parts of the request's batch. Batch normalisation must see ghost batches that no part cuts:
 * refused otherwise.
 */
export function createGradientStep(whole: TrainingStepRequest, parts: number): Result<GradientStep> {
  assert(whole.batch % parts === 0, `a batch of ${whole.batch} in ${parts} parts`)
  const ghostBatches = (whole.ghostBatches ?? 1) / parts
  const request = { ...whole, batch: whole.batch / parts, ghostBatches: Math.max(1, ghostBatches) }
  const planned = planStep(request)
  if (!planned.ok) return planned
  const network = planned.value
  if (network.buffers.length > 0 && !Number.isInteger(ghostBatches))
    return err(new AppError('INVALID', 'The batch of a network with batch normalisation can only be divided between ghost batches'))
  const { batch } = request
  const g = new Graph({ target: request.target ?? 'cpu' })
  const feeds = batchFeeds(network, batch)
  const [x, target] = [g.input('x', feeds.x), g.input('target', feeds.target)]
  const [parameters, buffers] = [parameterSpecs(network), bufferSpecs(network)]
  const state = [...parameters, ...buffers]
  const pass = appendPasses(g, { network, request, x, target, read: stateInputs(g, state) })
  g.output('loss', pass.loss)
  g.output('logits', pass.logits)
  parameters.forEach((p, i) => g.output(GRADIENT + p.name, pass.gradients[i]!))
  for (const { name } of buffers) g.output(NEXT + name, pass.buffers.get(name)!)
  const model = toOnnx(g, { graphName: `${network.architecture.name} gradient step` })
  const results = [...parameters.map(({ name, shape }) => ({ name: GRADIENT + name, shape })), ...buffers.map(({ name, shape }) => ({ name: NEXT + name, shape }))]
  return ok({ model, network, batch, state, results, dropoutMasks: pass.dropoutMasks, feeds })
}

export interface Passes {
  readonly loss: Tensor
  readonly logits: Tensor
  /** In the order of the network's parameters. */
  readonly gradients: readonly Tensor[]
  /** Next values of the buffers. */
  readonly buffers: ReadonlyMap<string, Tensor>
  readonly dropoutMasks: readonly DropoutMask[]
}

export interface PassInputs {
  readonly network: Network
  readonly request: TrainingStepRequest
  readonly x: Tensor
  readonly target: Tensor
  readonly read: (name: string) => Tensor
}

export function appendPasses(g: Graph, { network, request, x, target, read }: PassInputs): Passes {
  const buffers = new Map<string, Tensor>()
  const dropoutMasks: DropoutMask[] = []
  const logits = buildLayers(network.nodes, x, {
    graph: g,
    mode: 'train',
    ghostBatches: request.ghostBatches ?? 1,
    state: read,
    updateBuffer: (path, value) => buffers.set(path, value),
    dropoutMask(path, shape, rate) {
      const mask = { name: `mask.${path}`, shape: [request.batch, ...shape], rate }
      dropoutMasks.push(mask)
      return g.input(mask.name, mask.shape)
    },
  })
  const loss = lossOf(g, request.loss, logits, target)
  return { loss, logits, gradients: gradients(g, loss, network.parameters.map((p) => read(p.name))), buffers, dropoutMasks }
}
