import { describe, expect, it } from 'vitest'
import { parsePolicy, specAugment, type AugmentPolicy } from '../../../src-main/augment/index.ts'
import { affineSpan, applyAffine, drawAffine, type Affine } from '../../../src-main/augment/affine.ts'
import { equalise, raiseFloor } from '../../../src-main/augment/spectrum.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'

const still: Affine = { shift: 0, stretch: 1, frequencyScale: 1 }
const policy = (...steps: object[]): AugmentPolicy => unwrap(parsePolicy({ version: 1, steps }))

/** One channel of 2 × 6: signal in columns 2 and 3. */
const picture = () => Float32Array.from([-1, -1, 4, 6, -1, -1, -1, -1, 2, 8, -1, -1])

describe('affine', () => {
  const moved = (affine: Partial<Affine>) => {
    const image = picture()
    applyAffine(image, 2, 6, [2, 4], { ...still, ...affine })
    return [...image]
  }

  it('leaves a clip alone that neither moves nor scales', () => {
    expect(moved({})).toEqual([...picture()])
  })

  it('shifts whole frames without blurring; silence comes in', () => {
    expect(moved({ shift: 1 })).toEqual([-1, -1, -1, 4, 6, -1, -1, -1, -1, 2, 8, -1])
    expect(moved({ shift: -3 })).toEqual([6, -1, -1, -1, -1, -1, 8, -1, -1, -1, -1, -1])
    expect(moved({ shift: 9 })).toEqual(Array.from({ length: 12 }, () => -1))
  })

  it('stretches about the middle of the signal, linearly', () => {
    // Columns 0 … 5 look at 1.25, 1.75, 2.25, 2.75, 3.25, 3.75.
    expect(moved({ stretch: 2 }).slice(0, 6)).toEqual([0.25, 2.75, 4.5, 5.5, 4.25, 0.75])
  })

  it('scales the bins from the lowest; the highest is repeated', () => {
    const column = Float32Array.from([0, 10, 20, 30])
    applyAffine(column, 4, 1, [0, 1], { ...still, frequencyScale: 2 })
    expect([...column]).toEqual([0, 5, 10, 15])
    const shrunk = Float32Array.from([0, 10, 20, 30])
    applyAffine(shrunk, 4, 1, [0, 1], { ...still, frequencyScale: 0.5 })
    expect([...shrunk]).toEqual([0, 20, 30, 30])
  })

  it('moves every channel alike, with the silence of its own', () => {
    const two = Float32Array.from([-1, 5, -1, 0, 7, 0])
    applyAffine(two, 1, 3, [1, 2], { ...still, shift: 1 })
    expect([...two]).toEqual([-1, -1, 5, 0, 0, 7])
  })

  it('computes the same where silence surrounds the sound and where it does not', () => {
    const random = createRandom(3)
    const naive = (image: Float32Array, height: number, width: number, affine: Affine) => {
      const silence = Math.min(...image)
      const value = (y: number, x: number) => (x < 0 || x >= width ? silence : image[y * width + x]!)
      return image.map((_, i) => {
        const from = Math.min(height - 1, Math.floor(i / width) / affine.frequencyScale)
        const y = Math.floor(from)
        const blend = (x: number) => value(y, x) + (value(Math.min(height - 1, y + 1), x) - value(y, x)) * (from - y)
        const x = ((i % width) - affine.shift - 9.5) / affine.stretch + 9.5
        const left = Math.floor(x)
        return blend(left) + (blend(left + 1) - blend(left)) * (x - left)
      })
    }
    for (const sounding of [[0, 20], [7, 13], [0, 3], [19, 20]] as const) {
      const image = Float32Array.from({ length: 8 * 20 }, (_, i) => (i % 20 >= sounding[0] && i % 20 < sounding[1] ? random.next() : -1))
      image[sounding[0]] = -1
      for (const affine of [still, { shift: 3, stretch: 1.3, frequencyScale: 0.9 }, { shift: -8, stretch: 0.7, frequencyScale: 1.2 }]) {
        const moved = image.slice()
        applyAffine(moved, 8, 20, [5, 15], affine)
        const expected = naive(image, 8, 20, affine)
        moved.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5))
      }
    }
  })

  it('leaves silence silent', () => {
    const silent = new Float32Array(12).fill(-3)
    applyAffine(silent, 2, 6, [2, 4], { shift: 1, stretch: 1.5, frequencyScale: 1.1 })
    expect([...silent]).toEqual(Array.from({ length: 12 }, () => -3))
  })

  it('moves the span of the signal along', () => {
    expect(affineSpan([2, 4], 6, { ...still, shift: 1 })).toEqual([3, 5])
    expect(affineSpan([2, 4], 6, { ...still, shift: -3 })).toEqual([0, 1])
    expect(affineSpan([2, 4], 6, { ...still, stretch: 2 })).toEqual([1, 5])
    expect(affineSpan([2, 4], 6, { ...still, shift: 50 })).toEqual([5, 6])
  })

  it('draws within its ranges, both ways, whole frames where nothing is stretched', () => {
    const random = createRandom(1)
    const drawn = Array.from({ length: 500 }, () => drawAffine({ shift: 4, stretch: 1.2, frequencyScale: 1.1 }, random))
    for (const { shift, stretch, frequencyScale } of drawn) {
      expect(Math.abs(shift)).toBeLessThanOrEqual(4)
      expect(stretch).toBeGreaterThanOrEqual(1 / 1.2)
      expect(stretch).toBeLessThanOrEqual(1.2)
      expect(frequencyScale).toBeGreaterThanOrEqual(1 / 1.1)
      expect(frequencyScale).toBeLessThanOrEqual(1.1)
    }
    const longer = drawn.filter((d) => d.stretch > 1).length
    expect(longer).toBeGreaterThan(200)
    expect(longer).toBeLessThan(300)
    const whole = drawAffine({ shift: 4, stretch: 1, frequencyScale: 1 }, random)
    expect(Number.isInteger(whole.shift)).toBe(true)
    expect(whole.stretch).toBe(1)
  })
})

describe('levels', () => {
  it('equalise adds one smooth curve to every column', () => {
    const image = new Float32Array(11 * 3)
    equalise(image, 11, 3, 2, createRandom(5))
    const curve = Array.from({ length: 11 }, (_, y) => image[3 * y]!)
    for (let y = 0; y < 11; y++) expect([...image.subarray(3 * y, 3 * y + 3)]).toEqual([curve[y], curve[y], curve[y]])
    for (let y = 1; y < 11; y += 2) expect(curve[y]).toBeCloseTo((curve[y - 1]! + curve[y + 1]!) / 2, 5) // straight between six knots
    expect(new Set(curve).size).toBe(11)
  })

  it('a noise floor covers what is softer and nothing else', () => {
    const image = picture()
    raiseFloor(image, 3)
    expect([...image]).toEqual([3, 3, 4, 6, 3, 3, 3, 3, 3, 8, 3, 3])
  })
})

describe('policies with these steps', () => {
  it('mask where the clip has moved to', () => {
    const steps = policy({ type: 'affine', shift: 2 }, { type: 'timeMask', width: 2, count: 30, fill: 'zero' })
    for (let seed = 0; seed < 30; seed++) {
      const out = specAugment(picture(), [1, 2, 6], [2, 4], steps, createRandom(seed))
      for (const v of out) expect([-1, 0, 2, 4, 6, 8]).toContain(v)
      expect(out.filter((v) => v === -1).length).toBeGreaterThanOrEqual(8) // padding is never masked
    }
  })

  it('change nothing at their neutral settings', () => {
    const steps = policy({ type: 'affine' }, { type: 'equalise', deviation: 0 }, { type: 'noiseFloor', low: -5, high: -5 })
    expect([...specAugment(picture(), [1, 2, 6], [2, 4], steps, createRandom(0))]).toEqual([...picture()])
  })
})
