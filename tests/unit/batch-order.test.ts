import { describe, expect, it } from 'vitest'
import { createBatchOrder } from '../../src-main/training/index.ts'

const deal = (clips: number, batch: number, seed: number, steps: number) => {
  const order = createBatchOrder({ clips, batch, seed })
  return Array.from({ length: steps }, (_, step) => {
    const { clip, pass } = order.at(step)
    return { clip: [...clip], pass: [...pass] }
  })
}

describe('batch order', () => {
  it('deals every clip once a pass, in full batches, across the ends of passes', () => {
    const steps = deal(10, 4, 1, 5)
    expect(steps.every((s) => s.clip.length === 4)).toBe(true)
    const all = steps.flatMap((s) => s.clip)
    expect(all.slice(0, 10).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(all.slice(10, 20).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(steps[2]!.pass).toEqual([0, 0, 1, 1])
    expect(createBatchOrder({ clips: 10, batch: 4, seed: 1 }).stepsPerEpoch).toBe(3)
  })

  it('shuffles anew each pass, the same for a seed, otherwise for another', () => {
    const passes = deal(50, 50, 3, 3).map((s) => s.clip)
    expect(passes[0]).not.toEqual(passes[1])
    expect(deal(50, 50, 3, 3).map((s) => s.clip)).toEqual(passes)
    expect(deal(50, 50, 4, 3).map((s) => s.clip)).not.toEqual(passes)
  })

  it('gives the batch of a step without the steps before it', () => {
    const far = deal(27, 8, 5, 40)
    const order = createBatchOrder({ clips: 27, batch: 8, seed: 5 })
    for (const step of [39, 0, 17, 16]) expect([...order.at(step).clip]).toEqual(far[step]!.clip)
  })

  it('makes the batch no larger than the data', () => {
    const order = createBatchOrder({ clips: 3, batch: 64, seed: 0 })
    expect(order.batch).toBe(3)
    expect(order.stepsPerEpoch).toBe(1)
  })
})
