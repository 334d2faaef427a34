import { describe, expect, it } from 'vitest'
import { passes, placeAxis, type ParallelAxis } from '../../../src-renderer/components/parallel-axes.ts'
import { numberScale, spreadsOverPowers } from '../../../src-renderer/components/scale.ts'

const rate: ParallelAxis = { id: 'rate', title: 'Learning rate', kind: 'number', logarithmic: true, format: (v) => v.toPrecision(1) }
const model: ParallelAxis = { id: 'model', title: 'Architecture', kind: 'words' }

describe('scales', () => {
  it('put values between 0 and 1 and back', () => {
    for (const logarithmic of [false, true]) {
      const scale = numberScale([0.001, 0.1, 0.03], { logarithmic })
      expect([scale.place(0.001), scale.place(0.1)]).toEqual([0, 1])
      for (const value of [0.001, 0.004, 0.02, 0.1]) expect(scale.value(scale.place(value))).toBeCloseTo(value, 12)
    }
    expect(numberScale([0.001, 0.1], { logarithmic: true }).place(0.01)).toBeCloseTo(0.5, 12)
  })

  it('leave a margin, and show one value in the middle', () => {
    const scale = numberScale([10, 20], { margin: 0.1 })
    expect([scale.low, scale.high]).toEqual([9, 21])
    for (const value of [0, 7, -3]) expect(numberScale([value]).place(value)).toBeCloseTo(0.5, 12)
    expect(numberScale([0.01], { logarithmic: true }).place(0.01)).toBeCloseTo(0.5, 12)
    expect(numberScale([]).low).toBe(0)
  })

  it('have ticks at round values inside', () => {
    expect(numberScale([0, 1]).ticks(5).map((t) => t.value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(numberScale([0.93, 0.99]).ticks(3).map((t) => t.value)).toEqual([0.94, 0.96, 0.98])
    expect(numberScale([0.001, 1], { logarithmic: true }).ticks(5).map((t) => t.value)).toEqual([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
    expect(numberScale([1e-8, 1], { logarithmic: true }).ticks(4).map((t) => t.value)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1])
    expect(numberScale([0.0031, 0.0039], { logarithmic: true }).ticks(4).length).toBeGreaterThanOrEqual(2)
  })

  it('are logarithmic for what spreads over powers of ten', () => {
    expect(spreadsOverPowers([0.0001, 0.03])).toBe(true)
    for (const values of [[], [1, 2, 3], [0, 1000], [-1, 1000]]) expect(spreadsOverPowers(values)).toBe(false)
  })
})

describe('axes of parallel coordinates', () => {
  it('put words at equal distances, in order, numbers among them by size', () => {
    const axis = placeAxis(model, ['m10', 'm2', null, 'm1', 'm2'])
    expect(axis.ticks).toEqual([{ text: 'm1', place: 0 }, { text: 'm2', place: 0.5 }, { text: 'm10', place: 1 }])
    expect(axis.place('m10')).toBe(1)
    expect(axis.place(null)).toBeNull()
    expect(placeAxis(model, ['one']).place('one')).toBe(0.5)
  })

  it('turn a drag into a span of values or a set of words, and back', () => {
    const numbers = placeAxis(rate, [0.001, 0.1])
    const brush = numbers.brush(1, 0.5)!
    expect('low' in brush && [brush.low, brush.high].map((v) => Number(v.toPrecision(6)))).toEqual([0.01, 0.1])
    expect(numbers.span(brush).map((v) => Number(v.toFixed(9)))).toEqual([0.5, 1])
    const words = placeAxis(model, ['a', 'b', 'c'])
    expect(words.brush(0.4, 1.02)).toEqual({ words: ['b', 'c'] })
    expect(words.brush(0.1, 0.3)).toBeNull()
    const [low, high] = words.span({ words: ['b'] })
    expect(low).toBeLessThan(0.5)
    expect(high).toBeGreaterThan(0.5)
    expect(words.say(0.9)).toBe('c')
  })

  it('let through what passes every brush', () => {
    const axes = [rate, model]
    const row = { id: '1', name: 'one', values: [0.01, 'lenet5'] }
    expect(passes(row, axes, {})).toBe(true)
    expect(passes(row, axes, { rate: { low: 0.01, high: 0.1 }, model: { words: ['lenet5', 'gru'] } })).toBe(true)
    expect(passes(row, axes, { rate: { low: 0.011, high: 0.1 } })).toBe(false)
    expect(passes(row, axes, { model: { words: ['gru'] } })).toBe(false)
    expect(passes({ ...row, values: [null, 'lenet5'] }, axes, { rate: { low: 0, high: 1 } })).toBe(false)
  })

  it('has no place for what a logarithmic axis cannot show', () => {
    expect(placeAxis(rate, [0, 0.001, 0.1]).place(0)).toBeNull()
    expect(placeAxis(rate, [0, 0.001, 0.1]).place(0.001)).toBe(0)
  })
})
