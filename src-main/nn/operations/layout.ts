/** Operations that move elements and compute nothing. */
import type { Dim, Graph, Shape, Tensor } from '../graph.ts'
import { joined, padded, parted, reshaped, sliced, transposed, zeros, type SliceRange } from './nodes.ts'
import { apply, applyOne, type Operation } from './operation.ts'
import { known, resolveAxes, shapeError } from './shapes.ts'

const product = (shape: Shape) => shape.reduce<number>((n, d) => n * (d as number), 1)

const reshapeOperation: Operation<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    const named = (s: Shape) => s.filter((d) => typeof d === 'string')
    const numbers = (s: Shape) => product(s.filter((d) => typeof d === 'number'))
    const fits = named(x!.shape).join() === named(shape).join() ? numbers(x!.shape) === numbers(shape) : named(shape).length > 0
    if (!fits) throw shapeError('reshape', [x!], `the elements do not fill [${shape.join(', ')}]`)
    return [{ shape }]
  },
  emit: (g, [x], { shape }) => [reshaped(g, x!, shape)],
  gradient: (g, { inputs: [x] }, [d]) => [() => reshaped(g, d!, x!.shape)],
}

const transposeOperation: Operation<{ readonly perm: readonly number[] }> = {
  name: 'transpose',
  infer: ([x], { perm }) => {
    if ([...perm].sort((a, b) => a - b).join() !== x!.shape.map((_, i) => i).join()) {
      throw shapeError('transpose', [x!], `[${perm.join(', ')}] is not an order of its axes`)
    }
    return [{ shape: perm.map((axis) => x!.shape[axis]!) }]
  },
  emit: (g, [x], { perm }) => [transposed(g, x!, perm)],
  gradient: (g, { attributes: { perm } }, [d]) => [() => transposed(g, d!, perm.map((_, i) => perm.indexOf(i)))],
}

const sliceOperation: Operation<{ readonly ranges: readonly SliceRange[] }> = {
  name: 'slice',
  infer: ([x], { ranges }) => {
    const shape: Dim[] = [...x!.shape]
    resolveAxes('slice', x!, ranges.map((r) => r.axis))
    for (const { axis, start, end, step = 1 } of ranges) {
      const size = shape[axis]!
      if (start < 0 || end <= start || step < 1 || (typeof size === 'number' && end > size)) {
        throw shapeError('slice', [x!], `no elements ${start} to ${end} by ${step} on axis ${axis}`)
      }
      shape[axis] = Math.ceil((end - start) / step)
    }
    return [{ shape }]
  },
  emit: (g, [x], { ranges }) => [sliced(g, x!, ranges)],
  gradient: (g, { inputs: [x], attributes: { ranges } }, [d]) => [
    () => ranges.reduce((t, range) => unsliced(g, t, range, known('slice', x!)[range.axis]!), d!),
  ],
}

/** Puts a slice's gradient back in its place along one axis, zeros around. */
function unsliced(g: Graph, d: Tensor, { axis, start, step = 1 }: SliceRange, size: number): Tensor {
  const shape = known('slice', d)
  const none = shape.map(() => 0)
  const at = (value: number) => none.with(axis, value)
  const count = shape[axis]!
  if (step === 1) return padded(g, d, at(start), at(size - start - count))
  const open = reshaped(g, d, shape.toSpliced(axis + 1, 0, 1))
  const wide = padded(g, open, [...none, 0], [...none, 0].with(axis + 1, step - 1))
  const spread = reshaped(g, wide, shape.with(axis, count * step))
  const room = Math.min(count * step, size - start)
  return padded(g, sliced(g, spread, [{ axis, start: 0, end: room }]), at(start), at(size - start - room))
}

const concatOperation: Operation<{ readonly axis: number }> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first, ...rest] = inputs as readonly Tensor[]
    const [resolved] = resolveAxes('concat', first!, [axis])
    for (const t of rest) {
      const fits = t.shape.length === first!.shape.length && t.shape.every((d, i) => i === resolved || d === first!.shape[i])
      if (!fits) throw shapeError('concat', inputs, `only axis ${axis} may differ`)
    }
    const size = inputs.reduce((n, t) => n + known('concat', { ...t!, shape: [t!.shape[resolved!]!] })[0]!, 0)
    return [{ shape: first!.shape.map((d, i) => (i === resolved ? size : d)) }]
  },
  emit: (g, inputs, { axis }) => [joined(g, inputs as readonly Tensor[], resolveAxes('concat', inputs[0]!, [axis])[0]!)],
  gradient: (g, { inputs, attributes: { axis } }, [d]) => {
    const [resolved] = resolveAxes('concat', inputs[0]!, [axis])
    let parts: readonly Tensor[] | undefined
    return inputs.map((_, i) => () => {
      parts ??= parted(g, d!, resolved!, inputs.map((t) => t!.shape[resolved!] as number))
      return parts[i]!
    })
  },
}

const splitOperation: Operation<{ readonly axis: number; readonly sizes: readonly number[] }> = {
  name: 'split',
  infer: ([x], { axis, sizes }) => {
    const [resolved] = resolveAxes('split', x!, [axis])
    if (x!.shape[resolved!] !== sizes.reduce((a, b) => a + b, 0)) {
      throw shapeError('split', [x!], `the parts [${sizes.join(', ')}] do not add up to axis ${axis}`)
    }
    return sizes.map((size) => ({ shape: x!.shape.with(resolved!, size) }))
  },
  emit: (g, [x], { axis, sizes }) => parted(g, x!, resolveAxes('split', x!, [axis])[0]!, sizes),
  gradient: (g, { inputs: [x], outputs, attributes: { axis } }, upstream) => [
    () => {
      const parts = upstream.map((d, i) => d ?? zeros(g, known('split', outputs[i]!)))
      return joined(g, parts, resolveAxes('split', x!, [axis])[0]!)
    },
  ],
}

interface PadAttributes {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly value: number
}

const padOperation: Operation<PadAttributes> = {
  name: 'pad',
  infer: ([x], { before, after }) => {
    const rank = x!.shape.length
    if (before.length !== rank || after.length !== rank || [...before, ...after].some((v) => v < 0)) {
      throw shapeError('pad', [x!], `needs ${rank} sizes before and after, none negative`)
    }
    const grown = (d: Dim, more: number): Dim => (typeof d === 'number' ? d + more : more === 0 ? d : `${d}+${more}`)
    return [{ shape: x!.shape.map((d, i) => grown(d, before[i]! + after[i]!)) }]
  },
  emit: (g, [x], { before, after, value }) => [padded(g, x!, before, after, value)],
  gradient: (g, { inputs: [x], attributes: { before } }, [d]) => [
    () => sliced(g, d!, known('pad', x!).map((size, axis) => ({ axis, start: before[axis]!, end: before[axis]! + size }))),
  ],
}

export const layout = {
  reshape: reshapeOperation,
  transpose: transposeOperation,
  slice: sliceOperation,
  concat: concatOperation,
  split: splitOperation,
  pad: padOperation,
}

export const reshape = (g: Graph, x: Tensor, shape: Shape): Tensor => applyOne(g, layout.reshape, [x], { shape })

/** Keeps the first axis and joins the others: [N, ...] → [N, features]. */
export const flatten = (g: Graph, x: Tensor): Tensor =>
  reshape(g, x, [x.shape[0]!, known('flatten', { ...x, shape: x.shape.slice(1) }).reduce((a, b) => a * b, 1)])

export const transpose = (g: Graph, x: Tensor, perm: readonly number[]): Tensor => applyOne(g, layout.transpose, [x], { perm })

/** Elements start, start + step, … before end, for each range; axes and places are counted from the start. */
export const slice = (g: Graph, x: Tensor, ranges: readonly SliceRange[]): Tensor => applyOne(g, layout.slice, [x], { ranges })

export const concat = (g: Graph, parts: readonly Tensor[], axis: number): Tensor => applyOne(g, layout.concat, parts, { axis })

export const split = (g: Graph, x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] =>
  apply(g, layout.split, [x], { axis, sizes })

/** Pads with a constant; one entry an axis. */
export const pad = (g: Graph, x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor =>
  applyOne(g, layout.pad, [x], { before, after, value })
