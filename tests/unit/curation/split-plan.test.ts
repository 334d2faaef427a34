import { describe, expect, it } from 'vitest'
import { planSplit, type SplitClip } from '../../../src-main/curation/index.ts'
import { createRandom } from '../../../src-main/kit/index.ts'

/** `speakers` × 5 labels × `takes` clips, each of a recording of its own. */
function speech(speakers: number, takes: number): SplitClip[] {
  const clips: SplitClip[] = []
  for (let s = 0; s < speakers; s++)
    for (let l = 0; l < 5; l++)
      for (let t = 0; t < takes; t++)
        clips.push({ id: clips.length, recordingId: `r${s}-${l}-${t}`, label: `l${l}`, speaker: `s${s}`, session: null })
  return clips
}

const sizes = (sides: Map<number, string>) => {
  const counts = { train: 0, validation: 0, test: 0 }
  for (const side of sides.values()) counts[side as keyof typeof counts]++
  return counts
}

describe('splits', () => {
  it('by speaker: nobody is on two sides, and the sizes are as near as whole speakers allow', () => {
    for (const speakers of [3, 6, 20, 100])
      for (const seed of [0, 1, 2]) {
        const clips = speech(speakers, 4)
        const sides = planSplit(clips, 'speaker', { test: 0.2, validation: 0.1 }, seed)
        expect(sides.size).toBe(clips.length)
        for (const [speaker, members] of Map.groupBy(clips, (c) => c.speaker))
          expect(new Set(members.map((c) => sides.get(c.id))).size, `${speaker}`).toBe(1)
        const { test, validation, train } = sizes(sides)
        expect(Math.min(test, validation, train)).toBeGreaterThan(0)
        expect(test / 20).toBe(Math.max(1, Math.round(0.2 * speakers)))
        expect(validation / 20).toBe(Math.max(1, Math.round(0.1 * speakers)))
      }
  })

  it('by recording: the fractions hold within every label', () => {
    const clips = speech(6, 10)
    const sides = planSplit(clips, 'none', { test: 0.1, validation: 0.2 }, 7)
    for (const members of Map.groupBy(clips, (c) => c.label).values()) {
      const counts = sizes(new Map(members.map((c) => [c.id, sides.get(c.id)!])))
      expect(counts).toEqual({ train: 42, validation: 12, test: 6 })
    }
  })

  it('clips of one recording stay together', () => {
    const clips = speech(4, 10).map((c, i) => ({ ...c, recordingId: `r${i >> 2}` }))
    const sides = planSplit(clips, 'none', { test: 0.3, validation: 0.2 }, 1)
    for (const members of Map.groupBy(clips, (c) => c.recordingId).values())
      expect(new Set(members.map((c) => sides.get(c.id))).size).toBe(1)
    expect(sizes(sides).test).toBeGreaterThan(0)
  })

  it('a label of three recordings is on every side, and no label is used up', () => {
    const clips = speech(3, 1)
    expect(sizes(planSplit(clips, 'none', { test: 0.1, validation: 0.1 }, 0))).toEqual({ train: 5, validation: 5, test: 5 })
    const two = clips.filter((c) => c.speaker !== 's0')
    expect(sizes(planSplit(two, 'none', { test: 0.9, validation: 0.05 }, 0))).toEqual({ train: 5, validation: 0, test: 5 })
  })

  it('depends on the seed, and not on the order or the numbers of the clips', () => {
    const clips = speech(10, 4)
    const fractions = { test: 0.2, validation: 0.2 }
    const names = (sides: Map<number, string>, list: readonly SplitClip[]) =>
      Object.fromEntries(list.map((c) => [c.recordingId, sides.get(c.id)!]).toSorted())
    for (const group of ['none', 'speaker'] as const) {
      const shuffled = createRandom(3).shuffle([...clips]).map((c, i) => ({ ...c, id: 10_000 + i }))
      const first = names(planSplit(clips, group, fractions, 5), clips)
      expect(names(planSplit(shuffled, group, fractions, 5), shuffled)).toEqual(first)
      expect(names(planSplit(clips, group, fractions, 6), clips)).not.toEqual(first)
    }
  })

  it('moves few speakers when the data grows', () => {
    const before = speech(100, 1)
    const after = speech(110, 1)
    const fractions = { test: 0.1, validation: 0.1 }
    const old = planSplit(before, 'speaker', fractions, 0)
    const grown = planSplit(after, 'speaker', fractions, 0)
    const sideOf = (sides: Map<number, string>, list: readonly SplitClip[]) =>
      new Map(list.map((c) => [c.speaker, sides.get(c.id)!]))
    const now = sideOf(grown, after)
    const moved = [...sideOf(old, before)].filter(([speaker, side]) => now.get(speaker) !== side)
    expect(moved.length).toBeLessThanOrEqual(10)
  })

  it('takes clips without a speaker by their recording', () => {
    const clips = speech(1, 20).map((c) => ({ ...c, speaker: null }))
    expect(sizes(planSplit(clips, 'speaker', { test: 0.1, validation: 0.1 }, 0))).toEqual({ train: 80, validation: 10, test: 10 })
  })
})
