/**
 * The map from the graph: stochastic gradient descent on the cross-entropy between likeness in the graph and on the map
 * (McInnes, Healy and Melville 2018, algorithm 5). An edge is drawn together as often as it is strong, and each time
 * five points drawn by chance are pushed away.
 */
import type { Random } from '../../kit/index.ts'
import type { Curve } from './curve.ts'
import type { FuzzyGraph } from './fuzzy-graph.ts'

export interface LayoutOptions {
  readonly epochs: number
  readonly random: Random
  /** Asked after each epoch; work that nobody waits for is given up by ending the process. */
  readonly onEpoch?: (done: number, total: number) => void
}

const NEGATIVE_SAMPLES = 5
const LARGEST_STEP = 4

/** Moves `positions` [points, 2] in place. */
export function optimiseLayout(positions: Float32Array, graph: FuzzyGraph, { a, b }: Curve, { epochs, random, onEpoch }: LayoutOptions): void {
  const points = positions.length / 2
  const { from, to, period } = schedule(graph, epochs)
  const next = period.slice()
  const negativePeriod = period.map((p) => p / NEGATIVE_SAMPLES)
  const nextNegative = negativePeriod.slice()
  const clip = (v: number): number => (v > LARGEST_STEP ? LARGEST_STEP : v < -LARGEST_STEP ? -LARGEST_STEP : v)

  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs
    for (let e = 0; e < from.length; e++) {
      if (next[e]! > epoch) continue
      const [i, j] = [2 * from[e]!, 2 * to[e]!]
      let [x, y] = [positions[i]!, positions[i + 1]!]
      let [dx, dy] = [x - positions[j]!, y - positions[j + 1]!]
      let square = dx * dx + dy * dy
      if (square > 0) {
        const power = square ** b
        const pull = (-2 * a * b * (power / square)) / (1 + a * power)
        const [px, py] = [clip(pull * dx) * rate, clip(pull * dy) * rate]
        x += px
        y += py
        positions[j]! -= px
        positions[j + 1]! -= py
      }
      next[e]! += period[e]!
      const samples = Math.floor((epoch - nextNegative[e]!) / negativePeriod[e]!)
      for (let n = 0; n < samples; n++) {
        const other = 2 * random.int(points)
        if (other === i) continue
        dx = x - positions[other]!
        dy = y - positions[other + 1]!
        square = dx * dx + dy * dy
        if (square === 0) continue
        const push = (2 * b) / ((0.001 + square) * (1 + a * square ** b))
        x += clip(push * dx) * rate
        y += clip(push * dy) * rate
      }
      if (samples > 0) nextNegative[e]! += samples * negativePeriod[e]!
      positions[i] = x
      positions[i + 1] = y
    }
    onEpoch?.(epoch + 1, epochs)
  }
}

/** Epochs between two times that an edge is drawn; edges too weak to be drawn once are left out. */
function schedule({ from, to, weight }: FuzzyGraph, epochs: number): { from: Int32Array; to: Int32Array; period: Float64Array } {
  const strongest = weight.reduce((most, w) => Math.max(most, w), 0)
  const kept = Array.from(weight.keys()).filter((e) => weight[e]! >= strongest / epochs)
  return {
    from: Int32Array.from(kept, (e) => from[e]!),
    to: Int32Array.from(kept, (e) => to[e]!),
    period: Float64Array.from(kept, (e) => strongest / weight[e]!),
  }
}
