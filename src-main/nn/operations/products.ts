/** Matrix products. */
import type { Graph, Tensor } from '../graph.ts'
import { add } from './arithmetic.ts'
import { matrixTransposed, reduced, unbroadcast } from './nodes.ts'
import { applyOne, type None, type Operation } from './operation.ts'
import { broadcast, shapeError, showShape } from './shapes.ts'

const productShape = (operation: string, a: Tensor, b: Tensor) => {
  if (a.shape.length < 2 || b.shape.length < 2) throw shapeError(operation, [a, b], 'both must have two axes or more')
  if (a.shape.at(-1) !== b.shape.at(-2)) {
    throw shapeError(operation, [a, b], `the inner sizes ${a.shape.at(-1)} and ${b.shape.at(-2)} differ`)
  }
  const lead = (t: Tensor): Tensor => ({ ...t, shape: t.shape.slice(0, -2) })
  return [...broadcast(operation, lead(a), lead(b)), a.shape.at(-2)!, b.shape.at(-1)!]
}

const product = (g: Graph, a: Tensor, b: Tensor): Tensor => g.op('MatMul', [a, b], {}, { shape: productShape('matMul', a, b) })

/** One Gemm node of two matrices, with their transposes for free. */
function gemm(g: Graph, a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor {
  const shape = [a.shape[transA ? 1 : 0]!, b.shape[transB ? 0 : 1]!]
  const attributes = { ...(transA ? { transA: 1 } : {}), ...(transB ? { transB: 1 } : {}) }
  return g.op('Gemm', [a, b], attributes, { shape })
}

const matMulOperation: Operation<None> = {
  name: 'matMul',
  infer: ([a, b]) => [{ shape: productShape('matMul', a!, b!) }],
  emit: (g, [a, b]) => [product(g, a!, b!)],
  gradient: (g, { inputs: [a, b] }, [d]) => [
    () => unbroadcast(g, product(g, d!, matrixTransposed(g, b!)), a!.shape),
    () => unbroadcast(g, product(g, matrixTransposed(g, a!), d!), b!.shape),
  ],
}

/** x [batch, in] · w [in, out] + b [out]. */
const linearOperation: Operation<None> = {
  name: 'linear',
  infer: ([x, w, b]) => {
    const inputs = [x!, w!, b ?? null]
    if (x!.shape.length !== 2 || w!.shape.length !== 2) throw shapeError('linear', inputs, 'needs x [batch, in] and weights [in, out]')
    if (x!.shape[1] !== w!.shape[0]) throw shapeError('linear', inputs, `x has ${x!.shape[1]} features, the weights take ${w!.shape[0]}`)
    if (b && showShape(b.shape) !== `[${w!.shape[1]}]`) throw shapeError('linear', inputs, `the bias must be [${w!.shape[1]}]`)
    return [{ shape: [x!.shape[0]!, w!.shape[1]!] }]
  },
  emit: (g, [x, w, b], _a, outputs) => [g.op('Gemm', b ? [x!, w!, b] : [x!, w!], {}, outputs[0]!)],
  gradient: (g, { inputs: [x, w] }, [d]) => [
    () => gemm(g, d!, w!, false, true),
    () => gemm(g, x!, d!, true, false),
    () => reduced(g, 'ReduceSum', d!, [0], false),
  ],
}

export const products = { matMul: matMulOperation, linear: linearOperation }

/** Batched matrix product [..., m, k] · [..., k, n]; leading axes broadcast. */
export const matMul = (g: Graph, a: Tensor, b: Tensor): Tensor => applyOne(g, products.matMul, [a, b], {})

/** x [..., in] · w [in, out] + b [out]; axes before the last count as batch. */
export function linear(g: Graph, x: Tensor, w: Tensor, b: Tensor | null): Tensor {
  if (x.shape.length <= 2) return applyOne(g, products.linear, [x, w, b], {})
  const product = matMul(g, x, w)
  return b ? add(g, product, b) : product
}
