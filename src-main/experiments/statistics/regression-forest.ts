/**
 * A random forest for regression (Breiman 2001), small: each tree from a bootstrap sample, each split over a random part
 * of the inputs, made where it lowers the squared error most. Its trees are kept as boxes, which is what functional
 * ANOVA needs.
 */
import type { Random } from '../../kit/index.ts'

/** An input: a place from 0 to 1, or one of so many categories (0, 1, …). */
export type Input = { readonly kind: 'number' } | { readonly kind: 'category'; readonly count: number }

/** Where a leaf lies along an input: an interval, or the categories it holds. */
export type Side = readonly [low: number, high: number] | readonly number[]
export interface Leaf {
  readonly value: number
  readonly sides: readonly Side[]
}
/** A tree as its leaves, which fill the space without overlap. */
export type Tree = readonly Leaf[]

const LEAST_TO_SPLIT = 4
const LEAST_IN_LEAF = 1

export function growForest(inputs: readonly Input[], x: readonly (readonly number[])[], y: readonly number[], { trees, random }: { readonly trees: number; readonly random: Random }): Tree[] {
  const whole = inputs.map((input): Side => (input.kind === 'number' ? [0, 1] : Array.from({ length: input.count }, (_, i) => i)))
  return Array.from({ length: trees }, () => {
    const sample = y.map(() => random.int(y.length))
    return growNode({ inputs, x, y, random }, sample, whole)
  })
}

interface Data {
  readonly inputs: readonly Input[]
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly random: Random
}

const meanOf = (y: readonly number[], rows: readonly number[]): number => rows.reduce((sum, row) => sum + y[row]!, 0) / rows.length

function growNode(data: Data, rows: readonly number[], sides: readonly Side[]): Leaf[] {
  const split = rows.length < LEAST_TO_SPLIT ? null : bestSplit(data, rows, sides)
  if (!split) return [{ value: meanOf(data.y, rows), sides }]
  const { input, left, right, leftSide, rightSide } = split
  const along = (side: Side) => sides.map((s, i) => (i === input ? side : s))
  return [...growNode(data, left, along(leftSide)), ...growNode(data, right, along(rightSide))]
}

interface Split {
  readonly input: number
  readonly gain: number
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly leftSide: Side
  readonly rightSide: Side
}

/** The best of the splits over a random five sixths of the inputs, and at least one (after Hutter et al. 2014). */
function bestSplit(data: Data, rows: readonly number[], sides: readonly Side[]): Split | null {
  const order = data.random.shuffle(data.inputs.map((_, i) => i))
  const tried = Math.max(1, Math.ceil((5 * order.length) / 6))
  let best: Split | null = null
  for (const [place, input] of order.entries()) {
    // Beyond the part that was drawn only where nothing could be split yet.
    if (place >= tried && best) break
    const found = data.inputs[input]!.kind === 'number' ? splitNumber(data, rows, input, sides[input]!) : splitCategory(data, rows, input, sides[input]!)
    if (found && (!best || found.gain > best.gain)) best = found
  }
  return best
}

/** Sum of squares between two groups: what a split takes from the squared error. */
const gainOf = (sumLeft: number, nLeft: number, sum: number, n: number): number => {
  const [sumRight, nRight] = [sum - sumLeft, n - nLeft]
  return (sumLeft * sumLeft) / nLeft + (sumRight * sumRight) / nRight - (sum * sum) / n
}
const WORTH = 1e-12

function splitNumber({ x, y }: Data, rows: readonly number[], input: number, side: Side): Split | null {
  const sorted = rows.toSorted((a, b) => x[a]![input]! - x[b]![input]!)
  const sum = sorted.reduce((total, row) => total + y[row]!, 0)
  let [sumLeft, bestGain, at] = [0, WORTH, -1]
  for (let i = 0; i < sorted.length - 1; i++) {
    sumLeft += y[sorted[i]!]!
    if (i + 1 < LEAST_IN_LEAF || sorted.length - i - 1 < LEAST_IN_LEAF || x[sorted[i]!]![input] === x[sorted[i + 1]!]![input]) continue
    const gain = gainOf(sumLeft, i + 1, sum, sorted.length)
    if (gain > bestGain) [bestGain, at] = [gain, i]
  }
  if (at < 0) return null
  const cut = (x[sorted[at]!]![input]! + x[sorted[at + 1]!]![input]!) / 2
  const [low, high] = side as readonly [number, number]
  return { input, gain: bestGain, left: sorted.slice(0, at + 1), right: sorted.slice(at + 1), leftSide: [low, cut], rightSide: [cut, high] }
}

/** Categories in the order of their means: the best cut of that order is the best of all ways to part them (Fisher 1958). */
function splitCategory({ x, y }: Data, rows: readonly number[], input: number, side: Side): Split | null {
  const groups = side.map((category) => ({ category, rows: rows.filter((row) => x[row]![input] === category) }))
  const present = groups.filter((g) => g.rows.length > 0).sort((a, b) => meanOf(y, a.rows) - meanOf(y, b.rows))
  const sum = rows.reduce((total, row) => total + y[row]!, 0)
  let [sumLeft, nLeft, bestGain, at] = [0, 0, WORTH, -1]
  for (let i = 0; i < present.length - 1; i++) {
    sumLeft += present[i]!.rows.reduce((total, row) => total + y[row]!, 0)
    nLeft += present[i]!.rows.length
    const gain = gainOf(sumLeft, nLeft, sum, rows.length)
    if (gain > bestGain) [bestGain, at] = [gain, i]
  }
  if (at < 0) return null
  const [left, right] = [present.slice(0, at + 1), present.slice(at + 1)]
  // Categories that no row here has go to the larger group.
  const absent = groups.filter((g) => g.rows.length === 0).map((g) => g.category)
  const larger = nLeftOf(left) >= nLeftOf(right)
  return {
    input,
    gain: bestGain,
    left: left.flatMap((g) => g.rows),
    right: right.flatMap((g) => g.rows),
    leftSide: [...left.map((g) => g.category), ...(larger ? absent : [])],
    rightSide: [...right.map((g) => g.category), ...(larger ? [] : absent)],
  }
}
const nLeftOf = (groups: readonly { readonly rows: readonly number[] }[]): number => groups.reduce((n, g) => n + g.rows.length, 0)
