/** Evaluation of a checkpoint on given clips, as plain JSON. */
import { z } from 'zod'
import type { Classification } from './evaluation/classification.ts'
import { deviceSchema, foldersSchema, trainingClipSchema, trainingSettingsSchema, type SkippedClip } from './job.ts'

export const evaluationJobSchema = z.strictObject({
  version: z.literal(1),
  labels: z.array(z.string()).min(2),
  clips: z.array(trainingClipSchema).min(1),
  frontEnd: trainingSettingsSchema.shape.frontEnd,
  architecture: trainingSettingsSchema.shape.architecture,
  /** The checkpoint's file. */
  checkpoint: z.string().min(1),
  device: deviceSchema,
  threads: z.int().min(1).max(256).nullable(),
  /** Of the feature cache. */
  features: foldersSchema.shape.features,
  /** Of the bootstrap. */
  seed: z.int().nonnegative(),
})
export type EvaluationJob = z.output<typeof evaluationJobSchema>

/** What the network said of one clip. */
export interface Prediction {
  /** The clip's. */
  readonly id: number
  readonly split: 'train' | 'validation' | 'test'
  /** Index of the true label. */
  readonly label: number
  readonly predicted: number
  /** One a label. */
  readonly probabilities: readonly number[]
}

export interface EvaluationResult {
  readonly classification: Classification
  readonly predictions: readonly Prediction[]
  readonly skipped: readonly SkippedClip[]
}
