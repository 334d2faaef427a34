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

  it.each<[name: string, input: number[], classes: number, counted: 'trained' | 'with statistics' | 'folded', published: number, unit: number]>([
    ['lenet5', [1, 28, 28], 10, 'trained', 61_706, 1],
    ['tc-resnet8', [1, 40, 101], 12, 'with statistics', 66, 1e3],
    ['tc-resnet14', [1, 40, 101], 12, 'with statistics', 137, 1e3],
    ['tc-resnet14-1.5', [1, 40, 101], 12, 'with statistics', 305, 1e3],
    ['ds-cnn-s', [1, 10, 49], 12, 'folded', 22_604, 1],
    ['ds-cnn-m', [1, 10, 49], 12, 'folded', 135_032, 1],
    ['ds-cnn-l', [1, 10, 49], 12, 'folded', 410_700, 1],
    ['bc-resnet-1', [1, 40, 101], 12, 'trained', 92, 100],
    ['bc-resnet-1.5', [1, 40, 101], 12, 'trained', 172, 100],
    ['bc-resnet-2', [1, 40, 101], 12, 'trained', 273, 100],
    ['bc-resnet-3', [1, 40, 101], 12, 'trained', 542, 100],
    ['bc-resnet-6', [1, 40, 101], 12, 'trained', 188, 1e3],
    ['bc-resnet-8', [1, 40, 101], 12, 'trained', 321, 1e3],
    ['matchboxnet-3x1x64', [1, 64, 128], 30, 'trained', 77, 1e3],
    ['crnn', [1, 40, 151], 2, 'trained', 229, 1e3],
    ['kwt-1', [1, 40, 98], 12, 'trained', 607, 1e3],
    ['kwt-2', [1, 40, 98], 12, 'trained', 2394, 1e3],
    ['kwt-3', [1, 40, 98], 12, 'trained', 5361, 1e3],
    // The paper cuts off: 558,090 is its 0.5M.
    ['m5', [1, 1, 32_000], 10, 'trained', 558_090, 1],
  ])('%s has its published size at %j and %i classes, %s', (name, inputShape, classes, counted, published, unit) => {
    const architecture = architectures.get(name)!
    const network = unwrap(planNetwork({ architecture, inputShape, classes }))
    const values = (of: readonly { shape: readonly number[] }[]) => of.reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0)
    const scales = values(network.parameters.filter((p) => p.name.endsWith('.scale')))
    const count = { trained: 0, 'with statistics': values(network.buffers), folded: -scales }[counted] + countParameters(network)
    expect(Math.round(count / unit)).toBe(published)
    if (name !== 'm5') expect(Math.round(architecture.publishedParameters! / unit)).toBe(published)
    expect(architecture.publishedInput ?? inputShape).toEqual(inputShape)
  })

  it('DS-CNN needs the memory that its paper states: 8-bit weights and the two largest neighbouring activations', () => {
    const kilobytes = ['ds-cnn-s', 'ds-cnn-m', 'ds-cnn-l'].map((name) => {
      const table = unwrap(describeNetwork(architectures.get(name)!, [1, 10, 49], 12))
      const sizes = table.filter((r) => r.type === 'conv2d').map((r) => r.outputShape.reduce((a, b) => a * b, 1))
      const neighbours = Math.max(...sizes.slice(1).map((size, i) => size + sizes[i]!))
      return Math.round((architectures.get(name)!.publishedParameters! + neighbours) / 100) / 10
    })
    expect(kilobytes).toEqual([38.6, 189.2, 497.6])
  })

  it('AlexNet has the 60 million of its paper with three channels and 1,000 classes, and its maps', () => {
    const alexnet = architectures.get('alexnet')!
    const network = unwrap(planNetwork({ architecture: { ...alexnet, input: 'any' }, inputShape: [3, 224, 224], classes: 1000 }))
    expect(countParameters(network)).toBe(60_965_224)
    const table = rows('alexnet', [1, 224, 224], 10)
    const maps = { conv1: [96, 55, 55], conv2: [256, 27, 27], conv3: [384, 13, 13], conv5: [256, 13, 13], flatten1: [9216] }
    for (const [name, shape] of Object.entries(maps)) expect(table.get(name)!.outputShape, name).toEqual(shape)
  })

  it('the small residual network stays below half a million parameters', () => {
    const network = unwrap(planNetwork({ architecture: architectures.get('resnet-small')!, inputShape: [1, 64, 64], classes: 35 }))
    expect(countParameters(network)).toBeLessThanOrEqual(500_000)
  })

  it('says which input fits, and where a small one ends', () => {
    const problem = (name: string, shape: number[], classes = 10) => {
      const result = describeNetwork(architectures.get(name)!, shape, classes)
      return result.ok ? undefined : result.error.message
    }
    expect(problem('lenet5-1998', [1, 64, 64])).toBe('lenet5-1998 is defined for an input of 1×32×32, not 1×64×64')
    expect(problem('lenet5', [1, 7, 40])).toBe('conv2: kernel 5×5 is larger than its input 3×20')
    expect(problem('bc-resnet-1', [1, 64, 64])).toBe('norm3: 32 frequencies do not divide into 5 bands')
    expect(problem('m5', [1, 64, 64])).toBe('pool3: kernel 1×4 is larger than its input 1×1')
    expect(problem('lenet5', [64, 64])).toContain('channels × height × width')
    expect(problem('lenet5', [1, 64, 64], 1)).toContain('at least two classes')
  })
})
