import { z } from 'zod'
import { call } from './errors.ts'
import { Name, Sha256, RunId } from './values.ts'

/**
 * How a model's numbers are stored: `float16` halves the file, `int8` (weights and activations, ranges measured on
 * training clips) makes it a quarter.
 */
export const Precision = z.enum(['float32', 'float16', 'int8'])
export type Precision = z.infer<typeof Precision>

/** What a model does with clips that it has not learned from. */
export const Measurement = z.strictObject({
  split: z.enum(['test', 'validation']),
  clips: z.int().positive(),
  accuracy: z.number().min(0).max(1),
  /** Milliseconds for one clip on one thread, the median. */
  milliseconds: z.number().nonnegative(),
})
export type Measurement = z.infer<typeof Measurement>

/** An exported recogniser that the library holds. */
export const Model = z.strictObject({
  /** SHA-256 of the file. */
  id: Sha256,
  name: z.string(),
  /** The run that it came from; null where the file came from elsewhere. */
  run: z.string().nullable(),
  labels: z.array(z.string()),
  /** Hz */
  sampleRate: z.int().positive(),
  /** What it looks at. */
  seconds: z.number().positive(),
  parameters: z.int().nonnegative(),
  precision: Precision,
  bytes: z.int().positive(),
  /** Such as `test.accuracy`. */
  metrics: z.record(z.string(), z.number()),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** False where the file is no longer there. */
  present: z.boolean(),
})
export type Model = z.infer<typeof Model>

export const models = {
  /** Newest first. */
  list: call.output(z.array(Model)),
  /** Writes the run's recogniser into the library; the same weights again give the same model. */
  export: call.input(z.strictObject({ run: RunId, name: Name.nullable(), precision: Precision })).output(Model),
  /** Runs the exported file itself on the test clips of its run (validation clips where there are none). */
  measure: call.input(z.strictObject({ model: Sha256 })).output(Measurement),
}

/** The ONNX file, to save. */
export const modelFileUrl = (model: Pick<Model, 'id'>): string => `/models/${model.id}.onnx`
