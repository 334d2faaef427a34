import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { appendNetwork, Graph, planNetwork, type LayerSpec } from '../../../src-main/nn/index.ts'
import { buildLayers } from '../../../src-main/nn/layers/build.ts'

const tail: LayerSpec[] = [{ type: 'flatten' }, { type: 'linear', units: 'classes' }]
const plan = (layers: LayerSpec[], channels: number) =>
  unwrap(planNetwork({ architecture: { name: 'test', title: 'Test', input: 'any', layers: [...layers, ...tail] }, inputShape: [channels, 12, 12], classes: 3 }))

/** The operators of the network as training writes it. */
function operators(layers: LayerSpec[], channels = 1): string[] {
  const network = plan(layers, channels)
  const g = new Graph()
  const state = new Map([...network.parameters, ...network.buffers].map((p) => [p.name, g.input(p.name, p.shape)]))
  buildLayers(network.nodes, g.input('x', [4, channels, 12, 12]), {
    graph: g,
    mode: 'train',
    state: (path) => state.get(path)!,
    updateBuffer: () => undefined,
    dropoutMask: (path, shape) => g.input(path, [4, ...shape]),
  })
  return g.nodes.map((n) => n.type)
}

const conv = (more: object = {}): LayerSpec => ({ type: 'conv2d', filters: 4, kernel: 3, ...more })
const pool = (more: object = {}): LayerSpec => ({ type: 'maxPool', kernel: 2, ...more })

describe('writing layers for training', () => {
  it.each<[string, LayerSpec[]]>([
    ['convolution, ReLU, pool', [conv(), { type: 'relu' }, pool()]],
    ['convolution, pool, ReLU', [conv(), pool(), { type: 'relu' }]],
    ['convolution, leaky ReLU, pool', [conv(), { type: 'leakyRelu' }, pool({ stride: [2, 2], padding: 'valid' })]],
  ])('takes a 2×2 max pool together with its convolution: %s', (_, layers) => {
    const types = operators(layers)
    expect(types).not.toContain('MaxPool')
    expect(types).toContain('Max')
  })

  it.each<[string, LayerSpec[], number]>([
    ['a stride', [conv({ stride: 2 }), pool()], 1],
    ['groups', [conv({ groups: 2 }), pool()], 2],
    ['another window', [conv(), pool({ kernel: 3, stride: 2 })], 1],
    ['padding of the pool', [conv(), pool({ padding: 1 })], 1],
    ['an activation that does not keep the order exactly', [conv(), { type: 'silu' }, pool()], 1],
    ['many channels, where it would cost more than it saves', [conv(), pool()], 32],
  ])('leaves it alone with %s', (_, layers, channels) => {
    expect(operators(layers, channels)).toContain('MaxPool')
  })

  it('puts any max pool before the ReLU in front of it', () => {
    const types = operators([conv({ stride: 2 }), { type: 'batchNorm' }, { type: 'relu' }, pool({ kernel: 3, stride: 1 })])
    expect(types.indexOf('MaxPool')).toBeLessThan(types.indexOf('Relu'))
  })

  it('keeps the order in evaluation', () => {
    const network = plan([conv(), { type: 'relu' }, pool()], 1)
    const g = new Graph()
    appendNetwork(g, g.input('x', ['N', 1, 12, 12]), network)
    expect(g.nodes.map((n) => n.type)).toEqual(['Conv', 'Relu', 'MaxPool', 'Reshape', 'Gemm'])
  })
})
