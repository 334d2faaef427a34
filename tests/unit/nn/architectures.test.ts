import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { architectures, architectureSchema, countParameters, describeNetwork, parseArchitecture, planNetwork } from '../../../src-main/nn/index.ts'

const rows = (name: string, shape: number[], classes: number) =>
  new Map(unwrap(describeNetwork(architectures.get(name)!, shape, classes)).map((row) => [row.name, row]))

describe('architectures', () => {
  it.each([...architectures.values()])('$name is valid data and survives JSON', (architecture) => {
    expect(unwrap(parseArchitecture(JSON.parse(JSON.stringify(architecture))))).toEqual(architecture)
    expect(architectureSchema.safeParse({ ...architecture, colour: 'red' }).success).toBe(false)
  })

  it('LeNet-5 of 1998 has the sizes that the paper states', () => {
    const table = rows('lenet5-1998', [1, 32, 32], 10)
    const published = { c1: 156, s2: 12, c3: 1516, s4: 32, c5: 48_120, f6: 10_164 }
    for (const [name, parameters] of Object.entries(published)) expect(table.get(name)!.parameters, name).toBe(parameters)
    const maps = { c1: [6, 28, 28], s2: [6, 14, 14], c3: [16, 10, 10], s4: [16, 5, 5], c5: [120, 1, 1], f6: [84] }
    for (const [name, shape] of Object.entries(maps)) expect(table.get(name)!.outputShape, name).toEqual(shape)
    // "122,304 connections", biases included: 117,600 multiplications and 4,704 biases.
    expect(table.get('c1')!.macs + 6 * 28 * 28).toBe(122_304)
    // "151,600 connections" of C3.
    expect(table.get('c3')!.macs + 16 * 10 * 10).toBe(151_600)
    const trained = [...table.values()].reduce((sum, row) => sum + row.parameters, 0) - table.get('output')!.parameters
    expect(trained).toBe(architectures.get('lenet5-1998')!.publishedParameters)
    expect(table.get('output')!.parameters).toBe(850)
  })

  it('the modern LeNet-5 has the often quoted size at 28×28, and takes other sizes', () => {
    const lenet5 = architectures.get('lenet5')!
    const count = (shape: number[], classes: number) => countParameters(unwrap(planNetwork({ architecture: lenet5, inputShape: shape, classes })))
    expect(count([1, 28, 28], 10)).toBe(lenet5.publishedParameters)
    expect(count([1, 64, 64], 10)).toBe(156 + 2416 + (3136 * 120 + 120) + 10_164 + 850)
    expect(count([3, 224, 224], 35)).toBe(456 + 2416 + (16 * 54 * 54 * 120 + 120) + 10_164 + 84 * 35 + 35)
  })

  it('says which input fits, and where a small one ends', () => {
    const problem = (name: string, shape: number[], classes = 10) => {
      const result = describeNetwork(architectures.get(name)!, shape, classes)
      return result.ok ? undefined : result.error.message
    }
    expect(problem('lenet5-1998', [1, 64, 64])).toBe('lenet5-1998 is defined for an input of 1×32×32, not 1×64×64')
    expect(problem('lenet5', [1, 7, 40])).toBe('conv2: kernel 5×5 is larger than its input 3×20')
    expect(problem('lenet5', [64, 64])).toContain('channels × height × width')
    expect(problem('lenet5', [1, 64, 64], 1)).toContain('at least two classes')
  })
})
