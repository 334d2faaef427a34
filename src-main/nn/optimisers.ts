/**
 * Optimisers as graph nodes: parameters, gradients and the optimiser's own state go in, their next values come
 * out. Nothing here is differentiated, so plain nodes are written.
 */
import { z } from 'zod'
import type { Graph, Tensor } from './graph.ts'
import { binary, joined, minus, plus, reshaped, scaled, times, total, unary } from './operations/nodes.ts'
import type { ParameterSpec } from './layers/layer.ts'

const weightDecay = z.number().min(0).max(1).exactOptional()
/** Decay biases and normalisation parameters too; usually they are left alone. */
const decayAll = z.boolean().exactOptional()
const beta = z.number().min(0).lt(1).exactOptional()
const adam = { beta1: beta, beta2: beta, epsilon: z.number().positive().max(1).exactOptional(), weightDecay, decayAll }

export const optimizerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sgd'), momentum: beta, nesterov: z.boolean().exactOptional(), weightDecay, decayAll }),
  /** Kingma and Ba 2015; weight decay, if any, is added to the gradient. */
  z.strictObject({ type: z.literal('adam'), ...adam }),
  /** Loshchilov and Hutter 2019: weight decay is apart from the gradient, multiplied by the learning rate. */
  z.strictObject({ type: z.literal('adamw'), ...adam }),
])
export type OptimizerSpec = z.infer<typeof optimizerSchema>
export type AdamSpec = Exclude<OptimizerSpec, { type: 'sgd' }>

export interface OptimizerState {
  readonly name: string
  readonly shape: readonly number[]
  /** Whose it is; left out where it belongs to all. */
  readonly parameter?: string
}

/** One parameter in a step. */
export interface Trained {
  readonly spec: ParameterSpec
  readonly value: Tensor
  readonly gradient: Tensor
}

export const DEFAULT_WEIGHT_DECAY = { sgd: 0, adam: 0, adamw: 0.01 } as const

export function optimizerState(spec: OptimizerSpec, parameters: readonly ParameterSpec[]): OptimizerState[] {
  const forEach = (kind: string) => parameters.map((p) => ({ name: `optimizer.${kind}.${p.name}`, shape: p.shape, parameter: p.name }))
  if (spec.type === 'sgd') return (spec.momentum ?? 0) === 0 ? [] : forEach('momentum')
  return [{ name: 'optimizer.correction1', shape: [] }, { name: 'optimizer.correction2', shape: [] }, ...forEach('moment1'), ...forEach('moment2')]
}

/** The next values, by name, of every parameter and of every entry of `optimizerState` (all of which start at zero). */
export function optimizerUpdate(g: Graph, spec: OptimizerSpec, trained: readonly Trained[], rate: Tensor, state: (name: string) => Tensor): Map<string, Tensor> {
  return spec.type === 'sgd' ? sgdUpdate(g, spec, trained, rate, state) : adamUpdate(g, spec, trained, rate, state)
}

const decayOf = (spec: OptimizerSpec, parameter: ParameterSpec) =>
  parameter.decay || spec.decayAll ? (spec.weightDecay ?? DEFAULT_WEIGHT_DECAY[spec.type]) : 0

const withDecay = (g: Graph, { gradient, value }: Trained, decay: number) =>
  decay === 0 ? gradient : plus(g, gradient, scaled(g, value, decay))

/** v' = μ v + g;  w' = w − η v', or with Nesterov's look-ahead w' = w − η (g + μ v') (Sutskever et al. 2013). */
function sgdUpdate(g: Graph, spec: Extract<OptimizerSpec, { type: 'sgd' }>, trained: readonly Trained[], rate: Tensor, state: (name: string) => Tensor) {
  const next = new Map<string, Tensor>()
  const momentum = spec.momentum ?? 0
  for (const one of trained) {
    const gradient = withDecay(g, one, decayOf(spec, one.spec))
    let direction = gradient
    if (momentum > 0) {
      const name = `optimizer.momentum.${one.spec.name}`
      const velocity = plus(g, scaled(g, state(name), momentum), gradient)
      next.set(name, velocity)
      direction = spec.nesterov ? plus(g, gradient, scaled(g, velocity, momentum)) : velocity
    }
    next.set(one.spec.name, minus(g, one.value, times(g, direction, rate)))
  }
  return next
}

/**
 * The moments are kept without their factors: moment1 = m / (1 − β₁), moment2 = v / (1 − β₂), which saves two
 * passes over every parameter; the factors meet in two scalars,
 *   step = η (1 − β₁) √c₂ / (c₁ √(1 − β₂)),  floor = ε √c₂ / √(1 − β₂),  w' = w − step · moment1 / (√moment2 + floor)
 * where c = 1 − βᵗ are the bias corrections. These are kept as c' = β c + (1 − β), which unlike 1 − βᵗ loses no
 * digits in the first steps.
 */
function adamUpdate(g: Graph, spec: AdamSpec, trained: readonly Trained[], rate: Tensor, state: (name: string) => Tensor) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = spec
  const next = new Map<string, Tensor>()
  const corrected = (name: string, decay: number) => {
    const value = plus(g, scaled(g, state(name), decay), g.scalar(1 - decay))
    next.set(name, value)
    return value
  }
  const first = corrected('optimizer.correction1', beta1)
  const root = unary(g, 'Sqrt', corrected('optimizer.correction2', beta2))
  const step = binary(g, 'Div', times(g, scaled(g, rate, (1 - beta1) / Math.sqrt(1 - beta2)), root), first)
  const floor = scaled(g, root, epsilon / Math.sqrt(1 - beta2))
  for (const one of trained) {
    const { name } = one.spec
    const decay = decayOf(spec, one.spec)
    const gradient = spec.type === 'adam' ? withDecay(g, one, decay) : one.gradient
    const moment1 = plus(g, scaled(g, state(`optimizer.moment1.${name}`), beta1), gradient)
    const moment2 = plus(g, scaled(g, state(`optimizer.moment2.${name}`), beta2), times(g, gradient, gradient))
    const direction = binary(g, 'Div', moment1, plus(g, unary(g, 'Sqrt', moment2), floor))
    const kept = spec.type === 'adamw' && decay > 0 ? times(g, one.value, minus(g, g.scalar(1), scaled(g, rate, decay))) : one.value
    next.set(`optimizer.moment1.${name}`, moment1)
    next.set(`optimizer.moment2.${name}`, moment2)
    next.set(name, minus(g, kept, times(g, direction, step)))
  }
  return next
}

/** √Σ g², of each gradient [gradients] and over all of them together (scalar). */
export function gradientNorms(g: Graph, gradients: readonly Tensor[]): { readonly each: Tensor; readonly all: Tensor } {
  const squares = squareSums(g, gradients)
  return { each: unary(g, 'Sqrt', gathered(g, squares)), all: rootOfSum(g, squares) }
}

/** Σ g² of each gradient: scalars. */
export const squareSums = (g: Graph, gradients: readonly Tensor[]): Tensor[] =>
  gradients.map((t) => g.op('ReduceSumSquare', [t], { keepdims: 0 }, { shape: [] }))

/** Scalars as one vector. */
export const gathered = (g: Graph, scalars: readonly Tensor[]): Tensor => collected(g, scalars.map((s) => reshaped(g, s, [1])))

export const rootOfSum = (g: Graph, squares: readonly Tensor[]): Tensor => unary(g, 'Sqrt', total(g, squares))

/** Inputs that a WebGPU kernel can bind are few: many are joined in several rounds there. */
const WEBGPU_INPUTS = 4

function collected(g: Graph, parts: readonly Tensor[]): Tensor {
  if (g.target !== 'webgpu' || parts.length <= WEBGPU_INPUTS) return joined(g, parts, 0)
  const rounds = Array.from({ length: Math.ceil(parts.length / WEBGPU_INPUTS) }, (_, i) => joined(g, parts.slice(i * WEBGPU_INPUTS, (i + 1) * WEBGPU_INPUTS), 0))
  return collected(g, rounds)
}

/** Pascanu et al. 2013, algorithm 1: all gradients by one factor, so that their norm is at most `limit`. */
export function clipByNorm(g: Graph, gradients: readonly Tensor[], norm: Tensor, limit: number): Tensor[] {
  const factor = binary(g, 'Min', g.scalar(1), binary(g, 'Div', g.scalar(limit), plus(g, norm, g.scalar(1e-6))))
  return gradients.map((t) => times(g, t, factor))
}
