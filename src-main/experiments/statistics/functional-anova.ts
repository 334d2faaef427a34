import { createRandom } from '../../kit/index.ts'
import { growForest, type Input, type Leaf, type Tree } from './regression-forest.ts'

export interface Importance {
  /** Part of the variance that each input explains by itself, whatever the others are: 0 to 1. */
  readonly shares: readonly number[]
  /** The rest, which only several inputs together explain. */
  readonly together: number
}

/** Fewer trials than this teach a forest nothing. */
export const LEAST_TRIALS = 8
const TREES = 64

/**
 * How much each setting matters: functional ANOVA of a random forest (Hutter, Hoos and Leyton-Brown 2014), main effects
 * only. The forest predicts the score from the settings; of each tree the prediction's variance over the whole space
 * (settings equally likely) is taken apart into what each setting explains alone and the rest, and trees are averaged.
 *
 * Its limits: it describes the forest, not the truth, and a forest of few trials sees noise; it holds for the ranges that
 * were searched and for nothing outside them; a setting can matter only together with another. Null with fewer than eight
 * trials or where all scores are equal.
 */
export function functionalAnova(inputs: readonly Input[], x: readonly (readonly number[])[], y: readonly number[], seed: number | string = 0): Importance | null {
  if (y.length < LEAST_TRIALS || y.every((v) => v === y[0])) return null
  const forest = growForest(inputs, x, y, { trees: TREES, random: createRandom(`functional anova/${seed}`) })
  const parts = forest.map((tree) => shareOf(tree, inputs)).filter((shares) => shares !== null)
  if (parts.length === 0) return null
  const shares = inputs.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0) / parts.length)
  return { shares, together: Math.max(0, 1 - shares.reduce((a, b) => a + b, 0)) }
}

/** Part of the space along an input that a leaf takes. */
const width = (leaf: Leaf, input: Input, i: number): number => {
  const side = leaf.sides[i]!
  return input.kind === 'number' ? side[1]! - side[0]! : side.length / input.count
}

function shareOf(tree: Tree, inputs: readonly Input[]): number[] | null {
  const volumes = tree.map((leaf) => inputs.reduce((volume, input, i) => volume * width(leaf, input, i), 1))
  const mean = tree.reduce((sum, leaf, l) => sum + volumes[l]! * leaf.value, 0)
  const variance = tree.reduce((sum, leaf, l) => sum + volumes[l]! * (leaf.value - mean) ** 2, 0)
  if (variance <= 0) return null
  return inputs.map((input, i) => {
    // The mean prediction with this input held fixed is constant between the places where leaves meet.
    const cells = input.kind === 'category' ? categoryCells(input.count) : numberCells(tree, i)
    return cells.reduce((sum, { at, size }) => {
      const marginal = tree.reduce((total, leaf, l) => (holds(leaf, input, i, at) ? total + (volumes[l]! / width(leaf, input, i)) * leaf.value : total), 0)
      return sum + size * (marginal - mean) ** 2
    }, 0) / variance
  })
}

interface Cell {
  readonly at: number
  readonly size: number
}
const categoryCells = (count: number): Cell[] => Array.from({ length: count }, (_, at) => ({ at, size: 1 / count }))
function numberCells(tree: Tree, i: number): Cell[] {
  const edges = [...new Set(tree.flatMap((leaf) => [leaf.sides[i]![0]!, leaf.sides[i]![1]!]))].sort((a, b) => a - b)
  return edges.slice(1).map((edge, k) => ({ at: (edges[k]! + edge) / 2, size: edge - edges[k]! }))
}
const holds = (leaf: Leaf, input: Input, i: number, at: number): boolean => {
  const side = leaf.sides[i]!
  return input.kind === 'number' ? side[0]! <= at && at < side[1]! : side.includes(at)
}
