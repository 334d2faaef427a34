/**
 * Gradients against central finite differences, one element at a time.
 *
 * ONNX Runtime computes in float32, so the difference step must be large enough for rounding and small enough
 * for curvature. Each output element is differenced by itself (elements that do not change cancel exactly),
 * the sum is taken in double precision, and Richardson's extrapolation over the steps h and 2h removes the
 * second-order error: what is left is about 4·h⁴·f⁗′/120 + 6e-8·|y| / h. With h = 1/32 both are near 1e-6
 * for functions of moderate curvature.
 */
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import * as nn from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor, type Device, type Session } from '../../../src-main/runtime/index.ts'
import { drawAll, type OperationCase } from './operation-cases.ts'

export interface GradientProblem {
  readonly session: Session
  readonly feeds: Float32Array[]
  /** For each output of the operation, dLoss/dOutput. */
  readonly cotangents: readonly Float32Array[]
}

export interface Evaluation {
  readonly outputs: Float32Array[]
  /** For each input; empty for fixed ones. */
  readonly gradients: Float32Array[]
}

/** A model with the operation's outputs y0, y1, … and the gradients d0, d1, … of Σ y·cotangent. */
export async function prepare(c: OperationCase, device: Device, noFallback = false): Promise<GradientProblem> {
  const g = new nn.Graph({ target: device })
  const inputs = c.inputs.map(({ shape }, i) => g.input(`x${i}`, shape))
  const built = c.build(g, inputs)
  const outputs = Array.isArray(built) ? (built as readonly nn.Tensor[]) : [built as nn.Tensor]
  const random = createRandom(`cotangents of ${c.title}`)
  const cotangents = outputs.map((y) => Float32Array.from({ length: nn.sizeOf(y.shape) }, () => random.normal()))
  const terms = outputs.map((y, i) => nn.sum(g, nn.mul(g, y, g.input(`c${i}`, y.shape))))
  const loss = terms.reduce((a, b) => nn.add(g, a, b))
  const free = inputs.filter((_, i) => !c.inputs[i]!.fixed)
  const gradients = nn.gradients(g, loss, free)
  for (const [i, y] of outputs.entries()) g.output(`y${i}`, y)
  for (const [i, t] of free.entries()) g.output(`d${t.name.slice(1)}`, gradients[i]!)
  const session = unwrap(await createSession(nn.toOnnx(g), { device, threads: 1, noFallback }))
  return { session, feeds: drawAll(c, c.title), cotangents }
}

export async function evaluate(c: OperationCase, problem: GradientProblem): Promise<Evaluation> {
  const { session, cotangents } = problem
  const given = Object.fromEntries(problem.feeds.map((values, i) => [`x${i}`, tensor(values, c.inputs[i]!.shape)]))
  const shapeOf = (name: string) => session.inputs.find((input) => input.name === name)!.shape as readonly number[]
  for (const [i, values] of cotangents.entries()) given[`c${i}`] = tensor(values, shapeOf(`c${i}`))
  const results = await session.run(given)
  return {
    outputs: cotangents.map((_, i) => floats(results[`y${i}`]!).slice()),
    gradients: c.inputs.map(({ fixed }, i) => (fixed ? new Float32Array() : floats(results[`d${i}`]!).slice())),
  }
}

/** The numeric gradient of Σ y·cotangent with respect to one input, in double precision. */
export async function differences(c: OperationCase, problem: GradientProblem, input: number): Promise<Float64Array> {
  const values = problem.feeds[input]!
  const { session, cotangents } = problem
  const shapes = new Map(session.inputs.map((spec) => [spec.name, spec.shape as readonly number[]]))
  const given = Object.fromEntries(problem.feeds.map((v, i) => [`x${i}`, tensor(v, c.inputs[i]!.shape)]))
  for (const [i, v] of cotangents.entries()) given[`c${i}`] = tensor(v, shapes.get(`c${i}`)!)
  const wanted = cotangents.map((_, i) => `y${i}`)
  const at = async (index: number, value: number): Promise<Float32Array[]> => {
    const moved = values.slice()
    moved[index] = value
    const results = await session.run({ ...given, [`x${input}`]: tensor(moved, c.inputs[input]!.shape) }, wanted)
    return wanted.map((name) => floats(results[name]!))
  }
  const central = async (index: number, step: number): Promise<number> => {
    const [high, low] = [Math.fround(values[index]! + step), Math.fround(values[index]! - step)]
    const [above, below] = [await at(index, high), await at(index, low)]
    let total = 0
    for (const [k, cotangent] of cotangents.entries()) {
      for (let i = 0; i < cotangent.length; i++) total += cotangent[i]! * (above[k]![i]! - below[k]![i]!)
    }
    return total / (high - low)
  }
  const step = c.step ?? 1 / 32
  const result = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    result[i] = (4 * (await central(i, step)) - (await central(i, 2 * step))) / 3
  }
  return result
}

/** The largest difference, as a part of the largest magnitude (of 1 where everything is smaller). */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [worst, scale] = [0, 1]
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!)
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference)
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return actual.length === expected.length ? worst / scale : Infinity
}
