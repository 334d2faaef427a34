/**
 * From gradients to the next parameters: of a whole training step, or as a model of its own that averages the
 * gradients of several equal parts of a batch.
 */
import { assert, ok, type Result } from '../kit/index.ts'
import { GRADIENT } from './gradient-step.ts'
import { Graph, type Tensor } from './graph.ts'
import type { Network } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { scaled, total } from './operations/nodes.ts'
import { clipByNorm, gradientNorms, optimizerUpdate } from './optimisers.ts'
import { NEXT, planStep, stateInputs, stateSpecs, type StateSpec, type TrainingStepRequest } from './step-request.ts'

export interface UpdateStep {
  /** The ONNX file. Inputs beside the state: `gradient.<part>.<parameter>` and the scalar `learningRate`. Outputs: `next.<state>`, `gradientNorm` and `gradientNorms`. */
  readonly model: Uint8Array
  readonly network: Network
  readonly state: readonly StateSpec[]
}

/** The input of a part's gradient of a parameter. */
export const partGradient = (part: number, parameter: string): string => `${GRADIENT}${part}.${parameter}`

export function createUpdateStep(request: TrainingStepRequest, parts: number): Result<UpdateStep> {
  assert(Number.isInteger(parts) && parts >= 1, `an update from ${parts} parts`)
  const planned = planStep(request)
  if (!planned.ok) return planned
  const network = planned.value
  const g = new Graph({ target: request.target ?? 'cpu' })
  const rate = g.input('learningRate', [])
  const state = stateSpecs(network, request.optimizer)
  const read = stateInputs(g, state)
  const gradients = network.parameters.map((p) => {
    const all = Array.from({ length: parts }, (_, part) => g.input(partGradient(part, p.name), p.shape))
    return parts === 1 ? all[0]! : scaled(g, total(g, all), 1 / parts)
  })
  const { norms, next } = appendUpdate(g, { network, request, gradients, rate, read })
  outputNorms(g, norms)
  outputState(g, state, next)
  const model = toOnnx(g, { graphName: `${network.architecture.name} update step` })
  return ok({ model, network, state })
}

export interface UpdateInputs {
  readonly network: Network
  readonly request: TrainingStepRequest
  /** In the order of the network's parameters. */
  readonly gradients: readonly Tensor[]
  readonly rate: Tensor
  readonly read: (name: string) => Tensor
}

export interface Update {
  /** Before clipping: of each parameter, in the network's order, and of all together. */
  readonly norms: { readonly each: Tensor; readonly all: Tensor }
  readonly next: ReadonlyMap<string, Tensor>
}

export function appendUpdate(g: Graph, { network, request, gradients, rate, read }: UpdateInputs): Update {
  const { clipNorm, optimizer } = request
  const norms = gradientNorms(g, gradients)
  const used = clipNorm === undefined ? gradients : clipByNorm(g, gradients, norms.all, clipNorm)
  const trained = network.parameters.map((spec, i) => ({ spec, value: read(spec.name), gradient: used[i]! }))
  return { norms, next: optimizerUpdate(g, optimizer, trained, rate, read) }
}

export function outputNorms(g: Graph, norms: Update['norms']): void {
  g.output('gradientNorm', norms.all)
  g.output('gradientNorms', norms.each)
}

export function outputState(g: Graph, state: readonly StateSpec[], next: ReadonlyMap<string, Tensor>): void {
  for (const { name } of state) {
    const value = next.get(name)
    assert(value, `the step does not say what ${name} becomes`)
    g.output(NEXT + name, value)
  }
}
