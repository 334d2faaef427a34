import { z } from 'zod'
import { call } from './errors.ts'
import { JsonObject } from './runs.ts'
import { Name } from './values.ts'

const count = z.int().nonnegative()
const field = { name: z.string(), required: z.boolean(), /** Null where it depends on something else. */ usual: z.union([z.string(), z.number(), z.boolean(), z.null()]) }
const range = { min: z.number(), max: z.number() }

/** What a person can set on a layer. */
export const LayerField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), ...field, min: z.number(), max: z.number().nullable(), integer: z.boolean() }),
  z.strictObject({ kind: z.literal('flag'), ...field }),
  z.strictObject({ kind: z.literal('choice'), ...field, choices: z.array(z.string()) }),
  /** One whole number for both directions, or [height, width]. */
  z.strictObject({ kind: z.literal('pair'), ...field, ...range }),
  /** 'same', 'valid', one whole number, or one for each of so many sides. */
  z.strictObject({ kind: z.literal('padding'), ...field, ...range, sides: z.union([z.literal(2), z.literal(4)]) }),
  /** A whole number, or 'classes'. */
  z.strictObject({ kind: z.literal('units'), ...field, ...range }),
  /** A list of input channels for each filter. */
  z.strictObject({ kind: z.literal('connections'), ...field }),
  /** One of the names, or `{ type: 'uniform', limit }`, `{ type: 'normal', deviation }`, `{ type: 'constant', value }`. */
  z.strictObject({ kind: z.literal('initialiser'), ...field, names: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('layers'), ...field }),
])
export type LayerField = z.infer<typeof LayerField>

export const LAYER_GROUPS = ['convolution', 'pooling', 'normalisation', 'activation', 'dense', 'recurrent', 'attention', 'shape', 'regularisation', 'block'] as const
export const LayerType = z.strictObject({
  type: z.string(),
  group: z.enum(LAYER_GROUPS),
  /** The start of the names that layers get by themselves: `conv` of `conv1`. */
  stem: z.string(),
  fields: z.array(LayerField),
  /** What a new one starts with. */
  initial: JsonObject,
})
export type LayerType = z.infer<typeof LayerType>

const values = z.record(z.string(), z.union([z.string(), z.number()]))
const shape = z.array(count)
export const SketchRow = z.strictObject({
  /** Indices, and the names of the lists of blocks: `[4, 'body', 0]`. */
  place: z.array(z.union([z.string(), z.number()])),
  /** Names from the outside in, joined by dots. */
  path: z.string(),
  type: z.string(),
  input: shape.nullable(),
  /** Null from the first layer on that cannot be. */
  output: shape.nullable(),
  parameters: count,
  /** Multiply-accumulates for one clip. */
  macs: count,
  /** Its text is `architecture.problem.<code>`, filled with the values. */
  problem: z.strictObject({ code: z.string(), values }).nullable(),
})
export type SketchRow = z.infer<typeof SketchRow>

export const Sketch = z.strictObject({
  /** [channel, height, width] of one clip's features. */
  input: shape,
  /** Every layer in order, blocks before what is in them. */
  rows: z.array(SketchRow),
  /** What is wrong with the whole: `architecture.problem.<code>`. */
  problems: z.array(z.strictObject({ code: z.string(), values })),
  parameters: count,
  macs: count,
  valid: z.boolean(),
})
export type Sketch = z.infer<typeof Sketch>

export const architectures = {
  /** The table of layer types, and the activations that a whole network can have. */
  types: call.output(z.strictObject({ types: z.array(LayerType), activations: z.array(z.string()) })),
  /** Of an architecture as it is being written: what is wrong with it is part of the answer. */
  describe: call.input(z.strictObject({ architecture: JsonObject, frontEnd: JsonObject, classes: z.int().min(2).max(65_536) })).output(Sketch),
  /** With this activation in the place of every other. */
  activation: call.input(z.strictObject({ architecture: JsonObject, activation: z.string().max(40) })).output(z.strictObject({ architecture: JsonObject })),
  /** Under the name that it has itself, in the place of what it held. */
  save: call.input(z.strictObject({ architecture: JsonObject })).output(z.void()),
  remove: call.input(z.strictObject({ name: Name })).output(z.void()),
}
