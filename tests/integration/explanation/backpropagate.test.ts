import { describe, expect, it } from 'vitest'
import { backpropagate, teachingNetwork } from '../../../src-main/explanation/backpropagate.ts'
import type { BackpropagationSettings, BackpropagationTrace } from '../../../src-main/explanation/index.ts'

const DENSE: BackpropagationSettings = {
  network: { kind: 'dense', inputs: 2, hidden: [3], outputs: 2 }, activation: 'sigmoid', loss: 'squared', learningRate: 0.5, seed: 1, target: 1, steps: 0,
}
const CONV: BackpropagationSettings = { ...DENSE, network: { kind: 'conv', size: 5, filters: 2, kernel: 2, pool: true, outputs: 3 }, activation: 'tanh', loss: 'crossEntropy', target: 2 }
const named = (trace: BackpropagationTrace, name: string) => {
  const found = trace.tensors.find((t) => t.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}
const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v))

/** The dense network of one hidden layer by hand, in double precision: the loss for given parameters. */
function handLoss(settings: BackpropagationSettings, x: readonly number[], y: readonly number[], p: Readonly<Record<string, readonly number[]>>): number {
  const layer = (input: readonly number[], weight: readonly number[], bias: readonly number[]) =>
    bias.map((b, j) => input.reduce((sum, v, i) => sum + v * weight[i * bias.length + j]!, b))
  const act = { sigmoid, tanh: Math.tanh, relu: (v: number) => Math.max(0, v) }[settings.activation]
  const hidden = layer(x, p['linear1.weight']!, p['linear1.bias']!).map(act)
  const z = layer(hidden, p['linear2.weight']!, p['linear2.bias']!)
  if (settings.loss === 'squared') return z.reduce((sum, v, k) => sum + (sigmoid(v) - y[k]!) ** 2, 0)
  const norm = Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0))
  return -z.reduce((sum, v, k) => sum + y[k]! * (v - norm), 0)
}

describe('back-propagation node by node', () => {
  it.each(
    (['sigmoid', 'tanh', 'relu'] as const).flatMap((activation) => (['squared', 'crossEntropy'] as const).map((loss) => [activation, loss] as const)),
  )('%s and %s: every gradient equals the finite difference of the loss by hand', async (activation, loss) => {
    const settings = { ...DENSE, activation, loss }
    const trace = await backpropagate(settings)
    const [x, y] = [named(trace, 'x').values, named(trace, 'y').values]
    const parameters = Object.fromEntries(trace.tensors.filter((t) => t.role === 'parameter').map((t) => [t.name, [...t.values]]))
    expect(Object.keys(parameters)).toHaveLength(4)
    expect(handLoss(settings, x, y, parameters)).toBeCloseTo(trace.loss, 6)
    for (const [name, values] of Object.entries(parameters))
      values.forEach((value, i) => {
        const at = (v: number) => handLoss(settings, x, y, { ...parameters, [name]: values.with(i, v) })
        const difference = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5
        expect(named(trace, name).gradient![i], `${name}[${i}]`).toBeCloseTo(difference, 6)
        expect(named(trace, name).next![i]).toBeCloseTo(value - 0.5 * difference, 6)
      })
    const next = Object.fromEntries(Object.keys(parameters).map((name) => [name, named(trace, name).next!]))
    expect(trace.lossAfter).toBeCloseTo(handLoss(settings, x, y, next), 6)
  })

  it('obeys the chain rule at every node: incoming gradient times derivative, through the weights to the inputs', async () => {
    const trace = await backpropagate(DENSE)
    const tensor = (id: string) => trace.tensors.find((t) => t.id === id)!
    let checked = 0
    for (const { operation, inputs, output, derivative } of trace.operations) {
      const incoming = tensor(output).gradient!
      if (derivative) {
        tensor(inputs[0]!).gradient!.forEach((d, i) => expect(d).toBeCloseTo(incoming[i]! * derivative[i]!, 6))
        checked++
      }
      if (operation === 'linear') {
        const [x, w, b] = inputs.map(tensor) as [ReturnType<typeof tensor>, ReturnType<typeof tensor>, ReturnType<typeof tensor>]
        expect(b.gradient).toEqual(incoming)
        w.gradient!.forEach((d, at) => expect(d).toBeCloseTo(x.values[Math.floor(at / incoming.length)]! * incoming[at % incoming.length]!, 6))
        x.gradient!.forEach((d, i) => expect(d).toBeCloseTo(incoming.reduce((sum, v, j) => sum + v * w.values[i * incoming.length + j]!, 0), 6))
        checked++
      }
    }
    expect(checked).toBe(5)
    expect(trace.operations.map((o) => o.operation)).toEqual(['reshape', 'linear', 'sigmoid', 'linear', 'sigmoid', 'sub', 'square', 'sum'])
  })

  it('with cross-entropy the gradient of the last values is p − y', async () => {
    const trace = await backpropagate({ ...DENSE, loss: 'crossEntropy' })
    const y = named(trace, 'y').values
    named(trace, 'linear2').gradient!.forEach((d, k) => expect(d).toBeCloseTo(trace.probabilities![k]! - y[k]!, 6))
  })

  it('a convolutional network: the loss falls as the gradient says', async () => {
    const small = { ...CONV, learningRate: 1e-3 }
    const trace = await backpropagate(small)
    expect(trace.operations.map((o) => o.operation)).toEqual(['conv2d', 'tanh', 'maxPool2d', 'reshape', 'linear', 'softmaxCrossEntropy'])
    const squares = trace.tensors.filter((t) => t.role === 'parameter').reduce((sum, t) => sum + t.gradient!.reduce((s, d) => s + d * d, 0), 0)
    expect((trace.loss - trace.lossAfter) / (1e-3 * squares)).toBeCloseTo(1, 1)
  })

  it('a step begins where the one before ended', async () => {
    for (const settings of [DENSE, CONV]) {
      const [first, second] = [await backpropagate(settings), await backpropagate({ ...settings, steps: 1 })]
      expect(second.loss).toBe(first.lossAfter)
      for (const t of second.tensors.filter((p) => p.role === 'parameter')) expect(t.values.map(Math.fround)).toEqual(named(first, t.name).next!.map(Math.fround))
      expect((await backpropagate({ ...settings, steps: 60 })).loss).toBeLessThan(first.loss)
    }
  })

  it('its layer list is one that can be trained like any other', () => {
    expect(teachingNetwork(CONV)).toMatchObject({ inputShape: [1, 5, 5], architecture: { layers: [{ type: 'conv2d' }, { type: 'tanh' }, { type: 'maxPool' }, { type: 'flatten' }, { type: 'linear' }] } })
  })
})
