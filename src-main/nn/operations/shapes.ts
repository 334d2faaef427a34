/** Shape arithmetic of the operations and the errors that a person reads when shapes do not fit. */
import { AppError } from '../../kit/index.ts'
import type { Dim, Shape, Tensor } from '../graph.ts'

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`

/** Two tensors or settings do not fit: the operation, its input shapes, and what is wrong. */
export function shapeError(operation: string, inputs: readonly (Tensor | null)[], problem: string): AppError {
  const shapes = inputs.filter((t) => t !== null).map((t) => showShape(t.shape))
  return new AppError('INVALID', `${operation} of ${shapes.join(' and ')}: ${problem}`)
}

/** All sizes as numbers, for formulations that need them. */
export function known(operation: string, t: Tensor): number[] {
  return t.shape.map((d) => {
    if (typeof d !== 'number') throw shapeError(operation, [t], `the size "${d}" must be known here`)
    return d
  })
}

/** NumPy's rule: align at the right, 1 stretches; a named size equals only itself. */
export function broadcast(operation: string, a: Tensor, b: Tensor): Dim[] {
  const rank = Math.max(a.shape.length, b.shape.length)
  return Array.from({ length: rank }, (_, i): Dim => {
    const x = a.shape[a.shape.length - rank + i] ?? 1
    const y = b.shape[b.shape.length - rank + i] ?? 1
    if (x === y || y === 1) return x
    if (x === 1) return y
    throw shapeError(operation, [a, b], `sizes ${x} and ${y} cannot be broadcast together`)
  })
}

/** Axes counted from the end become counted from the start; out of range or repeated is an error. */
export function resolveAxes(operation: string, x: Tensor, axes: readonly number[]): number[] {
  const rank = x.shape.length
  const resolved = axes.map((axis) => {
    const from = axis < 0 ? axis + rank : axis
    if (!Number.isInteger(axis) || from < 0 || from >= rank) throw shapeError(operation, [x], `there is no axis ${axis}`)
    return from
  })
  if (new Set(resolved).size !== resolved.length) throw shapeError(operation, [x], `an axis is named twice in [${axes.join(', ')}]`)
  return resolved.sort((a, b) => a - b)
}

/** Sizes along a sliding window: floor((size + before + after − extent) / stride) + 1. */
export interface WindowAxis {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}

export function windowSize(operation: string, x: Tensor, axis: number, w: WindowAxis): Dim {
  const size = x.shape[axis]!
  const extent = w.dilation * (w.kernel - 1) + 1
  if (typeof size === 'string') return `windows(${size},${extent},${w.stride},${w.before + w.after})`
  const padded = size + w.before + w.after
  if (padded < extent) {
    throw shapeError(operation, [x], `a window of ${extent} does not fit into ${padded} (axis ${axis}, padding included)`)
  }
  return Math.floor((padded - extent) / w.stride) + 1
}

/** Number, [height, width] → [height, width]. */
export type Pair = number | readonly [number, number]
/** Number for all sides, [height, width], or [top, left, bottom, right]. */
export type Padding = number | readonly [number, number] | readonly [number, number, number, number]
export type Sides = readonly [top: number, left: number, bottom: number, right: number]

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value)

export function sides(value: Padding): Sides {
  if (typeof value === 'number') return [value, value, value, value]
  return value.length === 2 ? [value[0], value[1], value[0], value[1]] : value
}
