import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src-main/kit/index.ts'
import { dealFolds } from '../../../src-main/runs/index.ts'
import { chooseClips, entropyOf, marginOf } from '../../../src-main/training/index.ts'

describe('folds', () => {
  const random = createRandom('folds')
  const clips = Array.from({ length: 600 }, (_, i) => ({ label: ['no', 'yes', 'rare'][i % 30 === 0 ? 2 : i % 2]!, group: `g${random.int(90)}` }))

  it('keep a group together and hold about as many clips of each label', () => {
    const fold = dealFolds(clips, 5, 1)
    const of = new Map<string, number>()
    clips.forEach((c, i) => expect(of.set(c.group, of.get(c.group) ?? fold[i]!).get(c.group)).toBe(fold[i]))
    for (let f = 0; f < 5; f++) {
      const inside = clips.filter((_, i) => fold[i] === f)
      expect(inside.length).toBeGreaterThan(100)
      expect(inside.length).toBeLessThan(140)
      for (const label of ['no', 'yes', 'rare']) expect(inside.some((c) => c.label === label)).toBe(true)
    }
  })

  it('are the same for a seed, and others for another', () => {
    expect(dealFolds(clips, 5, 1)).toEqual(dealFolds(clips, 5, 1))
    expect(dealFolds(clips, 5, 2)).not.toEqual(dealFolds(clips, 5, 1))
    const single = clips.map((c, i) => ({ ...c, group: String(i) }))
    const sizes = [0, 1, 2].map((f) => dealFolds(single, 3, 0).filter((x) => x === f).length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(4)
  })
})

describe('the choice of clips to label', () => {
  // Three clips in doubt of the same kind, one in doubt of another, and many sure ones.
  const probabilities = Float32Array.from([0.5, 0.49, 0.01, 0.5, 0.49, 0.01, 0.5, 0.49, 0.01, 0.01, 0.5, 0.49, ...Array.from({ length: 20 }, () => [0.98, 0.01, 0.01]).flat()])
  const embeddings = Float32Array.from([3, 0, 3, 0.01, 3, 0.02, 0, 3, ...Array.from({ length: 20 }, () => [1, 1]).flat()])
  const request = { probabilities, embeddings, classes: 3, seed: 1 }

  it('by doubt alone takes the most doubtful, by hand', () => {
    expect(entropyOf(Float32Array.of(1 / 3, 1 / 3, 1 / 3), 0, 3)).toBeCloseTo(1, 6)
    expect(entropyOf(Float32Array.of(1, 0, 0), 0, 3)).toBe(0)
    expect(marginOf(Float32Array.of(0.2, 0.7, 0.1), 0, 3)).toBeCloseTo(0.5, 6)
    expect(chooseClips({ ...request, count: 4, method: 'entropy' }).toSorted()).toEqual([0, 1, 2, 3])
    expect(chooseClips({ ...request, count: 4, method: 'margin' }).toSorted()).toEqual([0, 1, 2, 3])
  })

  it('by gradients takes doubts of different kinds, each clip once, the same for a seed', () => {
    for (let seed = 0; seed < 50; seed++) {
      // One of the three that say the same, the one that says something else, and one of the sure ones, which are all alike.
      const three = chooseClips({ ...request, seed, count: 3, method: 'badge' })
      expect(three.filter((place) => place < 3), `seed ${seed}`).toHaveLength(1)
      expect(three, `seed ${seed}`).toContain(3)
      expect(three.filter((place) => place > 3), `seed ${seed}`).toHaveLength(1)
    }
    const all = chooseClips({ ...request, count: 99, method: 'badge' })
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i))
    expect(chooseClips({ ...request, count: 10, method: 'badge' })).toEqual(chooseClips({ ...request, count: 10, method: 'badge' }))
  })
})
