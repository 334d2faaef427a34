/** Convolution: two-dimensional, and one-dimensional as the two-dimensional one of height 1. */
import type { Graph, Tensor } from '../graph.ts'
import { reshape } from './layout.ts'
import { convolutionNode, inputGradient, type ConvolutionAttributes } from './convolution-nodes.ts'
import { weightGradient } from './convolution-weight-gradient.ts'
import { innermostConvolution, suitsInnermost } from './convolution-innermost.ts'
import { suitsWinograd, winogradConvolution } from './convolution-winograd.ts'
import { reduced } from './nodes.ts'
import { applyOne, type Operation } from './operation.ts'
import { known, pair, shapeError, sides, windowSize, type Padding, type Pair } from './shapes.ts'

const conv2dOperation: Operation<ConvolutionAttributes> = {
  name: 'conv2d',
  infer: ([x, w, b], a) => {
    const inputs = [x!, w!, b ?? null]
    if (x!.shape.length !== 4 || w!.shape.length !== 4) {
      throw shapeError('conv2d', inputs, 'needs x [batch, channel, height, width] and weights [out, in / groups, height, width]')
    }
    const [out, perGroup, kh, kw] = known('conv2d', w!) as [number, number, number, number]
    const channels = x!.shape[1]!
    if (channels !== perGroup * a.groups) {
      throw shapeError('conv2d', inputs, `${channels} input channels, but the weights take ${perGroup} in each of ${a.groups} groups`)
    }
    if (out % a.groups !== 0) throw shapeError('conv2d', inputs, `${out} output channels cannot be cut into ${a.groups} groups`)
    if (b && (b.shape.length !== 1 || b.shape[0] !== out)) throw shapeError('conv2d', inputs, `the bias must be [${out}]`)
    const [top, left, bottom, right] = a.padding
    const h = windowSize('conv2d', x!, 2, { kernel: kh, stride: a.stride[0], dilation: a.dilation[0], before: top, after: bottom })
    const width = windowSize('conv2d', x!, 3, { kernel: kw, stride: a.stride[1], dilation: a.dilation[1], before: left, after: right })
    return [{ shape: [x!.shape[0]!, out, h, width] }]
  },
  emit: (g, [x, w, b], attributes, [output]) => [convolutionNode(g, x!, w!, b ?? null, attributes, output!.shape)],
  gradient: (g, { inputs: [x, w], attributes }, [d]) => [
    () => inputGradient(g, x!.shape, w!, d!, attributes),
    () => weightGradient(g, x!, w!.shape, d!, attributes),
    () => reduced(g, 'ReduceSum', d!, [0, 2, 3], false),
  ],
}

export const convolutions = { conv2d: conv2dOperation, conv2dWinograd: winogradConvolution(conv2dOperation), conv2dInnermost: innermostConvolution(conv2dOperation) }

export interface Conv2dOptions {
  readonly stride?: Pair
  readonly padding?: Padding
  readonly dilation?: Pair
  readonly groups?: number
  /** The fastest for the shapes unless told. */
  readonly formulation?: keyof typeof convolutions
}

/** x [N, C, H, W] with weights [out, C / groups, kh, kw] and bias [out] or null: cross-correlation, as in every framework. */
export function conv2d(g: Graph, x: Tensor, w: Tensor, b: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const attributes = {
    stride: pair(options.stride ?? 1),
    padding: sides(options.padding ?? 0),
    dilation: pair(options.dilation ?? 1),
    groups: options.groups ?? 1,
  }
  return applyOne(g, convolutions[options.formulation ?? fastest(g, x, w, attributes)], [x, w, b], attributes)
}

function fastest(g: Graph, x: Tensor, w: Tensor, attributes: ConvolutionAttributes): keyof typeof convolutions {
  if (suitsWinograd(g, x.shape, w.shape, attributes)) return 'conv2dWinograd'
  return suitsInnermost(g, x, w.shape, attributes) ? 'conv2dInnermost' : 'conv2d'
}

export interface Conv1dOptions {
  readonly stride?: number
  /** Both sides, or [before, after]. */
  readonly padding?: number | readonly [number, number]
  readonly dilation?: number
  readonly groups?: number
}

/** x [N, C, T] with weights [out, C / groups, k]. */
export function conv1d(g: Graph, x: Tensor, w: Tensor, b: Tensor | null, options: Conv1dOptions = {}): Tensor {
  if (x.shape.length !== 3 || w.shape.length !== 3) {
    throw shapeError('conv1d', [x, w, b], 'needs x [batch, channel, time] and weights [out, in / groups, time]')
  }
  const flat = (t: Tensor) => reshape(g, t, [t.shape[0]!, t.shape[1]!, 1, t.shape[2]!])
  const [before, after] = pair(options.padding ?? 0)
  const y = conv2d(g, flat(x), flat(w), b, {
    stride: [1, options.stride ?? 1],
    padding: [0, before, 0, after],
    dilation: [1, options.dilation ?? 1],
    groups: options.groups ?? 1,
  })
  return reshape(g, y, [y.shape[0]!, y.shape[1]!, y.shape[3]!])
}
