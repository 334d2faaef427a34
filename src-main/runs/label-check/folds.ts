import { createRandom } from '../../kit/index.ts'

export interface FoldClip {
  readonly label: string
  /** Clips of one group are in one fold: what a network heard of it in training would help it with the others. */
  readonly group: string
}

/**
 * Deals groups of clips to folds so that each fold has about as many clips of each label: large groups first, each to the
 * fold that has the fewest clips of its labels so far. Pure; the seed decides among equals. Returns the fold of each clip.
 */
export function dealFolds(clips: readonly FoldClip[], folds: number, seed: number): Int32Array {
  const groups = [...Map.groupBy(clips.map((_, i) => i), (i) => clips[i]!.group).values()]
  const shuffled = createRandom(`folds/${seed}`).shuffle(groups).sort((a, b) => b.length - a.length)
  const counts = Array.from({ length: folds }, () => ({ all: 0, labels: new Map<string, number>() }))
  const fold = new Int32Array(clips.length)
  for (const group of shuffled) {
    const wanted = [...Map.groupBy(group, (i) => clips[i]!.label)].map(([label, members]) => [label, members.length] as const)
    const crowd = (f: number): number => wanted.reduce((sum, [label, count]) => sum + count * (counts[f]!.labels.get(label) ?? 0), 0)
    const places = counts.map((c, f) => ({ f, crowd: crowd(f), all: c.all })).sort((a, b) => a.crowd - b.crowd || a.all - b.all)
    const chosen = places[0]!.f
    for (const i of group) fold[i] = chosen
    counts[chosen]!.all += group.length
    for (const [label, count] of wanted) counts[chosen]!.labels.set(label, (counts[chosen]!.labels.get(label) ?? 0) + count)
  }
  return fold
}

/** Enough groups that every fold has some, and that no fold must do with one. */
export const groupsSuffice = (clips: readonly FoldClip[], folds: number): boolean => new Set(clips.map((c) => c.group)).size >= folds
