import { z } from 'zod'
import { MediaKey } from './augmentation.ts'
import { call } from './errors.ts'
import { Id, RunId } from './values.ts'

const count = z.int().nonnegative()

const Measures = z.strictObject({ expectedCalibrationError: z.number(), negativeLogLikelihood: z.number() })
const ScaledSide = z.strictObject({ before: Measures, after: Measures })
/** What dividing the logits by a temperature does: fitted on the validation clips, applied to both sides. */
export const Calibration = z.strictObject({ temperature: z.number().positive(), validation: ScaledSide, test: ScaledSide.nullable() })
export type Calibration = z.infer<typeof Calibration>

/** Everything that a run said of one side of its split, in columns: one entry a clip. */
export const Scores = z.strictObject({
  labels: z.array(z.string()),
  id: z.array(Id),
  /** Indices of `labels`. */
  label: z.array(count),
  predicted: z.array(count),
  /** Float32, little-endian, [clip, label]: see `previewUrl`. */
  probabilities: MediaKey,
  /** The clip is still there; the other columns are as the library has them now. */
  present: z.array(z.boolean()),
  speaker: z.array(z.string().nullable()),
  seconds: z.array(z.number().nullable()),
  /** Signal to noise ratio, dB. */
  snr: z.array(z.number().nullable()),
  /** Null without validation clips. */
  calibration: Calibration.nullable(),
})
export type Scores = z.infer<typeof Scores>

/** Clips of the run's dataset that are no longer as they were when it was trained. */
export const Corrections = z.strictObject({ relabelled: count, removed: count, added: count, changed: count })
export type Corrections = z.infer<typeof Corrections>

export const inspection = {
  /** `NOT_FOUND` where the run was not evaluated. */
  scores: call.input(z.strictObject({ run: RunId, split: z.enum(['validation', 'test']) })).output(Scores),
  corrections: call.input(z.strictObject({ run: RunId })).output(Corrections),
}
