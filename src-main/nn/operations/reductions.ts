/** Sums and means over axes. */
import type { Graph, Shape, Tensor } from '../graph.ts'
import { expanded, reduced, reshaped, scaled } from './nodes.ts'
import { applyOne, type Operation } from './operation.ts'
import { known, resolveAxes } from './shapes.ts'

interface ReductionAttributes {
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

function reduction(name: string, type: 'ReduceSum' | 'ReduceMean'): Operation<ReductionAttributes> {
  const kept = (x: Tensor, axes: readonly number[]): Shape => x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
  return {
    name,
    infer: ([x], { axes, keepDims }) => {
      const resolved = resolveAxes(name, x!, axes)
      return [{ shape: keepDims ? kept(x!, resolved) : x!.shape.filter((_, i) => !resolved.includes(i)) }]
    },
    emit: (g, [x], { axes, keepDims }) => [reduced(g, type, x!, resolveAxes(name, x!, axes), keepDims)],
    gradient: (g, { inputs: [x], attributes }, [d]) => [
      () => {
        const axes = resolveAxes(name, x!, attributes.axes)
        const shape = known(name, x!)
        const count = type === 'ReduceSum' ? 1 : axes.reduce((n, axis) => n * shape[axis]!, 1)
        return expanded(g, scaled(g, reshaped(g, d!, kept(x!, axes)), 1 / count), shape)
      },
    ],
  }
}

export const reductions = { sum: reduction('sum', 'ReduceSum'), mean: reduction('mean', 'ReduceMean') }

const allAxes = (x: Tensor) => x.shape.map((_, i) => i)

/** Over the given axes (all by default), which vanish unless kept with size 1. */
export const sum = (g: Graph, x: Tensor, axes: readonly number[] = allAxes(x), keepDims = false): Tensor =>
  applyOne(g, reductions.sum, [x], { axes, keepDims })

export const mean = (g: Graph, x: Tensor, axes: readonly number[] = allAxes(x), keepDims = false): Tensor =>
  applyOne(g, reductions.mean, [x], { axes, keepDims })

/** [N, C, H, W] → [N, C]. */
export const globalAvgPool2d = (g: Graph, x: Tensor): Tensor => mean(g, x, [2, 3])
