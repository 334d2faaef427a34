/**
 * Sizes of windows that slide over [height, width]: kernels, strides and padding of convolutions and pools.
 */
import { ok, type Result } from '../../kit/index.ts'
import { sizeText } from './layer.ts'
import { problem, type LayerProblem } from './problem.ts'

export type Pair = readonly [number, number]
/** Zeros on the top, left, bottom, right. */
export type Padding = readonly [number, number, number, number]
export type PaddingSetting = number | readonly number[] | 'same' | 'valid'

export interface WindowSettings {
  readonly kernel: number | readonly number[]
  readonly stride?: number | readonly number[]
  readonly padding?: PaddingSetting
  readonly dilation?: number | readonly number[]
}

export interface Geometry {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
  /** Height and width that come out. */
  readonly output: Pair
}

export const asPair = (value: number | readonly number[]): Pair =>
  typeof value === 'number' ? [value, value] : [value[0]!, value[1]!]

/**
 * 'same' pads so that ceil(input / stride) positions come out, the odd zero at the bottom and right. The
 * result is rounded down: a rest too small for a whole window is left out.
 */
export function windowGeometry(settings: WindowSettings, input: Pair): Result<Geometry, LayerProblem> {
  const kernel = asPair(settings.kernel)
  const stride = asPair(settings.stride ?? 1)
  const dilation = asPair(settings.dilation ?? 1)
  const extent: Pair = [dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1]
  const padding = resolvePadding(settings.padding ?? 'valid', input, extent, stride)
  const padded: Pair = [input[0] + padding[0] + padding[2], input[1] + padding[1] + padding[3]]
  if (extent[0] > padded[0] || extent[1] > padded[1]) {
    const dilated = dilation[0] > 1 || dilation[1] > 1
    const is = `${dilated ? 'DILATED_' : ''}KERNEL_TOO_LARGE${sizeText(padded) === sizeText(input) ? '' : '_PADDED'}` as const
    return problem(is, { kernel: sizeText(dilated ? extent : kernel), input: sizeText(padded) })
  }
  const output: Pair = [
    Math.floor((padded[0] - extent[0]) / stride[0]) + 1,
    Math.floor((padded[1] - extent[1]) / stride[1]) + 1,
  ]
  return ok({ kernel, stride, padding, dilation, output })
}

function resolvePadding(setting: PaddingSetting, input: Pair, extent: Pair, stride: Pair): Padding {
  if (setting === 'valid') return [0, 0, 0, 0]
  if (setting === 'same') {
    const total = [0, 1].map((i) => Math.max(0, (Math.ceil(input[i]! / stride[i]!) - 1) * stride[i]! + extent[i]! - input[i]!))
    const [height, width] = total as [number, number]
    const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)]
    return [top, left, height - top, width - left]
  }
  if (typeof setting === 'number') return [setting, setting, setting, setting]
  return [setting[0]!, setting[1]!, setting[2]!, setting[3]!]
}
