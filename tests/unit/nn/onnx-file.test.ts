import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { Graph, toOnnx } from '../../../src-main/nn/index.ts'

const nodesOf = (g: Graph) => {
  const { graph } = onnxProto.onnx.ModelProto.decode(toOnnx(g))
  return graph!.node!.map((n) => `${n.input!.join(',')} ${n.opType} ${n.output!.join(',')}`)
}

describe('the ONNX file of a graph', () => {
  it('results carry the names of the outputs, where they are used further too', () => {
    const g = new Graph()
    const x = g.input('x', [2])
    const y = g.op('Relu', [x], {}, { shape: [2] })
    const z = g.op('Neg', [y], {}, { shape: [2] })
    g.output('first', y)
    g.output('second', z)
    expect(nodesOf(g)).toEqual(['x Relu first', 'first Neg second'])
  })

  it('inputs, constants and further names of one tensor are copied', () => {
    const g = new Graph()
    const x = g.input('x', [2])
    const y = g.op('Relu', [x], {}, { shape: [2] })
    g.output('a', y)
    g.output('b', y)
    g.output('same', x)
    const nodes = nodesOf(g)
    expect(nodes).toEqual(['x Relu a', 'a Identity b', 'x Identity same'])
  })

  it('leaves out what no output needs', () => {
    const g = new Graph()
    const x = g.input('x', [2])
    g.op('Neg', [x], {}, { shape: [2] })
    g.output('y', g.op('Relu', [x], {}, { shape: [2] }))
    expect(nodesOf(g)).toEqual(['x Relu y'])
  })
})
