import type { ClipPool } from '../../augment/index.ts'

/** The training clips as a source of noise: clips of a label are found by its name, upper and lower case alike. */
export function createClipPool(labels: ArrayLike<number>, names: readonly string[]): ClipPool {
  const known = new Map<string, number[]>()
  return {
    clips: labels.length,
    labelled(label) {
      const key = label.toLowerCase()
      let found = known.get(key)
      if (!found) {
        const wanted = names.findIndex((name) => name.toLowerCase() === key)
        found = Array.from({ length: labels.length }, (_, i) => i).filter((i) => labels[i] === wanted)
        known.set(key, found)
      }
      return found
    },
  }
}
