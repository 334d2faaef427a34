import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { MediaKey } from './augmentation.ts'
import { call } from './errors.ts'
import { Id, RunId } from './values.ts'

const count = z.int().nonnegative()
const shape = z.array(count)

/** Along one axis unit i sees [start + i·step, start + i·step + size) of the input; a step of 0: always the same. */
const AxisField = z.strictObject({ start: z.number(), step: z.number(), size: z.number() })
export type AxisField = z.infer<typeof AxisField>

export const NetworkLayer = z.strictObject({
  path: z.string(),
  type: z.string(),
  /** Without the batch: [channel, row, column], or flat. */
  output: shape,
  parameters: count,
  field: z.strictObject({ rows: AxisField, columns: AxisField }),
  /** Shape of its kernels [filter, channel, row, column]; null where it is no convolution. */
  filters: shape.nullable(),
})
export type NetworkLayer = z.infer<typeof NetworkLayer>

export const InsideNetwork = z.strictObject({
  architecture: z.string(),
  /** [channel, frequency, frame] */
  input: shape,
  labels: z.array(z.string()),
  /** In the order of computation. */
  layers: z.array(NetworkLayer),
})
export type InsideNetwork = z.infer<typeof InsideNetwork>

/** Many numbers in short. `histogram` has equal parts from `min` to `max`. */
export const Summary = z.strictObject({
  min: z.number(), max: z.number(), mean: z.number(), deviation: z.number(), norm: z.number(),
  /** Share that is exactly zero. */
  zeros: z.number(),
  histogram: z.array(count),
})
export type Summary = z.infer<typeof Summary>

/** Numbers are Float32, little-endian, at the address that `previewUrl` makes of a key. */
export const InsideLook = z.strictObject({
  shape,
  features: MediaKey,
  /** Length of the front end's window. */
  seconds: z.number(),
  probabilities: z.array(z.number()),
  /** The one that is explained. */
  class: count,
  /** [height, width]: the largest |∂logit/∂x| over the channels. */
  saliency: MediaKey,
  /** Grad-CAM over the features, [height, width]; `rows` and `columns` of the layer itself. */
  gradCam: z.strictObject({ layer: z.string(), rows: count, columns: count, values: MediaKey }).nullable(),
  layers: z.array(z.strictObject({ path: z.string(), shape, summary: Summary, values: MediaKey })),
})
export type InsideLook = z.infer<typeof InsideLook>

export const OcclusionEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: count, total: count }),
  z.strictObject({
    type: z.literal('map'),
    class: count,
    /** Of the class, with nothing covered. */
    probability: z.number(),
    height: count,
    width: count,
    /** [height, width]: fall of the probability where a value is covered. */
    values: MediaKey,
  }),
])
export type OcclusionEvent = z.infer<typeof OcclusionEvent>

export const ParameterGradients = z.strictObject({
  clips: count,
  loss: z.number(),
  correct: count,
  parameters: z.array(z.strictObject({ name: z.string(), shape, weight: Summary, gradient: Summary })),
})
export type ParameterGradients = z.infer<typeof ParameterGradients>

const few = z.int().min(1).max(6)
export const SmallNetwork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dense'), inputs: few, hidden: z.array(few).max(2), outputs: z.int().min(2).max(4) }),
  z.strictObject({ kind: z.literal('conv'), size: z.int().min(3).max(6), filters: z.int().min(1).max(3), kernel: z.int().min(2).max(3), pool: z.boolean(), outputs: z.int().min(2).max(4) }),
])
export type SmallNetwork = z.infer<typeof SmallNetwork>

export const BackpropagationRequest = z.strictObject({
  network: SmallNetwork,
  activation: z.enum(['sigmoid', 'tanh', 'relu']),
  /** `squared`: Σ(a − y)². */
  loss: z.enum(['squared', 'crossEntropy']),
  learningRate: z.number().positive().max(100),
  seed: z.int().nonnegative(),
  /** The wanted class. */
  target: z.int().min(0).max(3),
  /** Steps that were taken before. */
  steps: z.int().min(0).max(1000),
})
export type BackpropagationRequest = z.infer<typeof BackpropagationRequest>

const numbers = z.array(z.number())
export const BackpropagationTrace = z.strictObject({
  /** In the order of the forward pass. */
  operations: z.array(
    z.strictObject({
      operation: z.string(),
      /** The layer that it belongs to; `loss` at the end. */
      layer: z.string(),
      inputs: z.array(z.string()),
      output: z.string(),
      /** Element by element; null for operations that mix elements. */
      derivative: numbers.nullable(),
    }),
  ),
  tensors: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      role: z.enum(['input', 'parameter', 'target', 'value', 'loss']),
      shape,
      values: numbers,
      gradient: numbers.nullable(),
      /** After the step; parameters only. */
      next: numbers.nullable(),
    }),
  ),
  probabilities: numbers.nullable(),
  loss: z.number(),
  lossAfter: z.number(),
})
export type BackpropagationTrace = z.infer<typeof BackpropagationTrace>

const LayerPath = z.string().min(1).max(200)
const side = z.int().min(1).max(512)

/** What happens inside the network of a run, with the weights that it was evaluated with. */
export const networks = {
  layers: call.input(z.strictObject({ run: RunId })).output(InsideNetwork),
  /** null for the class: the most probable; for the layer: the last that gives images. */
  look: call.input(z.strictObject({ run: RunId, clip: Id, class: count.nullable(), layer: LayerPath.nullable() })).output(InsideLook),
  /** Float32 of the shape that `layers` tells. */
  filters: call.input(z.strictObject({ run: RunId, layer: LayerPath })).output(z.strictObject({ values: MediaKey, summary: Summary })),
  /** Stopping the stream cancels. */
  occlude: call
    .input(z.strictObject({ run: RunId, clip: Id, class: count.nullable(), size: z.tuple([side, side]), stride: z.tuple([side, side]) }))
    .output(eventIterator(OcclusionEvent)),
  /** Of a batch of training clips, drawn by chance but always the same. */
  gradients: call.input(z.strictObject({ run: RunId, clips: z.int().min(1).max(256) })).output(ParameterGradients),
  /** One step on a network small enough to be read. */
  backpropagate: call.input(BackpropagationRequest).output(BackpropagationTrace),
}
