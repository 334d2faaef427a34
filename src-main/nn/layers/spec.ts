/**
 * The layer list as data: what a person writes in an architecture's JSON. Every setting that has a usual value
 * may be left out; unknown settings are refused. Shapes are [channel, height, width]; for spectral features
 * height is the frequency bin and width the frame.
 */
import { z } from 'zod'
import { initialiserSchema } from '../initialisers.ts'

const count = z.int().min(1).max(65_536)
/** One number for both directions, or [height, width]. */
const pair = z.union([count, z.tuple([count, count])])
const edge = z.int().min(0).max(4096)
/** Zeros around the input: one number, [top, left, bottom, right], 'same' (output = input / stride, rounded up) or 'valid' (none). */
const padding2d = z.union([edge, z.tuple([edge, edge, edge, edge]), z.literal('same'), z.literal('valid')])
const padding1d = z.union([edge, z.tuple([edge, edge]), z.literal('same'), z.literal('valid')])
const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a name starts with a letter and holds letters, digits, - and _')
  .exactOptional()
const initialiser = initialiserSchema.exactOptional()
/** For each output channel the input channels it sees (LeNet-5's Table I). */
const connections = z.array(z.array(z.int().min(0)).min(1)).min(1)
/** Outputs: a number, or 'classes' for as many as the dataset has labels. */
const units = z.union([count, z.literal('classes')])
const flag = z.boolean().exactOptional()

const conv2d = z.strictObject({
  type: z.literal('conv2d'),
  name,
  /** Output channels. */
  filters: count,
  kernel: pair,
  stride: pair.exactOptional(),
  padding: padding2d.exactOptional(),
  dilation: pair.exactOptional(),
  groups: count.exactOptional(),
  bias: flag,
  /** All of them unless given. */
  connections: connections.exactOptional(),
  initialiser,
})

const conv1d = z.strictObject({
  type: z.literal('conv1d'),
  name,
  filters: count,
  /** In frames. */
  kernel: count,
  stride: count.exactOptional(),
  padding: padding1d.exactOptional(),
  dilation: count.exactOptional(),
  groups: count.exactOptional(),
  bias: flag,
  initialiser,
})

const linear = z.strictObject({
  type: z.literal('linear'),
  name,
  units,
  bias: flag,
  initialiser,
})

const epsilon = z.number().positive().max(1).exactOptional()
const batchNorm = z.strictObject({
  type: z.literal('batchNorm'),
  name,
  epsilon,
  /** Weight of the newest batch in the running statistics. */
  momentum: z.number().min(0).max(1).exactOptional(),
})
const layerNorm = z.strictObject({
  type: z.literal('layerNorm'),
  name,
  epsilon,
  /** 'clip': over all features of a clip (unless told); 'frame': over the features of each frame by itself. */
  over: z.enum(['clip', 'frame']).exactOptional(),
})
const subSpectralNorm = z.strictObject({
  type: z.literal('subSpectralNorm'),
  name,
  /** Bands of equal height into which the frequencies are divided. */
  bands: count,
  epsilon,
  momentum: z.number().min(0).max(1).exactOptional(),
})

const pool = { name, kernel: pair, stride: pair.exactOptional(), padding: padding2d.exactOptional() }
const maxPool = z.strictObject({ type: z.literal('maxPool'), ...pool })
const avgPool = z.strictObject({ type: z.literal('avgPool'), ...pool })
const trainableAvgPool = z.strictObject({ type: z.literal('trainableAvgPool'), name, kernel: pair, stride: pair.exactOptional() })
const globalAvgPool = z.strictObject({ type: z.literal('globalAvgPool'), name })
const frequencyAvgPool = z.strictObject({ type: z.literal('frequencyAvgPool'), name })
const globalMaxPool = z.strictObject({ type: z.literal('globalMaxPool'), name })

const dropout = z.strictObject({
  type: z.literal('dropout'),
  name,
  rate: z.number().min(0).lt(1),
  /** Drops whole channels rather than single values. */
  channels: flag,
})
const flatten = z.strictObject({ type: z.literal('flatten'), name })

const relu = z.strictObject({ type: z.literal('relu'), name })
const leakyRelu = z.strictObject({ type: z.literal('leakyRelu'), name, slope: z.number().min(0).max(1).exactOptional() })
const sigmoid = z.strictObject({ type: z.literal('sigmoid'), name })
const tanh = z.strictObject({
  type: z.literal('tanh'),
  name,
  /** LeCun's 1.7159·tanh(2x/3), which maps ±1 to ±1. */
  scaled: flag,
})
const silu = z.strictObject({ type: z.literal('silu'), name })
const gelu = z.strictObject({ type: z.literal('gelu'), name })

const recurrent = {
  name,
  units: count,
  bidirectional: flag,
  /** 'last' gives the final state as a vector, 'all' the state at every frame as [units, 1, frames]. */
  returns: z.enum(['last', 'all']).exactOptional(),
}
const gru = z.strictObject({ type: z.literal('gru'), ...recurrent })
const lstm = z.strictObject({ type: z.literal('lstm'), ...recurrent })

const selfAttention = z.strictObject({
  type: z.literal('selfAttention'),
  name,
  heads: count,
  /** Features of a head's queries, keys and values; all features divided by the heads unless given. */
  headSize: count.exactOptional(),
  initialiser,
})
const positions = z.strictObject({ type: z.literal('positions'), name, initialiser })
const classToken = z.strictObject({ type: z.literal('classToken'), name, initialiser })
const firstFrame = z.strictObject({ type: z.literal('firstFrame'), name })

const leaves = [
  conv2d,
  conv1d,
  linear,
  batchNorm,
  layerNorm,
  subSpectralNorm,
  maxPool,
  avgPool,
  trainableAvgPool,
  globalAvgPool,
  globalMaxPool,
  frequencyAvgPool,
  dropout,
  flatten,
  relu,
  leakyRelu,
  sigmoid,
  tanh,
  silu,
  gelu,
  gru,
  lstm,
  selfAttention,
  positions,
  classToken,
  firstFrame,
] as const

export type LeafSpec = z.infer<(typeof leaves)[number]>

/** body(x) + shortcut(x); the shortcut is the identity unless given. */
export interface ResidualSpec {
  readonly type: 'residual'
  readonly name?: string
  readonly body: readonly LayerSpec[]
  readonly shortcut?: readonly LayerSpec[]
  /** 'frequency': the body gives [channel, 1, frame], which is added at every frequency of the shortcut. */
  readonly broadcast?: 'frequency'
}

/** A named group of layers, one after the other. */
export interface SequentialSpec {
  readonly type: 'sequential'
  readonly name?: string
  readonly layers: readonly LayerSpec[]
}

export type LayerSpec = LeafSpec | ResidualSpec | SequentialSpec
export type LayerType = LayerSpec['type']
export type LeafType = LeafSpec['type']
export type SpecOf<T extends LeafType> = Extract<LeafSpec, { type: T }>

const nested: z.ZodType<LayerSpec[]> = z.lazy(() => z.array(layerSchema).min(1).max(256))
const residual = z.strictObject({ type: z.literal('residual'), name, body: nested, shortcut: nested.exactOptional(), broadcast: z.literal('frequency').exactOptional() })
const sequential = z.strictObject({ type: z.literal('sequential'), name, layers: nested })

const all = [...leaves, residual, sequential] as const
export const layerSchema: z.ZodType<LayerSpec> = z.discriminatedUnion('type', [...all])
export const layerTypes: readonly LayerType[] = all.map((schema) => schema.shape.type.value)

/** The settings of a type, `type` and `name` among them, as the schema has them. */
export const settingsOf = (type: LayerType): Readonly<Record<string, z.ZodType>> => all.find((schema) => schema.shape.type.value === type)!.shape
/** Schemas that stand for more than one kind of value: by identity, so that a form can tell them apart. */
export const COMPOUND = { pair, padding2d, padding1d, units, connections, nested, initialiser: initialiserSchema } as const
