import { describe, expect, it } from 'vitest'
import { AUGMENT_POLICIES, createAugmenter, parsePolicy, specAugment, type AugmentPolicy, type FeatureShape } from '../../../src-main/augment/index.ts'
import { warpField } from '../../../src-main/augment/spline.ts'
import { drawWarp } from '../../../src-main/augment/time-warp.ts'
import { createRandom, unwrap, type Random } from '../../../src-main/kit/index.ts'

const policy = (...steps: object[]): AugmentPolicy => unwrap(parsePolicy({ version: 1, steps }))
/** Values 2 … 3, so that a zero or a marker is seen. */
const clip = (shape: FeatureShape, random: Random) => Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => 2 + random.next())

/** Rows (or columns) of one clip that are wholly 0, as [first, count]; fails where they do not touch. */
function zeroRun(length: number, isZero: (i: number) => boolean): readonly [number, number] {
  const zeros = Array.from({ length }, (_, i) => i).filter(isZero)
  if (zeros.length > 0) expect(zeros.at(-1)! - zeros[0]! + 1).toBe(zeros.length)
  return [zeros[0] ?? -1, zeros.length]
}

describe('masks', () => {
  const shape: FeatureShape = [1, 20, 30]
  const valid = [6, 24] as const

  it('frequency masks take every width 0 … F, every start, and never the padding', () => {
    const random = createRandom('frequency')
    const widths = new Map<number, number>()
    const starts = new Set<number>()
    const step = policy({ type: 'frequencyMask', width: 5, fill: 'zero' })
    for (let n = 0; n < 1500; n++) {
      const before = clip(shape, random)
      const after = specAugment(before, shape, valid, step, random)
      const [start, width] = zeroRun(20, (y) => after[y * 30 + 10] === 0)
      widths.set(width, (widths.get(width) ?? 0) + 1)
      if (width > 0) starts.add(start)
      for (let y = 0; y < 20; y++)
        for (let x = 0; x < 30; x++) {
          const masked = y >= start && y < start + width && x >= valid[0] && x < valid[1]
          if (after[y * 30 + x] !== (masked ? 0 : before[y * 30 + x])) expect.fail(`row ${y}, column ${x}`)
        }
    }
    expect([...widths.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
    for (const count of widths.values()) expect(Math.abs(count - 250)).toBeLessThan(75) // 5 standard deviations
    expect(Math.min(...starts)).toBe(0)
    expect(Math.max(...starts)).toBe(18)
  })

  it('time masks take every width 0 … min(T, p·τ) inside the valid columns', () => {
    const random = createRandom('time')
    const widths = new Set<number>()
    const step = policy({ type: 'timeMask', width: 10, maxFraction: 0.25, fill: 'zero' }) // p·τ = 4.5
    for (let n = 0; n < 1000; n++) {
      const before = clip(shape, random)
      const after = specAugment(before, shape, valid, step, random)
      const [start, width] = zeroRun(30, (x) => after[x] === 0)
      widths.add(width)
      if (width > 0) {
        expect(start).toBeGreaterThanOrEqual(valid[0])
        expect(start + width).toBeLessThanOrEqual(valid[1])
      }
      for (let y = 0; y < 20; y++)
        for (let x = 0; x < 30; x++) {
          const masked = x >= start && x < start + width
          if (after[y * 30 + x] !== (masked ? 0 : before[y * 30 + x])) expect.fail(`row ${y}, column ${x}`)
        }
    }
    expect([...widths].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
  })

  it('may cover a whole short clip, and no more', () => {
    const random = createRandom('short')
    const step = policy({ type: 'timeMask', width: 100, fill: 'zero' }, { type: 'frequencyMask', width: 100, fill: 'zero' })
    for (let n = 0; n < 200; n++) {
      const before = clip(shape, random)
      const after = specAugment(before, shape, [12, 14], step, random)
      expect(after.every((v, i) => (i % 30 >= 12 && i % 30 < 14) || v === before[i])).toBe(true)
    }
  })

  it('fill with the mean of the valid part, measured before any mask', () => {
    const random = createRandom('mean')
    const before = clip(shape, random)
    let sum = 0
    for (let y = 0; y < 20; y++) for (let x = valid[0]; x < valid[1]; x++) sum += before[y * 30 + x]!
    const mean = Math.fround(sum / (20 * 18))
    const after = specAugment(before, shape, valid, policy({ type: 'frequencyMask', width: 6, count: 3 }, { type: 'timeMask', width: 6, count: 3 }), random)
    const changed = after.filter((v, i) => v !== before[i])
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.every((v) => v === mean)).toBe(true)
  })

  it('cover every channel alike', () => {
    const wide: FeatureShape = [3, 20, 30]
    const before = clip(wide, createRandom('channels'))
    const after = specAugment(before, wide, [0, 30], policy({ type: 'frequencyMask', width: 8, fill: 'zero' }, { type: 'timeMask', width: 8, fill: 'zero' }), createRandom(3))
    const zeros = (c: number) => Array.from(after.subarray(c * 600, (c + 1) * 600), (v) => v === 0)
    expect(zeros(0).some(Boolean)).toBe(true)
    expect(zeros(1)).toEqual(zeros(0))
    expect(zeros(2)).toEqual(zeros(0))
  })
})

describe('warps', () => {
  it('draw a point in (W, τ − W) and a distance in [0, W], to both sides', () => {
    const random = createRandom('warp')
    const shifts: number[] = []
    for (let n = 0; n < 5000; n++) {
      const { moved, shift } = drawWarp(30, 5, random)!
      expect(Math.abs(shift)).toBeLessThanOrEqual(5)
      expect(moved - shift).toBeGreaterThanOrEqual(4.5)
      expect(moved - shift).toBeLessThanOrEqual(25.5)
      expect(Number.isInteger(moved)).toBe(true)
      shifts.push(shift)
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
    expect(Math.abs(mean(shifts))).toBeLessThan(0.2) // deviation of the mean: 0.04
    expect(Math.abs(mean(shifts.map(Math.abs)) - 2.5)).toBeLessThan(0.1)
    expect(Math.max(...shifts)).toBeGreaterThan(4.9)
    expect(Math.min(...shifts)).toBeLessThan(-4.9)
  })

  it('leave a clip without such a point as it is', () => {
    expect(drawWarp(10, 5, createRandom(1))).toBeNull()
    expect(drawWarp(2, 0.4, createRandom(1))).toBeNull()
    expect(drawWarp(11, 5, createRandom(1))).not.toBeNull()
  })

  it.each([[1, 9, 4], [2, 9, 7], [9, 17, 1], [64, 27, 20]])('the field of %i × %i is 1 where the point arrives and 0 at the anchors', (height, width, moved) => {
    const field = warpField(height, width, moved)
    const middle = (height - 1) / 2
    if (Number.isInteger(middle)) {
      expect(field[middle * width + moved]).toBeCloseTo(1, 6)
      expect(field[middle * width]).toBeCloseTo(0, 6)
      expect(field[(middle + 1) * width - 1]).toBeCloseTo(0, 6)
    }
    expect(field[0]).toBeCloseTo(0, 6)
    expect(field[width - 1]).toBeCloseTo(0, 6)
  })

  it('keep the corners, the range of the values and the padding', () => {
    const shape: FeatureShape = [1, 8, 40]
    const ramp = Float32Array.from({ length: 320 }, (_, i) => i % 40)
    const random = createRandom('ramp')
    let changed = 0
    for (let n = 0; n < 50; n++) {
      const after = specAugment(ramp, shape, [5, 35], policy({ type: 'timeWarp', width: 5 }), random)
      for (let x = 0; x < 40; x++) if (x <= 5 || x >= 34) expect(after[x]).toBe(x)
      expect(after.every((v, i) => v === ramp[i] || (v >= 5 && v <= 34))).toBe(true)
      if (after.some((v, i) => v !== ramp[i])) changed++
    }
    expect(changed).toBeGreaterThan(45)
  })
})

describe('batches', () => {
  const shape: FeatureShape = [1, 64, 64]
  const augment = createAugmenter(AUGMENT_POLICIES.specaugment, shape)
  const one = clip(shape, createRandom('batch'))
  const batch = new Float32Array(8 * one.length)
  for (let i = 0; i < 8; i++) batch.set(one, i * one.length)
  const spans = Array.from({ length: 8 }, () => [10, 50] as const)

  it('the same seed gives the same batch, another seed another, and the input stays', () => {
    const before = batch.slice()
    const first = augment(batch, spans, createRandom(1))
    expect(augment(batch, spans, createRandom(1))).toEqual(first)
    expect(augment(batch, spans, createRandom(2))).not.toEqual(first)
    expect(batch).toEqual(before)
    const out = new Float32Array(batch.length)
    expect(augment(batch, spans, createRandom(1), out)).toBe(out)
    expect(out).toEqual(first)
  })

  it('equal clips in a batch are augmented differently', () => {
    const out = augment(batch, spans, createRandom(1))
    const parts = Array.from({ length: 8 }, (_, i) => out.slice(i * one.length, (i + 1) * one.length).join())
    expect(new Set(parts).size).toBe(8)
  })

  it('nothing but the valid columns changes unless the clip is moved, and an empty clip not at all', () => {
    const mixed = [[0, 64], [0, 0], [63, 64], [20, 22], [0, 1], [5, 9], [10, 50], [64, 64]] as const
    for (const named of Object.values(AUGMENT_POLICIES)) {
      const out = createAugmenter(named, shape)(batch, mixed, createRandom(5))
      const moves = named.steps.some((step) => step.type === 'affine')
      out.forEach((v, i) => {
        const [start, end] = mixed[Math.floor(i / one.length)]!
        const column = i % 64
        if ((start === end || (!moves && (column < start || column >= end))) && v !== batch[i]) expect.fail(`value ${i} is padding and changed`)
        if (!Number.isFinite(v)) expect.fail(`value ${i} is ${v}`)
      })
    }
  })

  it('a step is taken with its probability', () => {
    const sometimes = createAugmenter(policy({ type: 'frequencyMask', width: 0, probability: 0.5 }, { type: 'timeMask', width: 64, fill: 'zero', probability: 0.25 }), shape)
    const random = createRandom('probability')
    let masked = 0
    for (let n = 0; n < 100; n++) {
      const out = sometimes(batch, spans.map(() => [0, 64] as const), random)
      for (let i = 0; i < 8; i++) if (out.subarray(i * one.length, i * one.length + 64).includes(0)) masked++
    }
    // 800 draws at ¼ · 64/65: 197 expected, deviation 12.
    expect(Math.abs(masked - 197)).toBeLessThan(60)
  })

  it('no policy changes nothing', () => {
    expect(createAugmenter(AUGMENT_POLICIES.none, shape)(batch, spans, createRandom(1))).toEqual(batch)
  })
})
