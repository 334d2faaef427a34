/**
 * What an experiment or a search does: settings that all trials share, axes along which they differ, and the trials. Kept
 * as the group's configuration, so that it can go on after a restart and be done again.
 */
import { z } from 'zod'
import { deviceSchema, trainingSettingsSchema } from '../training/index.ts'

/** What an axis may change. */
export const FIELDS = ['architecture', 'frontEnd', 'augment', 'optimizer', 'rate', 'weightDecay', 'batch', 'epochs', 'dropout', 'labelSmoothing', 'clipNorm'] as const
export type Field = (typeof FIELDS)[number]
export const NUMERIC_FIELDS = ['rate', 'weightDecay', 'batch', 'epochs', 'dropout', 'labelSmoothing', 'clipNorm'] as const satisfies readonly Field[]
export type NumericField = (typeof NUMERIC_FIELDS)[number]

const finite = z.number()
/** Some named values; for an architecture with the front end that it is to have, for an optimiser with its usual rate. */
const choiceAxis = z.strictObject({ field: z.enum(FIELDS), options: z.array(z.strictObject({ name: z.string().min(1).max(200), value: z.json() })).min(1).max(64) })
const rangeAxis = z
  .strictObject({
    field: z.enum(NUMERIC_FIELDS),
    low: finite,
    high: finite,
    /** Equal ratios are equally likely, not equal differences. */
    logarithmic: z.boolean(),
    /** Values of a grid. */
    points: z.int().min(2).max(20),
  })
  .refine((axis) => axis.low < axis.high, 'the lower end is not below the upper')
  .refine((axis) => !axis.logarithmic || axis.low > 0, 'a logarithmic range begins above zero')
export const axisSchema = z.union([choiceAxis, rangeAxis])
export type Axis = z.output<typeof axisSchema>
export type ChoiceAxis = z.output<typeof choiceAxis>
export type RangeAxis = z.output<typeof rangeAxis>
export const isRange = (axis: Axis): axis is RangeAxis => 'low' in axis

export const measureSchema = z.enum(['accuracy', 'macroF1', 'loss'])
/** By which validation measure trials are ranked. */
export type Measure = z.output<typeof measureSchema>

const seed = z.int().nonnegative()
export const MOST_TRIALS = 500
export const methodSchema = z.discriminatedUnion('type', [
  /** Every combination of the axes, each with every seed: a comparison. */
  z.strictObject({ type: z.literal('factorial'), seeds: z.array(seed).min(1).max(50) }),
  z.strictObject({ type: z.literal('grid') }),
  z.strictObject({ type: z.literal('random'), trials: z.int().min(1).max(MOST_TRIALS), seed }),
  /** Random trials; after `fewestEpochs` and every `factor` times as many, one of `factor` goes on. */
  z.strictObject({ type: z.literal('halving'), trials: z.int().min(2).max(MOST_TRIALS), seed, factor: z.int().min(2).max(10), fewestEpochs: z.int().min(1).max(10_000) }),
])
export type Method = z.output<typeof methodSchema>

const shared = {
  axes: z.array(axisSchema).min(1).max(12),
  method: methodSchema,
  measure: measureSchema,
  /** Which runs the test clips are given to, once, when everything else is over. */
  test: z.enum(['all', 'best', 'none']),
  device: deviceSchema,
  threads: z.int().min(1).max(256).nullable(),
}
/** As it was asked for; the settings are checked for each trial. */
export const requestSchema = z.strictObject({ base: z.record(z.string(), z.unknown()), ...shared })
export type ExperimentRequest = z.output<typeof requestSchema>

export const designSchema = z.strictObject({
  version: z.literal(1),
  base: trainingSettingsSchema,
  ...shared,
  /** For each axis the number of the option, or the value in the range. */
  trials: z.array(z.strictObject({ values: z.array(finite), seed })).min(1).max(MOST_TRIALS),
})
export type Design = z.output<typeof designSchema>
export type Trial = Design['trials'][number]

export const kindOf = (method: Method): 'experiment' | 'search' => (method.type === 'factorial' ? 'experiment' : 'search')
