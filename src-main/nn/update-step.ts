/**
 * From gradients to the next parameters: of a whole training step, or as a model of its own that averages the
 * gradients of several equal parts of a batch and updates one share of the parameters.
 */
import { assert, ok, type Result } from '../kit/index.ts'
import { GRADIENT } from './gradient-step.ts'
import { Graph, type Tensor } from './graph.ts'
import { elements, type ParameterSpec } from './layers/layer.ts'
import { valuesIn } from './layers/plan.ts'
import type { Network } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { scaled, total } from './operations/nodes.ts'
import { clipByNorm, gathered, optimizerState, optimizerUpdate, rootOfSum, squareSums } from './optimisers.ts'
import { bufferSpecs, NEXT, planStep, stateInputs, stateSpecs, type StateSpec, type TrainingStepRequest } from './step-request.ts'

/** A run of values of a tensor of the state laid flat; `start` is null for what belongs to all shares, whole. */
export interface StateSlice extends StateSpec {
  readonly start: number | null
}

/** A run of values of a part's result of that name; all of it where `start` is null. */
export interface ResultSlice {
  readonly name: string
  readonly part: number
  readonly result: string
  readonly start: number | null
  readonly shape: readonly number[]
}

export interface UpdateStep {
  /**
   * The ONNX file. Inputs: the slices of the state by the names of their tensors, the slices of the parts' results and the
   * scalar `learningRate`. Outputs: `next.<state>` and `squareSums` [own], the sums of the squares of the averaged
   * (unclipped) gradients of each slice of this share. What belongs to all shares (scalars of the optimiser, and the
   * averages of the parts' running statistics) is given out by the first share only.
   */
  readonly model: Uint8Array
  readonly network: Network
  readonly state: readonly StateSlice[]
  /** The slices of which this share gives out the next values. */
  readonly written: readonly StateSlice[]
  /** The tensors of which the shares are slices. */
  readonly wholeState: readonly StateSpec[]
  readonly results: readonly ResultSlice[]
  /** The parameters of this share's slices, in the order of `squareSums`. */
  readonly own: readonly string[]
}

interface ParameterSlice {
  readonly spec: ParameterSpec
  readonly start: number
}

/** All values of all parameters in as many equal runs (ZeRO stage 1, Rajbhandari et al. 2020). */
function divideParameters(parameters: readonly ParameterSpec[], shares: number): ParameterSlice[][] {
  const all = valuesIn(parameters)
  return Array.from({ length: shares }, (_, share) => {
    const [from, to] = [Math.floor((share * all) / shares), Math.floor(((share + 1) * all) / shares)]
    let at = 0
    return parameters.flatMap((spec) => {
      const [first, last] = [Math.max(from - at, 0), Math.min(to - at, elements(spec.shape))]
      at += elements(spec.shape)
      return first < last ? [{ spec: { ...spec, shape: [last - first] }, start: first }] : []
    })
  })
}

/**
 * The update of the share-th of `parts` equal shares of the parameters by the mean of the gradients of `parts` parts of
 * the batch. Clipping needs the norm of everything: then the gradients of the other shares are inputs too.
 */
export function createUpdateStep(request: TrainingStepRequest, parts: number, share: number): Result<UpdateStep> {
  assert(Number.isInteger(parts) && share >= 0 && share < parts, `share ${share} of an update from ${parts} parts`)
  const planned = planStep(request)
  if (!planned.ok) return planned
  const network = planned.value
  const shares = divideParameters(network.parameters, parts)
  const own = shares[share]!
  const mine = { ...network, parameters: own.map((slice) => slice.spec) }
  const g = new Graph({ target: request.target ?? 'cpu' })
  const rate = g.input('learningRate', [])
  const starts = new Map(own.map(({ spec, start }) => [spec.name, start]))
  const owners = new Map(optimizerState(request.optimizer, mine.parameters).map(({ name, parameter }) => [name, parameter]))
  const buffers = bufferSpecs(share === 0 ? network : { ...network, buffers: [] })
  const state = stateSpecs({ ...mine, buffers: [] }, request.optimizer).map((spec) => ({ ...spec, start: starts.get(owners.get(spec.name) ?? spec.name) ?? null }))
  const read = stateInputs(g, state)
  const inputs: ResultSlice[] = []
  const averageOf = (result: string, shape: readonly number[], start: number | null) => {
    const all = Array.from({ length: parts }, (_, part) => {
      const slice = { name: `${part}.${result}${start === null ? '' : `.${start}`}`, part, result, start, shape }
      inputs.push(slice)
      return g.input(slice.name, shape)
    })
    return scaled(g, total(g, all), 1 / parts)
  }
  const average = ({ spec, start }: ParameterSlice) => averageOf(GRADIENT + spec.name, spec.shape, start)
  const seen = request.clipNorm === undefined ? [own] : shares
  const averages = seen.map((slices) => slices.map(average))
  const gradients = averages[seen.indexOf(own)]!
  const squares = averages.map((slices) => squareSums(g, slices))
  const next = appendUpdate(g, { network: mine, request, gradients, norm: rootOfSum(g, squares.flat()), rate, read })
  g.output('squareSums', gathered(g, squares[seen.indexOf(own)]!))
  for (const { name, shape } of buffers) next.set(name, averageOf(NEXT + name, shape, null))
  const written = [...state.filter((slice) => slice.start !== null || share === 0), ...buffers.map((spec) => ({ ...spec, start: null }))]
  outputState(g, written, next)
  const model = toOnnx(g, { graphName: `${network.architecture.name} update step` })
  return ok({ model, network, state, written, wholeState: stateSpecs(network, request.optimizer), results: inputs, own: own.map(({ spec }) => spec.name) })
}

export interface UpdateInputs {
  readonly network: Network
  readonly request: TrainingStepRequest
  /** In the order of the network's parameters. */
  readonly gradients: readonly Tensor[]
  /** Of all gradients, before clipping. */
  readonly norm: Tensor
  readonly rate: Tensor
  readonly read: (name: string) => Tensor
}

/** The next values of the parameters and of what the optimiser keeps, by name. */
export function appendUpdate(g: Graph, { network, request, gradients, norm, rate, read }: UpdateInputs): Map<string, Tensor> {
  const { clipNorm, optimizer } = request
  const used = clipNorm === undefined ? gradients : clipByNorm(g, gradients, norm, clipNorm)
  const trained = network.parameters.map((spec, i) => ({ spec, value: read(spec.name), gradient: used[i]! }))
  return optimizerUpdate(g, optimizer, trained, rate, read)
}

export function outputState(g: Graph, state: readonly StateSpec[], next: ReadonlyMap<string, Tensor>): void {
  for (const { name } of state) {
    const value = next.get(name)
    assert(value, `the step does not say what ${name} becomes`)
    g.output(NEXT + name, value)
  }
}
