import { describe, expect, it } from 'vitest'
import type { BackpropagationTrace } from '../../../src-contract/index.ts'
import { passages } from '../../../src-renderer/views/inspect/backprop/chain-rule.ts'
import { layOut, rowsOf } from '../../../src-renderer/views/inspect/backprop/lay-out.ts'

type Tensor = BackpropagationTrace['tensors'][number]
const tensor = (id: string, role: Tensor['role'], shape: number[], values: number[], gradient: number[] | null = null): Tensor => ({ id, name: id, role, shape, values, gradient, next: null })
const TENSORS = [
  tensor('x', 'input', [1, 1, 1, 2], [1, 2], [0.1, 0.2]),
  tensor('flat', 'value', [1, 2], [1, 2], [0.1, 0.2]),
  tensor('w', 'parameter', [2, 2], [1, 2, 3, 4], [0.5, -1, 1, -2]),
  tensor('b', 'parameter', [2], [0, 0], [0.5, -1]),
  tensor('z', 'value', [1, 2], [7, 10], [0.5, -1]),
]
const OPERATIONS = [
  { operation: 'reshape', layer: 'flatten1', inputs: ['x'], output: 'flat', derivative: null },
  { operation: 'linear', layer: 'linear1', inputs: ['flat', 'w', 'b'], output: 'z', derivative: null },
]

describe('the picture of the operations', () => {
  it('goes from left to right, parameters above, without reshapes', () => {
    const { boxes, wires, width, height } = layOut({ operations: OPERATIONS, tensors: TENSORS })
    expect(boxes.map((b) => b.key)).toEqual(['x', 'z', 'w', 'b'])
    const [x, z, w, b] = boxes as [(typeof boxes)[0], (typeof boxes)[0], (typeof boxes)[0], (typeof boxes)[0]]
    expect(z.x).toBeGreaterThan(x.x + x.width)
    expect(w.y + w.height).toBeLessThan(z.y)
    expect(b.y + b.height).toBeLessThanOrEqual(w.y)
    expect(wires.map((wire) => `${wire.from.key} ${wire.to.key}`)).toEqual(['x z', 'w z', 'b z'])
    for (const box of boxes) expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true)
  })

  it('shows matrices by rows and all else one by one', () => {
    expect(rowsOf(TENSORS[2]!)).toEqual([[1, 2], [3, 4]])
    expect(rowsOf(TENSORS[4]!)).toEqual([[7], [10]])
  })
})

describe('the chain rule in numbers', () => {
  it('of a dense layer: every product names its factors and gives the gradient', () => {
    const found = passages(OPERATIONS[1]!, new Map(TENSORS.map((t) => [t.id, t])))
    expect(found.map((p) => p.tensor.id)).toEqual(['w', 'b', 'flat'])
    expect(found[0]!.products).toEqual([
      { of: '[1, 1]', factors: '1.0000 · 0.5000', result: 0.5 },
      { of: '[1, 2]', factors: '1.0000 · (−1.0000)', result: -1 },
      { of: '[2, 1]', factors: '2.0000 · 0.5000', result: 1 },
      { of: '[2, 2]', factors: '2.0000 · (−1.0000)', result: -2 },
    ])
    expect(found[2]!.products[0]!.factors).toBe('1.0000 · 0.5000 + 2.0000 · (−1.0000)')
  })

  it('of an activation: incoming times own derivative', () => {
    const activation = { operation: 'sigmoid', layer: 'sigmoid1', inputs: ['z'], output: 'a', derivative: [0.25, 0.1] }
    const tensors = new Map([tensor('z', 'value', [1, 2], [0, 2], [0.5, 0.3]), tensor('a', 'value', [1, 2], [0.5, 0.88], [2, 3])].map((t) => [t.id, t]))
    expect(passages(activation, tensors)[0]!.products.map((p) => p.factors)).toEqual(['2.0000 · 0.2500', '3.0000 · 0.1000'])
  })
})
