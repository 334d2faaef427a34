import { z } from 'zod'
import { call } from './errors.ts'
import { Name, Sha256, RunId } from './values.ts'

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
  export: call.input(z.strictObject({ run: RunId, name: Name.nullable() })).output(Model),
}

/** The ONNX file, to save. */
export const modelFileUrl = (model: Pick<Model, 'id'>): string => `/models/${model.id}.onnx`
