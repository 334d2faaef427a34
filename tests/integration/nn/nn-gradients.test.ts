import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createSession, floats, livingSessions, tensor } from '../../../src-main/runtime/index.ts'
import * as nn from '../../../src-main/nn/index.ts'
import { differences, evaluate, prepare, relativeDifference, type Evaluation } from './gradient-check.ts'
import { CASES, type OperationCase } from './operation-cases.ts'

const names = Object.keys(nn.operations) as nn.OperationName[]

describe.each(names)('%s', (name) => {
  it('is called by its name in the table and has cases', () => {
    expect(nn.operations[name].name).toBe(name)
    expect(CASES[name].length).toBeGreaterThan(0)
  })

  it.each(CASES[name].map((c) => [c.title, c] as const))('gradient of %s', async (_, c) => {
    const problem = await prepare(c, 'cpu')
    await using session = problem.session
    expect(session.device).toBe('cpu')
    const { gradients } = await evaluate(c, problem)
    for (const [i, input] of c.inputs.entries()) {
      if (input.fixed) continue
      const numeric = await differences(c, problem, i)
      expect(relativeDifference(gradients[i]!, numeric), `input ${i}`).toBeLessThan(1e-4)
    }
  })
})

/** dΣ(y·c)/dx for given values. */
async function gradientOf(
  build: (g: nn.Graph, x: nn.Tensor) => nn.Tensor,
  shape: readonly number[],
  values: readonly number[],
  cotangent: readonly number[],
): Promise<number[]> {
  const g = new nn.Graph()
  const x = nn.parameter(g, 'x', shape)
  const y = build(g, x)
  const loss = nn.sum(g, nn.mul(g, y, g.constant(cotangent, y.shape as number[])))
  g.output('dx', nn.gradients(g, loss, [x])[0]!)
  await using session = unwrap(await createSession(nn.toOnnx(g), { device: 'cpu', threads: 1 }))
  return Array.from(floats((await session.run({ x: tensor(Float32Array.from(values), shape) }))['dx']!))
}

describe('where a maximum is tied, or at a kink', () => {
  it('max pooling gives all to the first in row order', async () => {
    expect(await gradientOf((g, x) => nn.maxPool2d(g, x, 2), [1, 1, 2, 4], [1, 1, 0, 2, 1, 1, 2, 2], [3, 5])).toEqual([3, 0, 0, 5, 0, 0, 0, 0])
  })

  it('overlapping max pooling adds up what each window gives', async () => {
    const dx = await gradientOf((g, x) => nn.maxPool2d(g, x, [1, 3], { stride: [1, 1] }), [1, 1, 1, 5], [0, 7, 7, 7, 0], [1, 10, 100])
    expect(dx).toEqual([0, 11, 100, 0, 0])
  })

  it('the fused convolution and pooling does the same', async () => {
    const identity = (g: nn.Graph, x: nn.Tensor) => nn.conv2dMaxPool2x2(g, x, g.constant([1], [1, 1, 1, 1]), null)
    expect(await gradientOf(identity, [1, 1, 2, 4], [1, 1, 0, 2, 1, 1, 2, 2], [3, 5])).toEqual([3, 0, 0, 5, 0, 0, 0, 0])
  })

  it('maximum and minimum give all to the first, ReLU and the absolute value nothing at 0', async () => {
    const c = [1, 2, 3]
    expect(await gradientOf((g, x) => nn.maximum(g, x, g.constant([0, 0, 0], [3])), [3], [-1, 0, 1], c)).toEqual([0, 2, 3])
    expect(await gradientOf((g, x) => nn.maximum(g, g.constant([0, 0, 0], [3]), x), [3], [-1, 0, 1], c)).toEqual([0, 0, 3])
    expect(await gradientOf((g, x) => nn.minimum(g, x, g.constant([0, 0, 0], [3])), [3], [-1, 0, 1], c)).toEqual([1, 2, 0])
    expect(await gradientOf(nn.relu, [3], [-1, 0, 1], c)).toEqual([0, 0, 3])
    expect(await gradientOf(nn.abs, [3], [-1, 0, 1], c)).toEqual([-1, 0, 3])
  })
})

describe('gradients', () => {
  it('is zero for a tensor without a path to the loss', async () => {
    const dx = await gradientOf((g, x) => nn.add(g, g.constant([1, 2], [2]), nn.scale(g, nn.slice(g, x, [{ axis: 0, start: 0, end: 2 }]), 2)), [3], [1, 1, 1], [1, 1])
    expect(dx).toEqual([2, 2, 0])
    const g = new nn.Graph()
    const [a, b] = [nn.parameter(g, 'a', [2]), nn.parameter(g, 'b', [2, 2])]
    const [da, db] = nn.gradients(g, nn.sum(g, nn.square(g, a)), [a, b])
    g.output('da', da!)
    g.output('db', db!)
    await using session = unwrap(await createSession(nn.toOnnx(g), { device: 'cpu', threads: 1 }))
    const results = await session.run({ a: tensor(Float32Array.of(3, -1), [2]), b: tensor(new Float32Array(4), [2, 2]) })
    expect(Array.from(floats(results['da']!))).toEqual([6, -2])
    expect(Array.from(floats(results['db']!))).toEqual([0, 0, 0, 0])
  })

  it('adds up over every use of a tensor, also where a step changes nothing', async () => {
    const build = (g: nn.Graph, x: nn.Tensor) => nn.add(g, nn.mul(g, x, x), nn.add(g, nn.reshape(g, x, [2]), x))
    expect(await gradientOf(build, [2], [3, 4], [1, 10])).toEqual([8, 100])
  })
})

describe('the fused convolution and pooling equals its two parts, result and gradients', () => {
  it.each<[keyof typeof LIMITS, readonly number[], readonly number[], nn.Padding]>([
    ['conv2dMaxPool2x2', [4, 3, 13, 12], [5, 3, 4, 5], [2, 1, 0, 3]],
    ['conv2dMaxPool2x2Unfolded', [4, 3, 13, 12], [5, 3, 4, 5], [2, 1, 0, 3]],
    ['conv2dMaxPool2x2Unfolded', [17, 1, 16, 15], [6, 1, 5, 5], 2],
    ['conv2dMaxPool2x2Winograd', [4, 3, 13, 12], [5, 3, 4, 5], [2, 1, 0, 3]],
    ['conv2dMaxPool2x2Winograd', [4, 6, 32, 32], [16, 6, 5, 5], 0],
    ['conv2dMaxPool2x2Winograd', [2, 4, 20, 11], [3, 4, 5, 5], [2, 0, 1, 4]],
  ])('%s, x %j, w %j, padding %j', async (formulation, x, w, padding) => {
    const inputs = [{ shape: x }, { shape: w }, { shape: [w[0]!] }]
    const build = (pooled: (g: nn.Graph, x: nn.Tensor, w: nn.Tensor, b: nn.Tensor) => nn.Tensor): OperationCase => ({ title: 'whole', inputs, build: (g, [a, b, c]) => pooled(g, a!, b!, c!) })
    await expectEqual(
      build((g, a, b, c) => nn.maxPool2d(g, nn.conv2d(g, a, b, c, { padding }), 2)),
      build((g, a, b, c) => nn.conv2dMaxPool2x2(g, a, b, c, { padding, formulation })),
      LIMITS[formulation],
    )
  })

  it('in the formulation that the shapes ask for', () => {
    const used = (x: readonly number[], w: readonly number[], target: 'cpu' | 'webgpu' = 'cpu') => {
      const g = new nn.Graph({ target })
      g.output('y', nn.conv2dMaxPool2x2(g, g.input('x', x), g.input('w', w), null))
      return g.nodes.some((n) => n.type === 'MatMul') ? 'transformed' : g.nodes.some((n) => n.type === 'Gemm') ? 'unfolded' : 'convolution'
    }
    expect(used([32, 1, 64, 64], [6, 1, 5, 5])).toBe('unfolded')
    expect(used([32, 6, 32, 32], [16, 6, 5, 5])).toBe('transformed')
    expect(used([32, 6, 32, 32], [16, 6, 3, 3])).toBe('convolution')
    expect(used([32, 2, 32, 32], [16, 2, 5, 5])).toBe('convolution')
    expect(used([8, 6, 32, 32], [16, 6, 5, 5])).toBe('convolution')
    expect(used([32, 6, 32, 32], [16, 6, 5, 5], 'webgpu')).toBe('convolution')
  })
})

describe("a convolution by Winograd's filtering equals the plain one, result and gradients", () => {
  it.each<[readonly number[], readonly number[], number, nn.Padding]>([
    [[4, 3, 13, 12], [5, 3, 3, 3], 1, [1, 0, 2, 1]],
    [[16, 48, 13, 13], [48, 48, 3, 3], 1, 1],
    [[16, 96, 8, 8], [96, 48, 3, 3], 2, 1],
    [[2, 6, 11, 9], [4, 3, 5, 5], 2, [2, 1, 0, 3]],
    [[4, 16, 27, 27], [32, 8, 5, 5], 2, 2],
  ])('x %j, w %j, groups %j, padding %j', async (x, w, groups, padding) => {
    const inputs = [{ shape: x }, { shape: w }, { shape: [w[0]!] }]
    const build = (formulation: 'conv2d' | 'conv2dWinograd'): OperationCase => ({
      title: 'convolution',
      inputs,
      build: (g, [a, b, c]) => nn.conv2d(g, a!, b!, c!, { padding, groups, formulation }),
    })
    await expectEqual(build('conv2d'), build('conv2dWinograd'), FILTERED_LIMIT)
  })

  it('where the shapes ask for it', () => {
    const used = (x: readonly number[], w: readonly number[], options: nn.Conv2dOptions = {}, target: 'cpu' | 'webgpu' = 'cpu') => {
      const g = new nn.Graph({ target })
      nn.conv2d(g, g.input('x', x), g.input('w', w), null, options)
      return g.nodes.some((n) => n.type === 'MatMul') ? 'transformed' : 'plain'
    }
    expect(used([32, 96, 13, 13], [96, 96, 3, 3])).toBe('transformed')
    expect(used([32, 96, 13, 13], [96, 48, 5, 5], { groups: 2 })).toBe('transformed')
    expect(used([32, 96, 13, 13], [96, 96, 3, 3], { stride: 2 })).toBe('plain')
    expect(used([32, 96, 13, 13], [96, 96, 3, 3], { dilation: 2 })).toBe('plain')
    expect(used([32, 24, 13, 13], [96, 24, 3, 3])).toBe('plain')
    expect(used([8, 96, 13, 13], [96, 96, 3, 3])).toBe('plain')
    expect(used([32, 96, 13, 13], [96, 96, 3, 5])).toBe('plain')
    expect(used([32, 96, 13, 13], [96, 96, 3, 3], {}, 'webgpu')).toBe('plain')
  })
})

describe('a convolution with the batch innermost', () => {
  /** Convolution, normalisation, ReLU and the addition of a shortcut, which all go on with the batch innermost. */
  const block = (formulation: 'conv2d' | 'conv2dInnermost', stride: 1 | 2): OperationCase => ({
    title: 'block',
    inputs: [{ shape: [16, 8, 1, 21] }, { shape: [10, 8, 1, 9] }, { shape: [10, 10, 1, 9] }, { shape: [10], draw: 'positive' }, { shape: [10] }, { shape: [10, 10, 1, 1] }],
    build: (g, [x, w1, w2, gamma, beta, w3]) => {
      const first = nn.batchNormTraining(g, nn.conv2d(g, x!, w1!, null, { padding: [0, 4], stride: [1, stride], formulation }), gamma!, beta!).y
      const second = nn.batchNormTraining(g, nn.conv2d(g, nn.relu(g, first), w2!, null, { padding: [0, 4], formulation }), gamma!, beta!, 1e-5, 1).y
      const sum = nn.silu(g, nn.add(g, second, nn.conv2d(g, first, w3!, null, { formulation })))
      return nn.mean(g, nn.reshape(g, sum, [16, 2, 5, sum.shape[3]!]), [2, 3])
    },
  })

  it.each([1, 2] as const)('equals the plain one in a block, result and gradients, stride %i', (stride) => expectEqual(block('conv2d', stride), block('conv2dInnermost', stride), 2e-6))

  it('where the shapes ask for it', () => {
    const used = (x: readonly number[], w: readonly number[], options: nn.Conv2dOptions = {}, target: 'cpu' | 'webgpu' = 'cpu') => {
      const g = new nn.Graph({ target })
      nn.conv2d(g, g.input('x', x), g.input('w', w), null, options)
      return g.nodes.some((n) => n.type === 'Transpose') ? 'innermost' : 'plain'
    }
    expect(used([32, 24, 1, 51], [24, 24, 1, 9])).toBe('innermost')
    expect(used([32, 24, 1, 51], [24, 24, 1, 9], { stride: [1, 2] })).toBe('innermost')
    expect(used([32, 24, 1, 51], [24, 24, 1, 9], { stride: [1, 3] })).toBe('plain')
    expect(used([32, 24, 1, 51], [24, 1, 1, 9], { groups: 24 })).toBe('plain')
    expect(used([32, 24, 1, 51], [24, 24, 1, 1])).toBe('plain')
    expect(used([8, 24, 1, 51], [24, 24, 1, 9])).toBe('plain')
    expect(used([32, 1, 1, 51], [24, 1, 1, 9])).toBe('plain')
    expect(used([32, 24, 8, 51], [24, 24, 1, 9])).toBe('plain')
    expect(used([32, 24, 1, 51], [24, 24, 1, 9], {}, 'webgpu')).toBe('plain')
  })
})

async function expectEqual(expected: OperationCase, actual: OperationCase, limit: number): Promise<void> {
  const evaluated: Evaluation[] = []
  for (const c of [expected, actual]) {
    const problem = await prepare(c, 'cpu')
    evaluated.push(await evaluate(c, problem))
    await problem.session[Symbol.asyncDispose]()
  }
  const [first, second] = evaluated
  expect(relativeDifference(second!.outputs[0]!, first!.outputs[0]!)).toBeLessThan(limit)
  for (const i of expected.inputs.keys()) expect(relativeDifference(second!.gradients[i]!, first!.gradients[i]!), `input ${i}`).toBeLessThan(limit)
}

/** Up to seven points along each axis round more than the pooled form's four; a gradient may differ by 10⁻⁴. */
const FILTERED_LIMIT = 2e-5

/** Largest difference relative to the size; the transforms of Winograd's filtering lose a few bits more. */
const LIMITS = { conv2dMaxPool2x2: 1e-6, conv2dMaxPool2x2Unfolded: 1e-6, conv2dMaxPool2x2Winograd: 2e-6 } as const

it('leaves no session behind', () => {
  expect(livingSessions()).toBe(0)
})
