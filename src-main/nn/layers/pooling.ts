/** Pools over windows of [height, width], overlapping ones included, and over the whole of it. */
import { ok, type Result } from '../../kit/index.ts'
import { add, avgPool2d, globalAvgPool2d, maxPool2d, mean, mul, reshape } from '../operations/index.ts'
import type { Dim, Graph, Tensor } from '../graph.ts'
import { windowGeometry, type Geometry, type WindowSettings } from './geometry.ts'
import { isImage, noState, sizeText, type FeatureShape, type LayerKind, type LayerPlan, type ParameterSpec } from './layer.ts'
import { problem, type LayerProblem } from './problem.ts'

/** The stride is the kernel's size unless told: windows side by side. */
function poolGeometry(spec: WindowSettings, input: FeatureShape): Result<{ channels: number; geometry: Geometry }, LayerProblem> {
  if (!isImage(input)) return problem('NEEDS_IMAGE', { values: input[0]! })
  const geometry = windowGeometry({ ...spec, stride: spec.stride ?? spec.kernel }, [input[1], input[2]])
  if (!geometry.ok) return geometry
  const { padding, kernel } = geometry.value
  if (padding.some((p, side) => p >= kernel[side % 2]!)) return problem('PADDING_TOO_LARGE', { padding: padding.join(', '), kernel: sizeText(kernel) })
  return ok({ channels: input[0], geometry: geometry.value })
}

type WindowType = 'maxPool' | 'avgPool' | 'trainableAvgPool'

/** A layer of windows, planned once they are known to fit. */
const windowKind = <T extends WindowType>(plan: (channels: number, geometry: Geometry) => LayerPlan): LayerKind<T> => ({
  stem: 'pool',
  plan(spec, { input }) {
    const pool = poolGeometry(spec, input)
    return pool.ok ? ok(plan(pool.value.channels, pool.value.geometry)) : pool
  },
})

export const maxPoolKind = windowKind<'maxPool'>((channels, { kernel, stride, padding, output }) => ({
  ...noState,
  output: [channels, ...output],
  macs: 0,
  build: (b, x) => maxPool2d(b.graph, x, kernel, { stride, padding }),
}))

/** Means over the window; padding is not counted. */
export const avgPoolKind = windowKind<'avgPool'>((channels, { kernel, stride, padding, output }) => ({
  ...noState,
  output: [channels, ...output],
  macs: 0,
  build: (b, x) => avgPool2d(b.graph, x, kernel, { stride, padding, countPadding: false }),
}))

/**
 * Sub-sampling of LeNet-5 (LeCun et al. 1998, section II.B): the window's values are added, multiplied by a
 * coefficient and given a bias, both learned for each channel. Here the mean takes the place of the sum, so a
 * coefficient of 1 (the first value) keeps the scale; the two differ by a constant factor only.
 */
export const trainableAvgPoolKind = windowKind<'trainableAvgPool'>((channels, { kernel, stride, padding, output }) => {
  const fans = { in: kernel[0] * kernel[1], out: 1 }
  const coefficient: ParameterSpec = { name: 'coefficient', shape: [channels], initialiser: 'ones', fans, decay: false }
  const bias: ParameterSpec = { name: 'bias', shape: [channels], initialiser: 'zeros', fans, decay: false }
  return {
    output: [channels, ...output],
    parameters: [coefficient, bias],
    buffers: [],
    macs: channels * output[0] * output[1],
    build(b, x) {
      const column = (name: string) => reshape(b.graph, b.state(name), [channels, 1, 1])
      const mean = avgPool2d(b.graph, x, kernel, { stride, padding })
      return add(b.graph, mul(b.graph, mean, column('coefficient')), column('bias'))
    },
  }
})

function globalKind<T extends 'globalAvgPool' | 'globalMaxPool'>(pool: (g: Graph, x: Tensor) => Tensor): LayerKind<T> {
  return {
    stem: 'pool',
    plan(_, { input }) {
      if (!isImage(input)) return problem('NEEDS_IMAGE', { values: input[0]! })
      return ok({ ...noState, output: [input[0]], macs: 0, build: (b, x) => pool(b.graph, x) })
    },
  }
}

export const globalAvgPoolKind = globalKind<'globalAvgPool'>(globalAvgPool2d)
export const globalMaxPoolKind = globalKind<'globalMaxPool'>((g, x) => {
  const [batch, channels, height, width] = x.shape as [Dim, number, number, number]
  return reshape(g, maxPool2d(g, x, [height, width]), [batch, channels])
})

/** The mean over the frequencies of each frame: [channel, 1, frame]. */
export const frequencyAvgPoolKind: LayerKind<'frequencyAvgPool'> = {
  stem: 'pool',
  plan(_, { input }) {
    if (!isImage(input)) return problem('NEEDS_IMAGE', { values: input[0]! })
    const [channels, , frames] = input
    return ok({ ...noState, output: [channels, 1, frames], macs: 0, build: (b, x) => mean(b.graph, x, [2], true) })
  },
}
