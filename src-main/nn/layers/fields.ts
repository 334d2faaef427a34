/**
 * The table of layer types as data, for forms: what each takes, in which range, and what it is unless told. Names,
 * ranges and choices are read from the schemas of the layer list; only what a schema does not know stands here.
 */
import { z } from 'zod'
import { initialiserNames } from '../initialisers.ts'
import { DEFAULT_LEAKY_SLOPE } from './activation.ts'
import { nameLayers } from './plan.ts'
import { COMPOUND, layerTypes, settingsOf, type LayerSpec, type LayerType } from './spec.ts'

type Value =
  | { readonly kind: 'number'; readonly min: number; readonly max: number | null; readonly integer: boolean }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** One whole number for both directions, or [height, width]. */
  | { readonly kind: 'pair'; readonly min: number; readonly max: number }
  /** 'same', 'valid', one number, or one for each of so many sides. */
  | { readonly kind: 'padding'; readonly sides: 2 | 4; readonly min: number; readonly max: number }
  /** A whole number, or 'classes'. */
  | { readonly kind: 'units'; readonly min: number; readonly max: number }
  /** Input channels for each filter. */
  | { readonly kind: 'connections' }
  /** One of these names, or a distribution with its own number. */
  | { readonly kind: 'initialiser'; readonly names: readonly string[] }
  | { readonly kind: 'layers' }

export type LayerField = Value & {
  readonly name: string
  readonly required: boolean
  /** What it is where it is left out; null where that depends on something else. */
  readonly usual: string | number | boolean | null
}

export type LayerGroup = 'convolution' | 'dense' | 'recurrent' | 'attention' | 'normalisation' | 'activation' | 'pooling' | 'shape' | 'regularisation' | 'block'

export interface LayerTypeData {
  readonly type: LayerType
  readonly group: LayerGroup
  /** The start of the names that layers get by themselves: `conv` of `conv1`. */
  readonly stem: string
  /** Without `type` and `name`. */
  readonly fields: readonly LayerField[]
  /** What a new one starts with. */
  readonly initial: LayerSpec
}

const GROUPS: { readonly [T in LayerType]: LayerGroup } = {
  conv2d: 'convolution', conv1d: 'convolution',
  linear: 'dense',
  gru: 'recurrent', lstm: 'recurrent',
  selfAttention: 'attention', positions: 'attention', classToken: 'attention', firstFrame: 'attention',
  batchNorm: 'normalisation', layerNorm: 'normalisation', subSpectralNorm: 'normalisation',
  relu: 'activation', leakyRelu: 'activation', sigmoid: 'activation', tanh: 'activation', silu: 'activation', gelu: 'activation',
  maxPool: 'pooling', avgPool: 'pooling', trainableAvgPool: 'pooling', globalAvgPool: 'pooling', globalMaxPool: 'pooling', frequencyAvgPool: 'pooling',
  flatten: 'shape',
  dropout: 'regularisation',
  residual: 'block', sequential: 'block',
}

type SpecFor<T extends LayerType> = Extract<LayerSpec, { type: T }>

/** What new layers start with: their usual size, keeping height and width where they can. */
const INITIAL: { readonly [T in LayerType]: Omit<SpecFor<T>, 'type'> } = {
  conv2d: { filters: 16, kernel: 3, padding: 'same' },
  conv1d: { filters: 32, kernel: 3, padding: 'same' },
  linear: { units: 64 },
  gru: { units: 64 }, lstm: { units: 64 },
  selfAttention: { heads: 1 }, positions: {}, classToken: {}, firstFrame: {},
  batchNorm: {}, layerNorm: {}, subSpectralNorm: { bands: 4 },
  relu: {}, leakyRelu: {}, sigmoid: {}, tanh: {}, silu: {}, gelu: {},
  maxPool: { kernel: 2 }, avgPool: { kernel: 2 }, trainableAvgPool: { kernel: 2 }, globalAvgPool: {}, globalMaxPool: {}, frequencyAvgPool: {},
  flatten: {},
  dropout: { rate: 0.2 },
  residual: { body: [{ type: 'batchNorm' }, { type: 'relu' }] },
  sequential: { layers: [{ type: 'relu' }] },
}

const CONVOLUTION = { stride: 1, padding: 'valid', dilation: 1, groups: 1, bias: true } as const
const STATISTICS = { epsilon: 1e-5, momentum: 0.1 } as const
const RECURRENT = { bidirectional: false, returns: 'last' } as const
/** What the layers take for a setting that is left out; a test plans each both ways. */
const USUAL: { readonly [T in LayerType]?: { readonly [S in keyof SpecFor<T>]?: SpecFor<T>[S] } } = {
  conv2d: CONVOLUTION, conv1d: CONVOLUTION,
  linear: { bias: true },
  batchNorm: STATISTICS, subSpectralNorm: STATISTICS,
  layerNorm: { epsilon: 1e-5, over: 'clip' },
  maxPool: { padding: 'valid' }, avgPool: { padding: 'valid' },
  dropout: { channels: false },
  leakyRelu: { slope: DEFAULT_LEAKY_SLOPE },
  tanh: { scaled: false },
  gru: RECURRENT, lstm: RECURRENT,
}

export const layerTypeData = (): LayerTypeData[] => layerTypes.map(dataOf)

function dataOf(type: LayerType): LayerTypeData {
  const usual: Readonly<Record<string, unknown>> = USUAL[type] ?? {}
  const fields = Object.entries(settingsOf(type)).flatMap(([name, schema]): LayerField[] => {
    if (name === 'type' || name === 'name') return []
    const given = usual[name]
    const known = typeof given === 'number' || typeof given === 'string' || typeof given === 'boolean' ? given : null
    return [{ name, required: !(schema instanceof z.ZodExactOptional), usual: known, ...valueOf(schema) }]
  })
  // The table is typed entry by entry; that an entry and its type make a layer is not expressible for a union.
  const initial = { type, ...INITIAL[type] } as LayerSpec
  return { type, group: GROUPS[type], stem: nameLayers([{ type }])[0]!.replace(/\d+$/, ''), fields, initial }
}

function valueOf(schema: z.ZodType): Value {
  if (schema instanceof z.ZodExactOptional) return valueOf(schema.unwrap() as z.ZodType)
  if (schema === COMPOUND.pair) return { kind: 'pair', ...rangeOf(COMPOUND.pair.options[0]) }
  if (schema === COMPOUND.padding2d) return { kind: 'padding', sides: 4, ...rangeOf(COMPOUND.padding2d.options[0]) }
  if (schema === COMPOUND.padding1d) return { kind: 'padding', sides: 2, ...rangeOf(COMPOUND.padding1d.options[0]) }
  if (schema === COMPOUND.units) return { kind: 'units', ...rangeOf(COMPOUND.units.options[0]) }
  if (schema === COMPOUND.connections) return { kind: 'connections' }
  if (schema === COMPOUND.initialiser) return { kind: 'initialiser', names: initialiserNames }
  if (schema === COMPOUND.nested) return { kind: 'layers' }
  if (schema instanceof z.ZodBoolean) return { kind: 'flag' }
  if (schema instanceof z.ZodEnum) return { kind: 'choice', choices: schema.options.map(String) }
  if (schema instanceof z.ZodLiteral) return { kind: 'choice', choices: [...schema.values].map(String) }
  if (schema instanceof z.ZodNumber) return { kind: 'number', min: schema.minValue ?? 0, max: Number.isFinite(schema.maxValue) ? schema.maxValue : null, integer: schema.format !== null && schema.format !== 'float64' }
  throw new Error('Bug: a setting of a layer that no form knows')
}

const rangeOf = (schema: z.ZodNumber) => ({ min: schema.minValue!, max: schema.maxValue! })
