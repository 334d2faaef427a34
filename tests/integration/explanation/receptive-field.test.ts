import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { appendNetwork, architectures, Graph, gradients, initialiseNetwork, mul, networkState, parseArchitecture, planNetwork, receptiveFields, sum, toOnnx, type Architecture, type Tensor } from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'

const network = (layers: readonly object[]): Architecture => unwrap(parseArchitecture({ name: 'small', title: 'x', input: 'any', layers: [...layers, { type: 'globalAvgPool' }, { type: 'linear', units: 'classes' }] }))
const CASES: readonly (readonly [string, Architecture, readonly [number, number, number]])[] = [
  ['strides, padding and dilation', network([
    { type: 'conv2d', name: 'a', filters: 2, kernel: [3, 5], stride: [2, 1], padding: 'same' },
    { type: 'avgPool', name: 'b', kernel: 2 },
    { type: 'conv2d', name: 'c', filters: 2, kernel: 3, dilation: [1, 2] },
    { type: 'sigmoid', name: 'd' },
  ]), [1, 32, 40]],
  ['a residual block with a shortcut', network([
    { type: 'residual', name: 'block', body: [{ type: 'conv2d', filters: 3, kernel: 5, stride: 2, padding: 2 }, { type: 'tanh' }, { type: 'conv2d', filters: 3, kernel: 3, padding: 1 }], shortcut: [{ type: 'conv2d', filters: 3, kernel: 1, stride: 2 }] },
  ]), [1, 24, 24]],
  ['convolutions along time', network([{ type: 'conv1d', name: 'a', filters: 4, kernel: 3, padding: 'same' }, { type: 'tanh' }, { type: 'conv1d', name: 'b', filters: 4, kernel: 5, stride: 2 }]), [1, 8, 40]],
  ['frequencies averaged and added back', network([
    { type: 'residual', name: 'block', broadcast: 'frequency', body: [{ type: 'frequencyAvgPool' }, { type: 'conv2d', filters: 1, kernel: [1, 3], padding: [0, 1, 0, 1] }] },
  ]), [1, 6, 20]],
  ['LeNet-5 as published', architectures.get('lenet5-1998')!, [1, 32, 32]],
]

/** Which rows and columns of the input a unit's value really depends on: where the gradient is not zero. */
async function seen(architecture: Architecture, inputShape: readonly [number, number, number], path: string, unit: readonly [number, number]) {
  const planned = unwrap(planNetwork({ architecture, inputShape, classes: 10 }))
  const g = new Graph()
  const x = g.input('x', [1, ...inputShape])
  let output: Tensor | undefined
  appendNetwork(g, x, planned, undefined, (at, y) => at === path && (output = y))
  const choice = g.input('choice', output!.shape)
  const [dx] = gradients(g, sum(g, mul(g, output!, choice)), [x])
  g.output('dx', dx!)
  await using session = unwrap(await createSession(toOnnx(g), { device: 'cpu', threads: 1 }))
  const random = createRandom('receptive field')
  const shape = output!.shape as number[]
  const [, , rows, columns] = shape as [number, number, number, number]
  const chosen = new Float32Array(shape.reduce((a, b) => a * b, 1))
  for (let c = 0; c < shape[1]!; c++) chosen[(c * rows + unit[0]) * columns + unit[1]] = 1
  const weights = initialiseNetwork(planned, 3)
  const used = new Set(session.inputs.map((i) => i.name))
  const state = Object.fromEntries(networkState(planned).filter((s) => used.has(s.name)).map((s) => [s.name, tensor(weights.get(s.name)!.map((w) => 0.1 * Math.abs(w) + 0.005), s.shape)]))
  const input = Float32Array.from({ length: inputShape.reduce((a, b) => a * b, 1) }, () => 0.1 + 0.1 * random.next())
  const gradient = floats((await session.run({ ...(used.has('x') ? { x: tensor(input, [1, ...inputShape]) } : {}), choice: tensor(chosen, shape), ...state }))['dx']!)
  const [, height, width] = inputShape
  const touched = Array.from(gradient.keys()).filter((i) => gradient[i] !== 0).map((i) => [Math.floor(i / width) % height, i % width] as const)
  const ends = (axis: 0 | 1) => [Math.min(...touched.map((t) => t[axis])), Math.max(...touched.map((t) => t[axis])) + 1]
  return { rows: ends(0), columns: ends(1), shape }
}

describe('receptive fields against the gradient', () => {
  it.each(CASES)('%s', async (_, architecture, inputShape) => {
    const planned = unwrap(planNetwork({ architecture, inputShape, classes: 10 }))
    const fields = receptiveFields(planned)
    const images = [...fields].filter(([path]) => !/^(pool\d*|linear\d*|flatten\d*)$/.test(path) || architecture.name === 'lenet5-1998')
    let compared = 0
    for (const [path, { rows, columns }] of images) {
      const probe = await seen(architecture, inputShape, path, [0, 0]).catch(() => null)
      if (!probe || probe.shape.length !== 4) continue
      const [, , height, width] = probe.shape as [number, number, number, number]
      for (const unit of [[0, 0], [height - 1, width - 1], [height >> 1, width >> 1]] as const) {
        const found = await seen(architecture, inputShape, path, unit)
        const cut = (axis: typeof rows, at: number, size: number) => [Math.max(0, axis.start + axis.step * at), Math.min(size, axis.start + axis.step * at + axis.size)]
        expect({ path, unit, rows: cut(rows, unit[0], inputShape[1]), columns: cut(columns, unit[1], inputShape[2]) }).toEqual({ path, unit, rows: found.rows, columns: found.columns })
        compared++
      }
    }
    expect(compared).toBeGreaterThanOrEqual(3)
  })
})
