/**
 * Planes with the batch as the innermost axis: rows of N values, one for every (channel, row, column). Whatever moves
 * whole rows is a copy of contiguous memory, so an unfolding or a cutting into tiles is one Gather.
 */
import { sizeOf, type Graph, type Tensor } from '../graph.ts'
import { padded, reshaped } from './nodes.ts'
import { fromTwin, toTwin } from './twins.ts'

/** [N, C, H, W] to [C·H·W, N]. */
export const toRows = (g: Graph, x: Tensor): Tensor => reshaped(g, toTwin(g, x), [sizeOf(x.shape.slice(1)), x.shape[0]!])

/** [C·H·W, N] to [N, C, H, W]. */
export const fromRows = (g: Graph, rows: Tensor, shape: readonly [number, number, number]): Tensor =>
  fromTwin(g, reshaped(g, rows, [...shape, rows.shape[1]!]))

/** A row of zeros, among the places that `takeRows` is given. */
export const NO_ROW = -1

/** The rows at these places of [rows, N]. */
export function takeRows(g: Graph, rows: Tensor, places: readonly number[]): Tensor {
  const [count, n] = rows.shape as [number, number]
  const source = places.includes(NO_ROW) ? padded(g, rows, [0, 0], [1, 0]) : rows
  const indices = g.constant(places.map((p) => (p === NO_ROW ? count : p)), [places.length], 'int32')
  return g.op('Gather', [source, indices], { axis: 0 }, { shape: [places.length, n] })
}

/** Every combination of indices below the given sizes, in row order. */
export function eachPlace<T>(sizes: readonly number[], at: (...indices: number[]) => T): T[] {
  const walk = (done: readonly number[]): T[] =>
    done.length === sizes.length ? [at(...done)] : Array.from({ length: sizes[done.length]! }, (_, i) => walk([...done, i])).flat()
  return walk([])
}
