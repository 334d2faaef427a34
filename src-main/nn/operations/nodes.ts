/**
 * Single ONNX nodes with their shapes worked out, unrecorded: the material that emissions and gradient
 * rules are written with. Axes are counted from the start.
 */
import type { Attributes, Dim, Graph, Shape, Tensor } from '../graph.ts'
import { broadcast, known } from './shapes.ts'
import { fromTwin, onTwins, twinOf, twinOrScalar } from './twins.ts'

/** One node, element by element, with what operands share in shape; on their twins where they have some. */
function elementwise(g: Graph, type: string, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
  const used = onTwins(inputs) ? inputs.map((t) => twinOrScalar(g, t)) : inputs
  const shape = used.slice(1).reduce((shape, t) => broadcast(type, { ...t, shape }, t), used[0]!.shape as Dim[])
  const result = g.op(type, used, attributes, { shape })
  return used === inputs ? result : fromTwin(g, result)
}

export const unary = (g: Graph, type: string, x: Tensor): Tensor => elementwise(g, type, [x])

export const binary = (g: Graph, type: string, a: Tensor, b: Tensor): Tensor => elementwise(g, type, [a, b])

export const plus = (g: Graph, a: Tensor, b: Tensor): Tensor => binary(g, 'Add', a, b)
export const minus = (g: Graph, a: Tensor, b: Tensor): Tensor => binary(g, 'Sub', a, b)
export const times = (g: Graph, a: Tensor, b: Tensor): Tensor => binary(g, 'Mul', a, b)
export const scaled = (g: Graph, x: Tensor, factor: number): Tensor => (factor === 1 ? x : times(g, x, g.scalar(factor)))

/** 1 where x > 0, else 0: one cheap node instead of a comparison and a cast. */
export const stepMask = (g: Graph, x: Tensor): Tensor =>
  elementwise(g, 'HardSigmoid', [x], { alpha: { float: 1e38 }, beta: { float: 0 } })

/** 1 where equal, else 0, as floats. */
export function equalMask(g: Graph, a: Tensor, b: Tensor): Tensor {
  const shape = broadcast('Equal', a, b)
  return g.op('Cast', [g.op('Equal', [a, b], {}, { shape, dtype: 'bool' })], { to: 1 }, { shape })
}

/** The sum of many: one node on the CPU; WebGPU has no many-input Sum. */
export function total(g: Graph, terms: readonly Tensor[]): Tensor {
  if (terms.length === 1) return terms[0]!
  if (g.target === 'webgpu' || terms.length === 2) return terms.reduce((a, b) => plus(g, a, b))
  return elementwise(g, 'Sum', terms)
}

export function reshaped(g: Graph, x: Tensor, shape: Shape): Tensor {
  if (x.shape.length === shape.length && x.shape.every((d, i) => d === shape[i])) return x
  const twin = twinOf(x)
  // Channels and rows are cut differently: the same for the twin.
  if (twin && shape.length === 4 && shape[0] === x.shape[0]) return fromTwin(g, reshaped(g, twin, [...shape.slice(1), shape[0]!]))
  // One named size is worked out by the runtime (-1); a further one must keep its place (0).
  let open = false
  const target = shape.map((d, i) => {
    if (typeof d === 'number') return d
    if (x.shape[i] === d && x.shape.slice(0, i).every((v, k) => v === shape[k])) return 0
    if (open) throw new Error(`Bug: reshape to [${shape.join(', ')}] leaves more than one size open`)
    open = true
    return -1
  })
  return g.op('Reshape', [x, g.ints(...target)], {}, { shape, dtype: x.dtype })
}

export const transposed = (g: Graph, x: Tensor, perm: readonly number[]): Tensor =>
  perm.every((p, i) => p === i) ? x : g.op('Transpose', [x], { perm }, { shape: perm.map((p) => x.shape[p]!), dtype: x.dtype })

/** Exchanges the last two axes. */
export function matrixTransposed(g: Graph, x: Tensor): Tensor {
  const rank = x.shape.length
  return transposed(g, x, x.shape.map((_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2)))
}

export function reduced(g: Graph, type: 'ReduceSum' | 'ReduceMean' | 'ReduceMax', x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const shape = keep ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d)) : x.shape.filter((_, i) => !axes.includes(i))
  if (axes.length === 0) return x
  const twin = twinOf(x)
  // The sum over places (and the batch) of each channel, in the twin's order of axes.
  if (twin && axes.includes(2) && axes.includes(3) && !axes.includes(1)) {
    const result = reduced(g, type, twin, axes.map((axis) => (axis + 3) % 4), keep)
    if (keep) return fromTwin(g, result)
    return axes.includes(0) ? result : transposed(g, result, [1, 0])
  }
  return g.op(type, [x, g.ints(...axes)], { keepdims: keep ? 1 : 0 }, { shape })
}

/** Sums a gradient over the axes that broadcasting stretched, back to the operand's shape. */
export function unbroadcast(g: Graph, d: Tensor, shape: Shape): Tensor {
  const extra = d.shape.length - shape.length
  const axes = d.shape.flatMap((v, i) => (i < extra || (shape[i - extra] === 1 && v !== 1) ? [i] : []))
  return reshaped(g, reduced(g, 'ReduceSum', d, axes, true), shape)
}

export const expanded = (g: Graph, x: Tensor, shape: Shape): Tensor =>
  x.shape.length === shape.length && x.shape.every((v, i) => v === shape[i])
    ? x
    : g.op('Expand', [x, g.ints(...(shape as readonly number[]))], {}, { shape })

export interface SliceRange {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly step?: number
}

export function sliced(g: Graph, x: Tensor, ranges: readonly SliceRange[]): Tensor {
  const real = ranges.filter((r) => !(r.start === 0 && r.end === x.shape[r.axis] && (r.step ?? 1) === 1))
  if (real.length === 0) return x
  const shape: Dim[] = [...x.shape]
  for (const { axis, start, end, step = 1 } of real) shape[axis] = Math.ceil((end - start) / step)
  const column = (pick: (r: SliceRange) => number) => g.ints(...real.map(pick))
  const steps = real.some((r) => (r.step ?? 1) !== 1) ? [column((r) => r.step ?? 1)] : []
  return g.op('Slice', [x, column((r) => r.start), column((r) => r.end), column((r) => r.axis), ...steps], {}, { shape, dtype: x.dtype })
}

/** Constant padding; `before` and `after` have one entry an axis. */
export function padded(g: Graph, x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
  if (before.every((v) => v === 0) && after.every((v) => v === 0)) return x
  const shape = x.shape.map((d, i) => {
    const more = before[i]! + after[i]!
    return typeof d === 'number' ? d + more : more === 0 ? d : `${d}+${more}`
  })
  const fill = value === 0 ? [] : [g.scalar(value)]
  return g.op('Pad', [x, g.ints(...before, ...after), ...fill], {}, { shape })
}

/** Zeros around the last two axes; a negative number cuts off. One node on the CPU. */
export function moved(g: Graph, x: Tensor, top: number, left: number, bottom: number, right: number): Tensor {
  const [h, w] = x.shape.slice(-2) as [number, number]
  if (g.target === 'webgpu') return framed(g, x, -top, -left, h + top + bottom, w + left + right)
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return x
  const none = x.shape.slice(0, -2).map(() => 0)
  const shape = [...x.shape.slice(0, -2), h + top + bottom, w + left + right]
  return g.op('Pad', [x, g.ints(...none, top, left, ...none, bottom, right)], {}, { shape })
}

export function joined(g: Graph, parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0]!
  const size = parts.reduce((sum, t) => sum + (t.shape[axis] as number), 0)
  return g.op('Concat', parts, { axis }, { shape: parts[0]!.shape.map((d, i) => (i === axis ? size : d)) })
}

export function parted(g: Graph, x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  if (sizes.length === 1) return [x]
  const specs = sizes.map((size) => ({ shape: x.shape.map((d, i) => (i === axis ? size : d)) }))
  return g.op('Split', [x, g.ints(...sizes)], { axis }, specs)
}

export const zeros = (g: Graph, shape: readonly number[]): Tensor =>
  expanded(g, g.scalar(0), shape)

/**
 * Spreads the last two axes: element (i, j) goes to (i·stride, j·stride), zeros between. The result's
 * sizes are size·stride (zeros at the end too).
 */
export function spread(g: Graph, x: Tensor, stride: readonly [number, number]): Tensor {
  if (stride[0] === 1 && stride[1] === 1) return x
  const shape = known('spread', x)
  const [h, w] = shape.slice(-2) as [number, number]
  const lead = shape.slice(0, -2)
  const open = reshaped(g, x, [...lead, h, 1, w, 1])
  const none = lead.map(() => 0)
  const wide = padded(g, open, [...none, 0, 0, 0, 0], [...none, 0, stride[0] - 1, 0, stride[1] - 1])
  return reshaped(g, wide, [...lead, h * stride[0], w * stride[1]])
}

/** Crops or zero-pads the last two axes so that (top, left) of the result is at that place of x. */
export function framed(g: Graph, x: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const shape = known('framed', x)
  const rank = shape.length
  const [h, w] = shape.slice(-2) as [number, number]
  const inner = sliced(g, x, [
    { axis: rank - 2, start: Math.max(0, top), end: Math.min(h, top + height) },
    { axis: rank - 1, start: Math.max(0, left), end: Math.min(w, left + width) },
  ])
  const before = shape.map((_, i) => (i === rank - 2 ? Math.max(0, -top) : i === rank - 1 ? Math.max(0, -left) : 0))
  const after = shape.map((_, i) =>
    i === rank - 2 ? Math.max(0, top + height - h) : i === rank - 1 ? Math.max(0, left + width - w) : 0,
  )
  return padded(g, inner, before, after)
}
