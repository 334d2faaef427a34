import onnxProto from 'onnx-proto'
import { expect, it } from 'vitest'
import * as nn from '../../../src-main/nn/index.ts'

const decode = (g: nn.Graph) => onnxProto.onnx.ModelProto.decode(nn.toOnnx(g)).graph!

it('names results as outputs, and copies only what is an input or given out twice', () => {
  const g = new nn.Graph()
  const x = g.input('x', [2])
  const y = nn.exp(g, x)
  g.output('y', y)
  g.output('again', y)
  g.output('same', x)
  g.output('z', nn.neg(g, y))
  const graph = decode(g)
  expect(graph.node!.map((n) => [n.opType, n.input, n.output])).toEqual([
    ['Exp', ['x'], ['y']],
    ['Neg', ['y'], ['z']],
    ['Identity', ['y'], ['again']],
    ['Identity', ['x'], ['same']],
  ])
  expect(graph.output!.map((o) => o.name)).toEqual(['y', 'again', 'same', 'z'])
})

it('leaves out what no output needs, spare outputs of a max pool included', () => {
  const g = new nn.Graph()
  const x = g.input('x', [1, 1, 4, 4])
  nn.exp(g, x)
  g.output('y', nn.maxPool2d(g, x, 2))
  const graph = decode(g)
  expect(graph.node!.map((n) => [n.opType, n.output])).toEqual([['MaxPool', ['y']]])
  expect(graph.initializer).toEqual([])
})
