import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import {
  architectures,
  fillDropoutMask,
  initialiseNetwork,
  initialiserNames,
  learningRate,
  loadParameters,
  networkState,
  planNetwork,
  scheduleSchema,
  type Architecture,
  type InitialiserSpec,
  type LayerSpec,
  type NamedValues,
  type ScheduleSpec,
} from '../../../src-main/nn/index.ts'

const plan = (layers: LayerSpec[], inputShape = [10, 8, 5], more: Partial<Architecture> = {}) =>
  unwrap(planNetwork({ architecture: { name: 'test', title: 'Test', input: 'any', layers, ...more }, inputShape, classes: 4 }))

const deviation = (values: Float32Array) => Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length)

describe('initialisers', () => {
  // 400 inputs, 300 outputs: 120,000 values, so the sample deviation is within 1 % of the rule's.
  const weights = (initialiser: InitialiserSpec) =>
    initialiseNetwork(plan([{ type: 'flatten' }, { type: 'linear', units: 300, initialiser }, { type: 'linear', units: 'classes' }]), 3).get('linear1.weight')!

  it.each([
    ['glorotUniform', Math.sqrt(2 / 700), Math.sqrt(6 / 700)],
    ['glorotNormal', Math.sqrt(2 / 700), Infinity],
    ['heUniform', Math.sqrt(2 / 400), Math.sqrt(6 / 400)],
    ['heNormal', Math.sqrt(2 / 400), Infinity],
    ['lecunUniform', Math.sqrt(1 / 400), Math.sqrt(3 / 400)],
    ['lecunNormal', Math.sqrt(1 / 400), Infinity],
    ['zeros', 0, 0],
    ['ones', 1, 1],
  ] as const)('%s', (name, expected, bound) => {
    expect(initialiserNames).toContain(name)
    const values = weights(name)
    expect(Math.abs(deviation(values) - expected)).toBeLessThanOrEqual(0.01 * expected)
    expect(values.every((v) => Math.abs(v) <= bound + 1e-7)).toBe(true)
  })

  it('uniform and constant with their own numbers', () => {
    const values = weights({ type: 'uniform', limit: 0.2 })
    expect(Math.max(...values)).toBeLessThan(0.2)
    expect(Math.max(...values)).toBeGreaterThan(0.199)
    expect(new Set(weights({ type: 'constant', value: 0.5 }))).toEqual(new Set([0.5]))
  })

  it('the default follows from the activation behind the layer, across pools, norms and blocks', () => {
    const network = plan([
      { type: 'conv2d', filters: 4, kernel: 3, padding: 1 },
      { type: 'batchNorm' },
      { type: 'maxPool', kernel: 2 },
      { type: 'relu' },
      { type: 'residual', body: [{ type: 'conv2d', filters: 4, kernel: 3, padding: 1 }] },
      { type: 'tanh' },
      { type: 'flatten' },
      { type: 'linear', units: 5 },
      { type: 'dropout', rate: 0.5 },
      { type: 'sigmoid' },
      { type: 'linear', units: 'classes' },
    ])
    const rules = Object.fromEntries(network.parameters.filter((p) => p.name.endsWith('weight')).map((p) => [p.name, p.initialiser]))
    expect(rules).toEqual({
      'conv1.weight': 'heUniform',
      'block1.conv1.weight': 'lecunUniform',
      'linear1.weight': 'glorotUniform',
      'linear2.weight': 'lecunUniform',
    })
    const forced = plan([{ type: 'flatten' }, { type: 'linear', units: 'classes' }], [1, 2, 2], { initialiser: 'glorotNormal' })
    expect(forced.parameters[0]!.initialiser).toBe('glorotNormal')
  })

  it('a seed gives the same values, another seed others, and a further layer changes no other', () => {
    const lenet = unwrap(planNetwork({ architecture: architectures.get('lenet5')!, inputShape: [1, 28, 28], classes: 10 }))
    expect(initialiseNetwork(lenet, 5)).toEqual(initialiseNetwork(lenet, 5))
    expect(initialiseNetwork(lenet, 5).get('conv1.weight')).not.toEqual(initialiseNetwork(lenet, 6).get('conv1.weight'))
    const short = plan([{ type: 'flatten' }, { type: 'linear', units: 'classes' }])
    const longer = plan([{ type: 'batchNorm' }, { type: 'flatten' }, { type: 'linear', units: 'classes' }])
    expect(initialiseNetwork(longer, 1).get('linear1.weight')).toEqual(initialiseNetwork(short, 1).get('linear1.weight'))
  })

  it("an LSTM's forget gate starts open", () => {
    const values = initialiseNetwork(plan([{ type: 'lstm', units: 2 }, { type: 'linear', units: 'classes' }]), 0)
    expect([...values.get('lstm1.inputBias')!]).toEqual([0, 0, 1, 1, 0, 0, 0, 0])
  })
})

describe('dropout masks', () => {
  it('hold zeros at the rate and otherwise what keeps the mean', () => {
    const mask = new Float32Array(20_000)
    fillDropoutMask(mask, 0.25, createRandom(1))
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(4 / 3)]))
    expect(mask.reduce((a, b) => a + b, 0) / mask.length).toBeCloseTo(1, 1)
  })
})

describe('learning rate', () => {
  const rates = (schedule: ScheduleSpec, steps: number) => Array.from({ length: steps }, (_, step) => learningRate(schedule, step, steps))

  it('constant, with warm-up counted in steps or as a fraction', () => {
    expect(rates({ type: 'constant', rate: 0.1 }, 3)).toEqual([0.1, 0.1, 0.1])
    const warm = rates({ type: 'constant', rate: 1, warmup: 4 }, 6)
    expect(warm).toEqual([0.25, 0.5, 0.75, 1, 1, 1])
    expect(rates({ type: 'constant', rate: 1, warmup: 0.5 }, 8)).toEqual(rates({ type: 'constant', rate: 1, warmup: 4 }, 8))
  })

  it('step', () => {
    expect(rates({ type: 'step', rate: 1, factor: 0.5, milestones: [0.5, 0.75] }, 4)).toEqual([1, 1, 0.5, 0.25])
  })

  it('cosine from the rate to the final rate', () => {
    const values = rates({ type: 'cosine', rate: 1, finalRate: 0.2 }, 101)
    expect(values[0]).toBe(1)
    expect(values[50]).toBeCloseTo(0.6, 10)
    expect(values[25]).toBeCloseTo(0.2 + 0.4 * (1 + Math.SQRT1_2), 10)
    expect(values[100]).toBeCloseTo(0.2, 10)
    expect(learningRate({ type: 'cosine', rate: 1 }, 500, 101)).toBeCloseTo(0, 10)
  })

  it('one cycle', () => {
    const values = rates({ type: 'oneCycle', rate: 1, rise: 0.25 }, 101)
    expect(values[0]).toBeCloseTo(1 / 25, 10)
    expect(Math.max(...values)).toBe(values[25])
    expect(values[25]).toBe(1)
    expect(values[100]).toBeCloseTo(1 / 25 / 1e4, 10)
    for (let i = 1; i <= 25; i++) expect(values[i]!).toBeGreaterThan(values[i - 1]!)
    for (let i = 26; i <= 100; i++) expect(values[i]!).toBeLessThan(values[i - 1]!)
  })

  it.each([1, 2, 3, 7])('is positive and finite for a run of %i steps', (steps) => {
    const schedules: ScheduleSpec[] = [
      { type: 'constant', rate: 1, warmup: 10 },
      { type: 'cosine', rate: 1, finalRate: 0.1, warmup: 0.3 },
      { type: 'oneCycle', rate: 1 },
      { type: 'step', rate: 1, factor: 0.1, milestones: [0.5] },
    ]
    for (const schedule of schedules) for (const rate of rates(schedule, steps)) expect(rate > 0 && rate <= 1, schedule.type).toBe(true)
  })

  it('refuses settings that have no meaning', () => {
    for (const bad of [{ type: 'constant', rate: 0 }, { type: 'step', rate: 1, factor: 2, milestones: [0.5] }, { type: 'oneCycle', rate: 1, rise: 1 }, { type: 'cosine', rate: 1, speed: 2 }])
      expect(scheduleSchema.safeParse(bad).success).toBe(false)
  })
})

describe('loading parameters', () => {
  const network = plan([{ type: 'batchNorm' }, { type: 'flatten' }, { type: 'linear', units: 'classes' }], [2, 3, 1])
  const complete = (): Map<string, NamedValues> =>
    new Map(networkState(network).map((s) => [s.name, { shape: s.shape, values: new Float32Array(s.shape.reduce((a, b) => a * b, 1)) }]))

  it('takes exactly what the network has', () => {
    const loaded = unwrap(loadParameters(network, complete()))
    expect([...loaded.keys()]).toEqual(['norm1.scale', 'norm1.shift', 'linear1.weight', 'linear1.bias', 'norm1.runningMean', 'norm1.runningVariance'])
  })

  it('names what is missing, mis-shaped and left over, by path', () => {
    const given = complete()
    given.delete('norm1.runningMean')
    given.set('linear1.weight', { shape: [4, 6], values: new Float32Array(24) })
    given.set('linear1.bias', { shape: [4], values: new Float32Array(3) })
    given.set('conv9.weight', { shape: [1], values: new Float32Array(1) })
    const result = loadParameters(network, given)
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error.code).toBe('INVALID')
    for (const part of [
      'norm1.runningMean is missing',
      'linear1.weight is 4×6, the network needs 6×4',
      'linear1.bias holds 3 values for 4',
      'conv9.weight is not part of the network',
    ])
      expect(result.error.message).toContain(part)
  })
})
