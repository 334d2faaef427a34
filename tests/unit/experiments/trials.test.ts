import { describe, expect, it } from 'vitest'
import { chooseBest, conditionsOf, makeTrials, rungEpochs, rungSizes, survivorsOf, trialSettings, type Axis, type Design, type Score } from '../../../src-main/experiments/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const options = (field: Axis['field'], ...values: (string | number | object)[]): Axis => ({ field, options: values.map((value, i) => ({ name: `o${i}`, value: value as never })) })
const rate: Axis = { field: 'rate', low: 1e-4, high: 1e-1, logarithmic: true, points: 4 }
const batch: Axis = { field: 'batch', low: 8, high: 64, logarithmic: false, points: 3 }
const base = { seed: 5 }

describe('trials', () => {
  it('of an experiment are every combination with every seed once', () => {
    const trials = unwrap(makeTrials({ base, axes: [options('augment', 'a', 'b'), options('optimizer', {}, {}, {})], method: { type: 'factorial', seeds: [1, 2, 2] } }))
    expect(trials).toHaveLength(12)
    expect(new Set(trials.map((t) => `${t.values.join()} ${t.seed}`)).size).toBe(12)
    expect(conditionsOf({ trials }).map((c) => c.trials)).toEqual([[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]])
  })

  it('of a grid stand at equal ratios or equal differences, whole where the setting is', () => {
    const trials = unwrap(makeTrials({ base, axes: [rate, batch], method: { type: 'grid' } }))
    expect([...new Set(trials.map((t) => t.values[0]))]).toEqual([0.0001, 0.001, 0.01, 0.1])
    expect([...new Set(trials.map((t) => t.values[1]))]).toEqual([8, 36, 64])
    expect(trials.every((t) => t.seed === 5)).toBe(true)
  })

  it('at random are the same for a seed, all different, within their ranges, and spread over each power of ten', () => {
    const search = (seed: number) => unwrap(makeTrials({ base, axes: [rate, options('augment', 'a', 'b')], method: { type: 'random', trials: 300, seed } }))
    expect(search(1)).toEqual(search(1))
    expect(search(1)).not.toEqual(search(2))
    const rates = search(1).map((t) => t.values[0]!)
    expect(rates.every((r) => r >= 1e-4 && r <= 1e-1)).toBe(true)
    expect(new Set(search(1).map((t) => t.values.join())).size).toBe(300)
    for (const power of [1e-4, 1e-3, 1e-2]) {
      const part = rates.filter((r) => r >= power && r < 10 * power).length / 300
      expect(Math.abs(part - 1 / 3)).toBeLessThan(0.1)
    }
  })

  it('are fewer where there are no more different ones', () => {
    expect(unwrap(makeTrials({ base, axes: [options('augment', 'a', 'b')], method: { type: 'random', trials: 20, seed: 0 } }))).toHaveLength(2)
  })

  it('are refused where a setting is varied twice, halving is to vary epochs, or there are too many', () => {
    expect(makeTrials({ base, axes: [rate, rate], method: { type: 'grid' } })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(makeTrials({ base, axes: [options('epochs', 1, 2)], method: { type: 'halving', trials: 4, seed: 0, factor: 2, fewestEpochs: 1 } })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(makeTrials({ base, axes: [{ ...rate, points: 20 }, { ...batch, points: 20 }], method: { type: 'factorial', seeds: [1, 2] } })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  })
})

describe('the settings of a trial', () => {
  const whole = {
    architecture: { layers: [{ type: 'dropout', rate: 0.1 }] }, frontEnd: 'shared', schedule: { type: 'oneCycle', rate: 0.003 }, optimizer: { type: 'adamw' }, loss: { type: 'crossEntropy' }, seed: 0,
  }
  const of = (axes: readonly Axis[], values: number[]) => trialSettings(whole, axes, { values, seed: 9 })

  it('change along each axis, and take the trial’s seed', () => {
    expect(of([rate, options('labelSmoothing', 0, 0.1)], [0.02, 1])).toEqual({ ...whole, schedule: { type: 'oneCycle', rate: 0.02 }, loss: { type: 'crossEntropy', labelSmoothing: 0.1 }, seed: 9 })
  })

  it('take an architecture’s own front end, but one that is varied itself before it', () => {
    const architectures = options('architecture', { architecture: 'A', frontEnd: 'of A' }, { architecture: 'B', frontEnd: null })
    expect(of([architectures], [0])).toMatchObject({ architecture: 'A', frontEnd: 'of A' })
    expect(of([architectures], [1])).toMatchObject({ architecture: 'B', frontEnd: 'shared' })
    expect(of([options('frontEnd', 'X'), architectures], [0, 0])).toMatchObject({ architecture: 'A', frontEnd: 'X' })
  })

  it('give an optimiser its usual rate, unless the rate is varied', () => {
    const optimizers = options('optimizer', { optimizer: { type: 'sgd' }, rate: 0.05 })
    expect(of([optimizers], [0])).toMatchObject({ optimizer: { type: 'sgd' }, schedule: { rate: 0.05 } })
    expect(of([rate, optimizers], [0.01, 0])).toMatchObject({ optimizer: { type: 'sgd' }, schedule: { rate: 0.01 } })
  })

  it('set dropout in the architecture that was chosen', () => {
    const architectures = options('architecture', { architecture: { layers: [{ type: 'dropout', rate: 0.5 }, { type: 'residual', layers: [{ type: 'dropout', rate: 0.5 }] }] }, frontEnd: null })
    expect(of([options('dropout', 0.2), architectures], [0, 0])['architecture']).toEqual({ layers: [{ type: 'dropout', rate: 0.2 }, { type: 'residual', layers: [{ type: 'dropout', rate: 0.2 }] }] })
  })
})

describe('successive halving', () => {
  it('lets one of `factor` go on to `factor` times the epochs, to the most', () => {
    expect(rungEpochs(1, 3, 27)).toEqual([1, 3, 9, 27])
    expect(rungSizes(27, 3, 4)).toEqual([27, 9, 3, 1])
    expect(rungEpochs(2, 2, 10)).toEqual([2, 4, 8, 10])
    expect(rungEpochs(20, 3, 10)).toEqual([10])
    expect(survivorsOf(2, 3)).toBe(1)
  })
})

describe('the choice', () => {
  const score = (accuracy: number, loss: number): Score => ({ epochs: 3, chosenEpoch: 3, validation: { accuracy, macroF1: accuracy, loss }, secondsPerEpoch: 1, parameters: 10 })
  const design = { measure: 'accuracy', trials: [0, 0, 1, 1].map((value, i) => ({ values: [value], seed: i % 2 })) } as unknown as Design

  it('is the condition of the best mean, and its best run', () => {
    expect(chooseBest(design, [score(0.9, 1), score(0.5, 1), score(0.8, 1), score(0.82, 1)])).toEqual({ condition: 1, trial: 3 })
  })
  it('goes by the loss where accuracies are equal, and leaves out what failed', () => {
    expect(chooseBest(design, [score(0.8, 0.5), score(0.8, 0.4), score(0.8, 0.3), null])).toEqual({ condition: 1, trial: 2 })
    expect(chooseBest(design, [score(0.8, 0.5), score(0.8, 0.4), null, null])).toEqual({ condition: 0, trial: 1 })
    expect(chooseBest(design, [null, null, null, null])).toBeNull()
  })
  it('by the loss takes the lowest', () => {
    expect(chooseBest({ ...design, measure: 'loss' }, [score(0.9, 0.5), score(0.9, 0.6), score(0.1, 0.2), score(0.1, 0.3)])).toEqual({ condition: 1, trial: 2 })
  })
})
