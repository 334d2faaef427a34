/**
 * Why a network says what it says of one clip, as one ONNX model: what comes out of every layer, the gradient of a
 * class's logit with respect to the input (saliency: Simonyan, Vedaldi and Zisserman 2014, "Deep Inside Convolutional
 * Networks") and, for one layer of images, Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep
 * Networks via Gradient-based Localization", equations 1 and 2).
 */
import { fail, ok, type Result } from '../kit/index.ts'
import { appendNetwork, LAYER, networkState, noSuchLayer } from './forward.ts'
import { gradients } from './gradients.ts'
import { Graph, type Tensor } from './graph.ts'
import { isImage, sizeText, type FeatureShape } from './layers/layer.ts'
import { planNetwork, type Network, type NetworkRequest } from './network.ts'
import { toOnnx } from './onnx-file.ts'
import { mean, mul, relu, sum } from './operations/index.ts'
import { reduced, reshaped } from './operations/nodes.ts'
import type { StateSpec } from './step-request.ts'

export interface ExplanationRequest extends NetworkRequest {
  /** The layer that Grad-CAM looks at; none unless given. */
  readonly gradCam?: string
}

export interface Explanation {
  /**
   * The ONNX file. Inputs: `x` [1, channel, height, width], `class` [1, classes] with a single 1, and the state.
   * Outputs: `logits`, `saliency` [height, width] (the largest |∂logit/∂x| over the channels), and with Grad-CAM `cam`
   * [rows, columns] of the layer and `camAtInput` [height, width], enlarged between the middles of its cells.
   */
  readonly model: Uint8Array
  readonly network: Network
  readonly state: readonly StateSpec[]
  /** In the order of computation; each is an output `layer.<path>`, [1, …shape]. */
  readonly layers: readonly { readonly path: string; readonly shape: FeatureShape }[]
}

export function createExplanation(request: ExplanationRequest): Result<Explanation> {
  const planned = planNetwork(request)
  if (!planned.ok) return planned
  const network = planned.value
  const g = new Graph()
  const x = g.input('x', [1, ...network.inputShape])
  const chosen = g.input('class', [1, network.classes])
  const seen = new Map<string, Tensor>()
  const logits = appendNetwork(g, x, network, undefined, (path, output) => seen.set(path, output))
  for (const [path, output] of seen) g.output(LAYER + path, output)
  g.output('logits', logits)
  const score = sum(g, mul(g, logits, chosen))
  const wanted = [x]
  if (request.gradCam !== undefined) {
    const layer = seen.get(request.gradCam)
    if (!layer) return noSuchLayer(network, request.gradCam)
    if (!isImage(layer.shape.slice(1) as number[]))
      return fail('INVALID', `${request.gradCam} gives ${sizeText(layer.shape.slice(1) as number[])} and no images, which Grad-CAM needs`, { hint: 'Choose a layer before the network flattens or pools everything.' })
    wanted.push(layer)
  }
  const [dx, dLayer] = gradients(g, score, wanted)
  const [, height, width] = network.inputShape as [number, number, number]
  g.output('saliency', reshaped(g, reduced(g, 'ReduceMax', g.op('Abs', [dx!], {}, { shape: dx!.shape }), [1], false), [height, width]))
  if (dLayer) appendGradCam(g, wanted[1]!, dLayer, [height, width])
  const layers = [...seen].map(([path, t]) => ({ path, shape: t.shape.slice(1) as number[] }))
  return ok({ model: toOnnx(g, { graphName: `${network.architecture.name} explained` }), network, state: networkState(network), layers })
}

/** ReLU(Σ_k α_k A_k), where α_k is the mean gradient over the cells of feature map k. */
function appendGradCam(g: Graph, maps: Tensor, gradient: Tensor, [height, width]: readonly [number, number]): void {
  const [, , rows, columns] = maps.shape as [number, number, number, number]
  const cam = relu(g, sum(g, mul(g, mean(g, gradient, [2, 3], true), maps), [1], true))
  g.output('cam', reshaped(g, cam, [rows, columns]))
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
  const enlarged = g.op('Resize', [cam, null, null, g.ints(1, 1, height, width)], attributes, { shape: [1, 1, height, width] })
  g.output('camAtInput', reshaped(g, enlarged, [height, width]))
}
