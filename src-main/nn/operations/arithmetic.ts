/** Element by element between two tensors, with NumPy broadcasting; gradients are summed back. */
import type { Graph, Tensor } from '../graph.ts'
import { binary, minus, stepMask, times, unary, unbroadcast } from './nodes.ts'
import { applyOne, type None, type Operation } from './operation.ts'
import { broadcast } from './shapes.ts'

type Pieces = (g: Graph, a: Tensor, b: Tensor, y: Tensor, d: Tensor) => readonly [() => Tensor, () => Tensor]

function elementwise(name: string, type: string, pieces: Pieces): Operation<None> {
  return {
    name,
    infer: ([a, b]) => [{ shape: broadcast(name, a!, b!) }],
    emit: (g, [a, b]) => [binary(g, type, a!, b!)],
    gradient: (g, { inputs: [a, b], outputs: [y] }, [d]) => {
      const [da, db] = pieces(g, a!, b!, y!, d!)
      return [() => unbroadcast(g, da(), a!.shape), () => unbroadcast(g, db(), b!.shape)]
    },
  }
}

export const arithmetic = {
  add: elementwise('add', 'Add', (_g, _a, _b, _y, d) => [() => d, () => d]),
  sub: elementwise('sub', 'Sub', (g, _a, b, _y, d) => [() => d, () => unary(g, 'Neg', unbroadcast(g, d, b.shape))]),
  mul: elementwise('mul', 'Mul', (g, a, b, _y, d) => [() => times(g, d, b), () => times(g, d, a)]),
  div: elementwise('div', 'Div', (g, _a, b, y, d) => {
    const quotient = () => binary(g, 'Div', d, b)
    return [quotient, () => unary(g, 'Neg', times(g, quotient(), y))]
  }),
  /** Where both are equal the gradient goes to the first. */
  maximum: elementwise('maximum', 'Max', (g, a, b, _y, d) => {
    const second = () => times(g, d, stepMask(g, minus(g, b, a)))
    return [() => minus(g, d, second()), second]
  }),
  /** Where both are equal the gradient goes to the first. */
  minimum: elementwise('minimum', 'Min', (g, a, b, _y, d) => {
    const second = () => times(g, d, stepMask(g, minus(g, a, b)))
    return [() => minus(g, d, second()), second]
  }),
}

export const add = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.add, [a, b], {})
export const sub = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.sub, [a, b], {})
export const mul = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.mul, [a, b], {})
export const div = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.div, [a, b], {})
export const maximum = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.maximum, [a, b], {})
export const minimum = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, arithmetic.minimum, [a, b], {})

/** x·factor, for a factor that is known while building. */
export const scale = (g: Graph, x: Tensor, factor: number): Tensor => mul(g, x, g.scalar(factor))
