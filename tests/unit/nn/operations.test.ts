import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src-main/kit/index.ts'
import * as nn from '../../../src-main/nn/index.ts'

const graph = () => new nn.Graph()
const input = (g: nn.Graph, shape: nn.Shape) => g.input(`x${g.inputs.length}`, shape)

/** The message of the AppError that the building throws. */
function refusal(build: (g: nn.Graph) => unknown): string {
  try {
    build(graph())
  } catch (problem) {
    expect(problem).toBeInstanceOf(AppError)
    expect((problem as AppError).code).toBe('INVALID')
    return (problem as AppError).message
  }
  throw new Error('nothing was refused')
}

describe('shapes', () => {
  it('broadcasts as NumPy does, named sizes included', () => {
    const g = graph()
    expect(nn.add(g, input(g, [2, 1, 4]), input(g, [3, 1])).shape).toEqual([2, 3, 4])
    expect(nn.mul(g, input(g, ['N', 3]), input(g, [3])).shape).toEqual(['N', 3])
    expect(nn.mul(g, input(g, []), input(g, ['N', 1])).shape).toEqual(['N', 1])
  })

  it('works out convolutions and pools, a named batch passing through', () => {
    const g = graph()
    const x = input(g, ['N', 4, 11, 10])
    const w = input(g, [6, 2, 3, 4])
    expect(nn.conv2d(g, x, w, null, { stride: 2, padding: [1, 0, 0, 2], dilation: [2, 1], groups: 2 }).shape).toEqual(['N', 6, 4, 5])
    expect(nn.conv2dMaxPool2x2(g, input(g, [1, 2, 8, 9]), input(g, [3, 2, 3, 3]), null).shape).toEqual([1, 3, 3, 3])
    expect(nn.maxPool2d(g, x, 3, { stride: 2 }).shape).toEqual(['N', 4, 5, 4])
    expect(nn.avgPool2d(g, x, [1, 2], { padding: [0, 1] }).shape).toEqual(['N', 4, 11, 6])
    expect(nn.conv1d(g, input(g, [2, 3, 20]), input(g, [5, 3, 4]), null, { stride: 3 }).shape).toEqual([2, 5, 6])
    expect(nn.globalAvgPool2d(g, x).shape).toEqual(['N', 4])
  })

  it('works out products, reductions and layouts', () => {
    const g = graph()
    expect(nn.matMul(g, input(g, [5, 1, 2, 3]), input(g, [4, 3, 7])).shape).toEqual([5, 4, 2, 7])
    expect(nn.linear(g, input(g, ['N', 6, 3]), input(g, [3, 2]), null).shape).toEqual(['N', 6, 2])
    expect(nn.sum(g, input(g, [2, 3, 4]), [-1, 0], true).shape).toEqual([1, 3, 1])
    expect(nn.mean(g, input(g, [2, 3])).shape).toEqual([])
    expect(nn.flatten(g, input(g, ['N', 3, 4, 5])).shape).toEqual(['N', 60])
    expect(nn.slice(g, input(g, [9, 2]), [{ axis: 0, start: 1, end: 8, step: 3 }]).shape).toEqual([3, 2])
    expect(nn.split(g, input(g, [2, 5]), [1, 4], -1).map((t) => t.shape)).toEqual([[2, 1], [2, 4]])
    expect(nn.concat(g, [input(g, ['N', 2]), input(g, ['N', 3])], 1).shape).toEqual(['N', 5])
    expect(nn.pad(g, input(g, [2, 3]), [1, 0], [0, 4]).shape).toEqual([3, 7])
  })
})

describe('errors name the operation, the shapes and the problem', () => {
  const cases: [string, (g: nn.Graph) => unknown, string][] = [
    ['add', (g) => nn.add(g, input(g, [2, 3]), input(g, [4])), 'add of [2, 3] and [4]: sizes 3 and 4 cannot be broadcast'],
    ['a named size', (g) => nn.add(g, input(g, ['N']), input(g, ['M'])), 'sizes N and M'],
    ['matMul', (g) => nn.matMul(g, input(g, [2, 3]), input(g, [4, 5])), 'matMul of [2, 3] and [4, 5]: the inner sizes 3 and 4 differ'],
    ['linear', (g) => nn.linear(g, input(g, [2, 3]), input(g, [4, 5]), null), 'linear of [2, 3] and [4, 5]: x has 3 features, the weights take 4'],
    ['linear bias', (g) => nn.linear(g, input(g, [2, 3]), input(g, [3, 5]), input(g, [4])), 'the bias must be [5]'],
    ['conv2d channels', (g) => nn.conv2d(g, input(g, [1, 3, 8, 8]), input(g, [4, 2, 3, 3]), null), 'conv2d of [1, 3, 8, 8] and [4, 2, 3, 3]: 3 input channels'],
    ['conv2d groups', (g) => nn.conv2d(g, input(g, [1, 4, 8, 8]), input(g, [3, 2, 3, 3]), null, { groups: 2 }), 'cannot be cut into 2 groups'],
    ['conv2d too small', (g) => nn.conv2d(g, input(g, [1, 1, 4, 8]), input(g, [1, 1, 3, 3]), null, { dilation: 2 }), 'a window of 5 does not fit into 4'],
    ['conv2d rank', (g) => nn.conv2d(g, input(g, [4, 8]), input(g, [1, 1, 3, 3]), null), 'needs x [batch, channel, height, width]'],
    ['conv1d rank', (g) => nn.conv1d(g, input(g, [1, 1, 4, 8]), input(g, [1, 1, 3]), null), 'needs x [batch, channel, time]'],
    ['fused pooling', (g) => nn.conv2dMaxPool2x2(g, input(g, [1, 1, 3, 8]), input(g, [1, 1, 3, 3]), null), 'less than one 2×2 window'],
    ['maxPool2d', (g) => nn.maxPool2d(g, input(g, [1, 1, 2, 2]), 3), 'a window of 3 does not fit into 2'],
    ['pool padding', (g) => nn.avgPool2d(g, input(g, [1, 1, 4, 4]), 2, { padding: 2 }), 'padding must be smaller'],
    ['axes', (g) => nn.sum(g, input(g, [2, 3]), [2]), 'sum of [2, 3]: there is no axis 2'],
    ['axes twice', (g) => nn.mean(g, input(g, [2, 3]), [1, -1]), 'named twice'],
    ['reshape', (g) => nn.reshape(g, input(g, [2, 3]), [4]), 'do not fill [4]'],
    ['transpose', (g) => nn.transpose(g, input(g, [2, 3]), [0, 0]), 'not an order'],
    ['slice', (g) => nn.slice(g, input(g, [4]), [{ axis: 0, start: 2, end: 5 }]), 'no elements 2 to 5'],
    ['concat', (g) => nn.concat(g, [input(g, [2, 3]), input(g, [3, 3])], 1), 'only axis 1 may differ'],
    ['split', (g) => nn.split(g, input(g, [5]), [2, 2], 0), 'do not add up'],
    ['pad', (g) => nn.pad(g, input(g, [5]), [-1], [0]), 'none negative'],
    ['batchNorm', (g) => nn.batchNormTraining(g, input(g, [2, 3]), input(g, [3]), input(g, [2])), 'one value a channel'],
    ['layerNorm', (g) => nn.layerNorm(g, input(g, [2, 3]), input(g, [2]), input(g, [3])), 'scale and shift of shape [3]'],
    ['dropout', (g) => nn.dropout(g, input(g, [2, 3]), input(g, [3])), 'mask must have the shape'],
    ['cross-entropy', (g) => nn.softmaxCrossEntropy(g, input(g, [2, 3]), input(g, [2])), 'softmaxCrossEntropy of [2, 3] and [2]'],
    ['class weights', (g) => nn.softmaxCrossEntropy(g, input(g, [2, 3]), input(g, [2, 3]), input(g, [2])), 'class weights must be [3]'],
  ]
  it.each(cases)('%s', (_, build, message) => {
    expect(refusal(build)).toContain(message)
  })
})

describe('the graph', () => {
  it('holds no gradient nodes of what nobody wants', () => {
    const g = graph()
    const x = input(g, [2, 3])
    const [w, b] = [nn.parameter(g, 'w', [3, 4]), nn.parameter(g, 'b', [4])]
    const loss = nn.sum(g, nn.relu(g, nn.linear(g, x, w, b)))
    const before = g.nodes.length
    nn.gradients(g, loss, [b])
    // The bias needs neither matrix product of the linear layer's gradient.
    expect(g.nodes.slice(before).map((node) => node.type)).not.toContain('Gemm')
    expect(nn.parameters(g).map((p) => p.name)).toEqual(['w', 'b'])
  })

  it('builds a recurrent step unrolled a hundred times with a number of nodes in proportion to the steps', () => {
    const nodesFor = (steps: number) => {
      const g = graph()
      const w = nn.parameter(g, 'w', [4, 4])
      let h: nn.Tensor = g.constant(new Float32Array(8), [2, 4])
      const rows = nn.split(g, nn.reshape(g, input(g, [steps, 2, 4]), [steps * 2, 4]), new Array<number>(steps).fill(2), 0)
      for (const row of rows) h = nn.tanh(g, nn.add(g, row, nn.linear(g, h, w, null)))
      nn.gradients(g, nn.sum(g, h), [w])
      return g.nodes.length
    }
    expect((nodesFor(101) - nodesFor(51)) / (nodesFor(51) - nodesFor(1))).toBeCloseTo(1, 1)
  })

  it('refuses a loss of more than one element', () => {
    const g = graph()
    const w = nn.parameter(g, 'w', [2])
    expect(() => nn.gradients(g, nn.exp(g, w), [w])).toThrow('not one element')
  })
})
