/**
 * Convolutions over [channel, height, width]. Multiply-accumulates: one for each kernel value and output value
 * (biases are not counted, as in the literature).
 */
import { ok, type Result } from '../../kit/index.ts'
import type { Tensor } from '../graph.ts'
import { conv2d, matMul, reshape } from '../operations/index.ts'
import { asPair, windowGeometry, type Geometry, type WindowSettings } from './geometry.ts'
import { elements, isImage, type LayerBuilder, type LayerKind, type LayerPlan, type ParameterSpec, type PlanContext } from './layer.ts'
import { problem, type LayerProblem } from './problem.ts'
import type { InitialiserSpec } from '../initialisers.ts'

interface Convolution {
  readonly filters: number
  readonly window: WindowSettings
  readonly groups?: number
  readonly bias?: boolean
  readonly connections?: readonly (readonly number[])[]
  readonly initialiser?: InitialiserSpec
}

/** What a fused formulation (convolution and pool in one) needs to know of a convolution. */
export interface ConvolutionPlan extends LayerPlan {
  readonly geometry: Geometry
  readonly groups: number
  kernel(builder: LayerBuilder): Tensor
  bias(builder: LayerBuilder): Tensor | null
}

export const conv2dKind: LayerKind<'conv2d'> = {
  stem: 'conv',
  plan(spec, context) {
    if (!isImage(context.input)) return problem('NEEDS_IMAGE', { values: elements(context.input) })
    return planConvolution({ ...spec, window: spec }, context.input, context)
  },
}

/**
 * Along time only: [channel, height, width] is read as channel × height channels at each frame, so a first
 * conv1d on a spectrogram sees every frequency at once (TC-ResNet, Choi et al. 2019). Gives [filters, 1, frames].
 */
export const conv1dKind: LayerKind<'conv1d'> = {
  stem: 'conv',
  plan(spec, context) {
    if (!isImage(context.input)) return problem('NEEDS_IMAGE', { values: elements(context.input) })
    const [channels, height, width] = context.input
    const padding = typeof spec.padding === 'object' ? [0, spec.padding[0], 0, spec.padding[1]] : typeof spec.padding === 'number' ? [0, spec.padding, 0, spec.padding] : spec.padding
    const window: WindowSettings = {
      kernel: [1, spec.kernel],
      stride: [1, spec.stride ?? 1],
      dilation: [1, spec.dilation ?? 1],
      ...(padding === undefined ? {} : { padding }),
    }
    const planned = planConvolution({ ...spec, window }, [channels * height, 1, width], context)
    if (!planned.ok || height === 1) return planned
    const plan = planned.value
    return ok({ ...plan, build: (builder, x) => plan.build(builder, reshape(builder.graph, x, [x.shape[0]!, channels * height, 1, width])) })
  },
}

function planConvolution(
  settings: Convolution,
  input: readonly [number, number, number],
  context: PlanContext,
): Result<ConvolutionPlan, LayerProblem> {
  const { filters, connections } = settings
  const groups = settings.groups ?? 1
  const [channels, height, width] = input
  if (channels % groups !== 0) return problem('CHANNELS_IN_GROUPS', { channels, groups })
  if (filters % groups !== 0) return problem('FILTERS_IN_GROUPS', { filters, groups })
  const connected = connections ? checkConnections(connections, filters, channels, groups) : ok(undefined)
  if (!connected.ok) return connected
  const geometry = windowGeometry(settings.window, [height, width])
  if (!geometry.ok) return geometry
  const { kernel, stride, padding, dilation, output } = geometry.value
  const perGroup = channels / groups
  const area = kernel[0] * kernel[1]
  const links = connections ? connections.reduce((sum, c) => sum + c.length, 0) : filters * perGroup
  const weight: ParameterSpec = {
    name: 'weight',
    shape: connections ? [links, ...kernel] : [filters, perGroup, ...kernel],
    initialiser: settings.initialiser ?? context.weightInitialiser,
    fans: { in: (links / filters) * area, out: (links / channels) * area },
    decay: true,
  }
  const hasBias = settings.bias ?? true
  const bias: ParameterSpec = { name: 'bias', shape: [filters], initialiser: 'zeros', fans: weight.fans, decay: false }
  const kernelOf = (builder: LayerBuilder) =>
    connections ? connectedKernel(builder, connections, channels, kernel) : builder.state('weight')
  const biasOf = (builder: LayerBuilder) => (hasBias ? builder.state('bias') : null)
  return ok({
    output: [filters, ...output],
    parameters: hasBias ? [weight, bias] : [weight],
    buffers: [],
    macs: links * area * output[0] * output[1],
    geometry: geometry.value,
    groups,
    kernel: kernelOf,
    bias: biasOf,
    build: (builder, x) =>
      conv2d(builder.graph, x, kernelOf(builder), biasOf(builder), { stride, padding, dilation, groups }),
  })
}

function checkConnections(connections: readonly (readonly number[])[], filters: number, channels: number, groups: number): Result<void, LayerProblem> {
  if (groups !== 1) return problem('CONNECTIONS_AND_GROUPS')
  if (connections.length !== filters) return problem('CONNECTION_ROWS', { rows: connections.length, filters })
  for (const [row, inputs] of connections.entries()) {
    const wrong = inputs.find((c) => c >= channels)
    if (wrong !== undefined) return problem('CONNECTION_CHANNEL', { row, channel: wrong, channels })
    if (new Set(inputs).size !== inputs.length) return problem('CONNECTION_TWICE', { row })
  }
  return ok(undefined)
}

/**
 * The parameter holds only the kernels of the connections, [links, height, width]; a constant 0/1 matrix puts
 * them at their place in the full kernel, so what is not connected has no weight, no gradient and no decay.
 */
function connectedKernel(builder: LayerBuilder, connections: readonly (readonly number[])[], channels: number, kernel: readonly [number, number]): Tensor {
  const { graph } = builder
  const area = kernel[0] * kernel[1]
  const places = connections.flatMap((inputs, filter) => inputs.map((channel) => filter * channels + channel))
  const rows = connections.length * channels
  const scatter = new Float32Array(rows * places.length)
  places.forEach((place, link) => (scatter[place * places.length + link] = 1))
  const links = reshape(graph, builder.state('weight'), [places.length, area])
  const full = matMul(graph, graph.constant(scatter, [rows, places.length]), links)
  return reshape(graph, full, [connections.length, channels, ...asPair(kernel)])
}

