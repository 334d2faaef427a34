import { hash } from 'node:crypto'
import type { Split } from '../catalog/index.ts'

/**
 * Divides clips into train, validation and test. Pure: what comes out depends only on the clips, the fractions
 * and the seed, not on the order of the clips nor on their numbers in one library.
 *
 * The smallest thing that moves is a *unit*: a speaker's clips when splitting by speaker, else the clips of one
 * recording. So no unit is ever on two sides.
 */
export interface SplitClip {
  readonly id: number
  readonly recordingId: string
  readonly label: string | null
  readonly speaker: string | null
  readonly session: string | null
}

export type SplitGroup = 'none' | 'speaker' | 'session'

export interface Fractions {
  /** Of all given clips, 0 to 1. */
  readonly test: number
  readonly validation: number
}

interface Unit {
  readonly key: string
  readonly clips: readonly SplitClip[]
  /** Uniform in [0, 1) by hash: the unit's fixed place in the order for a seed. */
  readonly rank: number
}

/**
 * A hash of the unit's name and the seed, as in Speech Commands' `which_set`. There the hash alone decides,
 * which with six speakers may well leave the test set empty. Here it orders the units, and each side takes
 * them in this order until it is as near its fraction as whole units allow. When the data grows the order
 * stays, and only units at the borders move.
 */
function rankOf(key: string, seed: number): number {
  return hash('sha256', `${seed}\0${key}`, 'buffer').readUInt32BE(0) / 2 ** 32
}

const groupOf = (clip: SplitClip, group: SplitGroup): string =>
  (group === 'none' ? null : clip[group]) ?? `recording ${clip.recordingId}`

function unitsOf(clips: readonly SplitClip[], group: SplitGroup, seed: number): Unit[] {
  const byKey = Map.groupBy(clips, (clip) => groupOf(clip, group))
  return [...byKey]
    .map(([key, members]) => ({ key, clips: members, rank: rankOf(key, seed) }))
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
}

export function planSplit(clips: readonly SplitClip[], group: SplitGroup, fractions: Fractions, seed: number): Map<number, Split> {
  const units = unitsOf(clips, group, seed)
  return group === 'none' ? planStratified(units, fractions) : planByGroup(units, fractions)
}

/** Whole groups; at least one for each side that is wanted, and one left for training. */
function planByGroup(units: readonly Unit[], fractions: Fractions): Map<number, Split> {
  const result = new Map<number, Split>()
  const total = units.reduce((sum, unit) => sum + unit.clips.length, 0)
  let next = 0
  for (const split of ['test', 'validation'] as const) {
    const wanted = fractions[split] * total
    if (wanted === 0) continue
    const mustRemain = split === 'test' && fractions.validation > 0 ? 2 : 1
    let taken = 0
    for (; next < units.length - mustRemain; next++) {
      const unit = units[next]!
      // Another one only where that brings the side nearer to its fraction.
      if (taken > 0 && Math.abs(taken + unit.clips.length - wanted) >= Math.abs(taken - wanted)) break
      assign(result, unit, split)
      taken += unit.clips.length
    }
  }
  for (const unit of units.slice(next)) assign(result, unit, 'train')
  return result
}

/** The fractions hold within each label, and a label of three recordings or more is on each wanted side. */
function planStratified(units: readonly Unit[], fractions: Fractions): Map<number, Split> {
  const result = new Map<number, Split>()
  for (const stratum of Map.groupBy(units, labelOf).values()) {
    const share = (fraction: number) =>
      fraction > 0 ? Math.max(stratum.length >= 3 ? 1 : 0, Math.round(fraction * stratum.length)) : 0
    // Rounding may not use up a small label: training keeps one.
    const test = Math.min(share(fractions.test), Math.max(0, stratum.length - 1))
    const validation = Math.min(share(fractions.validation), Math.max(0, stratum.length - 1 - test))
    for (const [index, unit] of stratum.entries())
      assign(result, unit, index < test ? 'test' : index < test + validation ? 'validation' : 'train')
  }
  return result
}

/** A recording with clips of several labels counts for the one it has most clips of. */
function labelOf(unit: Unit): string | null {
  if (unit.clips.length === 1) return unit.clips[0]!.label
  const counts = [...Map.groupBy(unit.clips, (clip) => clip.label)].map(([label, clips]) => ({ label, count: clips.length }))
  counts.sort((a, b) => b.count - a.count || ((a.label ?? '') < (b.label ?? '') ? -1 : 1))
  return counts[0]!.label
}

function assign(result: Map<number, Split>, unit: Unit, split: Split): void {
  for (const clip of unit.clips) result.set(clip.id, split)
}
