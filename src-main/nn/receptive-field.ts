/**
 * Which part of the input a unit of a layer sees, worked out through the layer list. Along each axis unit i sees
 * [start + i·step, start + i·step + size) of the input, before it is cut to the input's edges; a layer that looks at
 * everything along an axis (a linear layer, a global pool, attention over the frames) has the step 0.
 */
import { windowGeometry, type WindowSettings } from './layers/geometry.ts'
import { isImage, type FeatureShape } from './layers/layer.ts'
import type { PlannedLeaf, PlannedNode } from './layers/plan.ts'
import type { LeafType } from './layers/spec.ts'
import type { ConvolutionPlan } from './layers/convolution.ts'
import type { Network } from './network.ts'

/** In rows or columns of the network's input. */
export interface AxisField {
  readonly start: number
  readonly step: number
  readonly size: number
}

export interface ReceptiveField {
  readonly rows: AxisField
  readonly columns: AxisField
}

/** Of one step, from a layer's output to its input: windows along each axis, or all of it. */
interface Windows {
  readonly rows: AxisWindow | 'all'
  readonly columns: AxisWindow | 'all'
}
interface AxisWindow {
  readonly stride: number
  /** Where the first window starts; negative in the padding. */
  readonly first: number
  readonly extent: number
}

const SAME: Windows = { rows: { stride: 1, first: 0, extent: 1 }, columns: { stride: 1, first: 0, extent: 1 } }
const ALL: Windows = { rows: 'all', columns: 'all' }
const ALL_FRAMES: Windows = { rows: SAME.rows, columns: 'all' }
const ALL_ROWS: Windows = { rows: 'all', columns: SAME.columns }

const convolution = (leaf: PlannedLeaf): Windows => {
  const { kernel, stride, padding, dilation } = (leaf.plan as ConvolutionPlan).geometry
  const axis = (i: 0 | 1): AxisWindow => ({ stride: stride[i], first: -padding[i], extent: (kernel[i] - 1) * dilation[i] + 1 })
  // Along time only, every row is a channel.
  return { rows: leaf.spec.type === 'conv1d' ? 'all' : axis(0), columns: axis(1) }
}

const pool = (leaf: PlannedLeaf): Windows => {
  const spec = leaf.spec as WindowSettings
  const geometry = windowGeometry({ ...spec, stride: spec.stride ?? spec.kernel }, leaf.input.slice(1) as unknown as [number, number])
  if (!geometry.ok) return ALL
  const { kernel, stride, padding } = geometry.value
  const axis = (i: 0 | 1): AxisWindow => ({ stride: stride[i], first: -padding[i], extent: kernel[i] })
  return { rows: axis(0), columns: axis(1) }
}

/** Attention, positions and recurrence work on frames [features, 1, frame]. */
const WINDOWS: { readonly [T in LeafType]: (leaf: PlannedLeaf) => Windows } = {
  conv2d: convolution,
  conv1d: convolution,
  linear: () => ALL,
  flatten: () => ALL,
  batchNorm: () => SAME,
  subSpectralNorm: () => SAME,
  layerNorm: (leaf) => (leaf.spec.type === 'layerNorm' && leaf.spec.over === 'frame' ? SAME : ALL),
  maxPool: pool,
  avgPool: pool,
  trainableAvgPool: pool,
  globalAvgPool: () => ALL,
  globalMaxPool: () => ALL,
  frequencyAvgPool: () => ALL_ROWS,
  dropout: () => SAME,
  relu: () => SAME,
  leakyRelu: () => SAME,
  sigmoid: () => SAME,
  tanh: () => SAME,
  silu: () => SAME,
  gelu: () => SAME,
  gru: () => ALL,
  lstm: () => ALL,
  selfAttention: () => ALL_FRAMES,
  positions: () => SAME,
  classToken: () => ALL_FRAMES,
  firstFrame: () => ALL_FRAMES,
}

/** Of every layer and block, by path. */
export function receptiveFields(network: Network): Map<string, ReceptiveField> {
  const [, height, width] = network.inputShape as [number, number, number]
  const whole = { rows: all(height), columns: all(width) }
  const found = new Map<string, ReceptiveField>()
  const unit: AxisField = { start: 0, step: 1, size: 1 }

  function through(nodes: readonly PlannedNode[], field: ReceptiveField, shape: FeatureShape): ReceptiveField {
    let now = field
    let input = shape
    for (const node of nodes) {
      if (node.kind === 'residual') {
        const body = through(node.body, now, input)
        now = union(body, through(node.shortcut, now, input), whole)
        input = node.output
      } else {
        now = isImage(input) ? composed(now, WINDOWS[node.spec.type](node), whole) : whole
        input = node.plan.output
      }
      found.set(node.path, now)
    }
    return now
  }
  through(network.nodes, { rows: unit, columns: unit }, network.inputShape)
  return found
}

const all = (size: number): AxisField => ({ start: 0, step: 0, size })

function composed(before: ReceptiveField, windows: Windows, whole: ReceptiveField): ReceptiveField {
  const axis = (name: 'rows' | 'columns'): AxisField => {
    const [field, window] = [before[name], windows[name]]
    if (window === 'all' || field.step === 0) return whole[name]
    return { start: field.start + window.first * field.step, step: field.step * window.stride, size: field.size + (window.extent - 1) * field.step }
  }
  return { rows: axis('rows'), columns: axis('columns') }
}

function union(a: ReceptiveField, b: ReceptiveField, whole: ReceptiveField): ReceptiveField {
  const axis = (name: 'rows' | 'columns'): AxisField => {
    const [p, q] = [a[name], b[name]]
    if (p.step !== q.step || p.step === 0) return whole[name]
    const start = Math.min(p.start, q.start)
    return { start, step: p.step, size: Math.max(p.start + p.size, q.start + q.size) - start }
  }
  return { rows: axis('rows'), columns: axis('columns') }
}
