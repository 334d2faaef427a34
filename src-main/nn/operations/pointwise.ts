/** One tensor, element by element: functions and activations. */
import type { Graph, Tensor } from '../graph.ts'
import { binary, minus, plus, scaled, stepMask, times, unary } from './nodes.ts'
import { applyOne, type None, type Operation } from './operation.ts'

type Derivative<A> = (g: Graph, x: Tensor, y: Tensor, d: Tensor, attributes: A) => Tensor

function pointwise<A>(name: string, emit: (g: Graph, x: Tensor, attributes: A) => Tensor, derivative: Derivative<A>): Operation<A> {
  return {
    name,
    infer: ([x]) => [{ shape: x!.shape }],
    emit: (g, [x], attributes) => [emit(g, x!, attributes)],
    gradient: (g, { inputs: [x], outputs: [y], attributes }, [d]) => [() => derivative(g, x!, y!, d!, attributes)],
  }
}

const one = (g: Graph) => g.scalar(1)
const sigmoidOf = (g: Graph, x: Tensor) => unary(g, 'Sigmoid', x)
/** The normal distribution function, (1 + erf(x / √2)) / 2. */
const normalCdf = (g: Graph, x: Tensor) =>
  scaled(g, plus(g, unary(g, 'Erf', times(g, x, g.scalar(Math.SQRT1_2))), one(g)), 0.5)

export const pointwiseFunctions = {
  neg: pointwise<None>('neg', (g, x) => unary(g, 'Neg', x), (g, _x, _y, d) => unary(g, 'Neg', d)),
  exp: pointwise<None>('exp', (g, x) => unary(g, 'Exp', x), (g, _x, y, d) => times(g, d, y)),
  log: pointwise<None>('log', (g, x) => unary(g, 'Log', x), (g, x, _y, d) => binary(g, 'Div', d, x)),
  sqrt: pointwise<None>('sqrt', (g, x) => unary(g, 'Sqrt', x), (g, _x, y, d) => binary(g, 'Div', scaled(g, d, 0.5), y)),
  square: pointwise<None>('square', (g, x) => times(g, x, x), (g, x, _y, d) => times(g, scaled(g, d, 2), x)),
  /** x to a constant power; defined for x > 0, and for all x where the exponent is a whole number. */
  pow: pointwise<{ readonly exponent: number }>(
    'pow',
    (g, x, { exponent }) => binary(g, 'Pow', x, g.scalar(exponent)),
    (g, x, _y, d, { exponent }) => times(g, scaled(g, d, exponent), binary(g, 'Pow', x, g.scalar(exponent - 1))),
  ),
  /** The derivative at 0 is taken as 0. */
  abs: pointwise<None>(
    'abs',
    (g, x) => unary(g, 'Abs', x),
    (g, x, _y, d) => times(g, d, minus(g, stepMask(g, x), stepMask(g, unary(g, 'Neg', x)))),
  ),
  /** The derivative at 0 is taken as 0. */
  relu: pointwise<None>('relu', (g, x) => unary(g, 'Relu', x), (g, _x, y, d) => times(g, d, stepMask(g, y))),
  leakyRelu: pointwise<{ readonly alpha: number }>(
    'leakyRelu',
    (g, x, { alpha }) => g.op('LeakyRelu', [x], { alpha: { float: alpha } }, { shape: x.shape }),
    (g, x, _y, d, { alpha }) => times(g, d, plus(g, scaled(g, stepMask(g, x), 1 - alpha), g.scalar(alpha))),
  ),
  sigmoid: pointwise<None>('sigmoid', sigmoidOf, (g, _x, y, d) => times(g, d, times(g, y, minus(g, one(g), y)))),
  tanh: pointwise<None>('tanh', (g, x) => unary(g, 'Tanh', x), (g, _x, y, d) => times(g, d, minus(g, one(g), times(g, y, y)))),
  /** x·sigmoid(x), also called swish. */
  silu: pointwise<None>(
    'silu',
    (g, x) => times(g, x, sigmoidOf(g, x)),
    (g, x, y, d) => {
      const s = sigmoidOf(g, x)
      return times(g, d, plus(g, s, times(g, y, minus(g, one(g), s))))
    },
  ),
  /** The exact one, x·Φ(x) with the error function; not the tanh approximation. */
  gelu: pointwise<None>(
    'gelu',
    (g, x) => times(g, x, normalCdf(g, x)),
    (g, x, _y, d) => {
      const density = scaled(g, unary(g, 'Exp', scaled(g, times(g, x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
      return times(g, d, plus(g, normalCdf(g, x), times(g, x, density)))
    },
  ),
}

const p = pointwiseFunctions
export const neg = (g: Graph, x: Tensor): Tensor => applyOne(g, p.neg, [x], {})
export const exp = (g: Graph, x: Tensor): Tensor => applyOne(g, p.exp, [x], {})
export const log = (g: Graph, x: Tensor): Tensor => applyOne(g, p.log, [x], {})
export const sqrt = (g: Graph, x: Tensor): Tensor => applyOne(g, p.sqrt, [x], {})
export const square = (g: Graph, x: Tensor): Tensor => applyOne(g, p.square, [x], {})
export const pow = (g: Graph, x: Tensor, exponent: number): Tensor => applyOne(g, p.pow, [x], { exponent })
export const abs = (g: Graph, x: Tensor): Tensor => applyOne(g, p.abs, [x], {})
export const relu = (g: Graph, x: Tensor): Tensor => applyOne(g, p.relu, [x], {})
export const leakyRelu = (g: Graph, x: Tensor, alpha = 0.01): Tensor => applyOne(g, p.leakyRelu, [x], { alpha })
export const sigmoid = (g: Graph, x: Tensor): Tensor => applyOne(g, p.sigmoid, [x], {})
export const tanh = (g: Graph, x: Tensor): Tensor => applyOne(g, p.tanh, [x], {})
export const silu = (g: Graph, x: Tensor): Tensor => applyOne(g, p.silu, [x], {})
export const gelu = (g: Graph, x: Tensor): Tensor => applyOne(g, p.gelu, [x], {})
