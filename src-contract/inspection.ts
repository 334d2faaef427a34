import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { MediaKey } from './augmentation.ts'
import { call, ErrorData } from './errors.ts'
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

/** Clips of one group are predicted by the same network: those of a recording (and copies that sound alike), or of a speaker. */
export const CheckGroup = z.enum(['recording', 'speaker'])
export type CheckGroup = z.infer<typeof CheckGroup>

export const CheckProgress = z.strictObject({
  /** Null: nothing is under way. `waiting`: a training of the queue comes first. */
  current: z
    .strictObject({ dataset: Id, phase: z.enum(['waiting', 'preparing', 'training', 'stopping']), fold: count, folds: count, /** Of the whole check, 0 to 1. */ part: z.number() })
    .nullable(),
  /** Why the last one ended early, unless it was stopped. */
  problem: z.strictObject({ dataset: Id, message: z.string(), ...ErrorData.shape }).nullable(),
})
export type CheckProgress = z.infer<typeof CheckProgress>

export const LabelIssue = z.strictObject({
  clip: Id,
  /** Labels of the dataset: the one that the clip has, and the one that the networks heard. */
  given: Id,
  suggested: Id,
  /** Of the given label and of the suggested one, 0 to 1. */
  selfConfidence: z.number(),
  probability: z.number(),
  /** Their difference: the lower, the surer is the error. */
  margin: z.number(),
  /** `open`: its label is doubted. `changed`, `confirmed`: a person has decided since. `gone`: in the bin. */
  state: z.enum(['open', 'changed', 'confirmed', 'gone']),
})
export type LabelIssue = z.infer<typeof LabelIssue>

export const LabelCheck = z.strictObject({
  run: RunId,
  startedAt: z.string(),
  /** Null where it was stopped or interrupted: it can go on. */
  finishedAt: z.string().nullable(),
  by: CheckGroup,
  folds: count,
  clips: count,
  /** Clips that could not be read. */
  skipped: count,
  /** Part of the clips whose label the networks agree with. */
  agreement: z.number().nullable(),
  /** The surest errors first. */
  issues: z.array(LabelIssue),
})
export type LabelCheck = z.infer<typeof LabelCheck>

/** `badge`: uncertain and unlike one another (Ash et al. 2020). `margin`, `entropy`: uncertain alone. */
export const ChoiceMethod = z.enum(['badge', 'margin', 'entropy'])
export type ChoiceMethod = z.infer<typeof ChoiceMethod>

export const NextClip = z.strictObject({
  clip: Id,
  /** What the network would call it; null where the dataset no longer has that label. */
  label: Id.nullable(),
  probability: z.number(),
  /** Entropy, 0 (sure) to 1. */
  uncertainty: z.number(),
})
export type NextClip = z.infer<typeof NextClip>

export const NextClipsEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), /** Clips are read, the network is asked about them, and some of them are chosen. */ phase: z.enum(['preparing', 'asking', 'choosing']), done: count, total: count }),
  z.strictObject({ type: z.literal('chosen'), dataset: Id, looked: count, skipped: count, /** The most instructive first. */ clips: z.array(NextClip) }),
])
export type NextClipsEvent = z.infer<typeof NextClipsEvent>

export const inspection = {
  /** `NOT_FOUND` where the run was not evaluated. */
  scores: call.input(z.strictObject({ run: RunId, split: z.enum(['validation', 'test']) })).output(Scores),
  /** The newest check of a dataset's labels; null where there is none. */
  labelCheck: call.input(z.strictObject({ dataset: Id })).output(LabelCheck.nullable()),
  /** Checks the labels of the run's dataset by networks of its settings; takes the place of an older check. `RUN_BUSY` while one is under way. */
  checkLabels: call.input(z.strictObject({ run: RunId, folds: z.int().min(2).max(20), by: CheckGroup })).output(z.void()),
  /** Goes on with one that was stopped or interrupted. */
  resumeCheck: call.input(z.strictObject({ dataset: Id })).output(z.void()),
  stopCheck: call.output(z.void()),
  removeCheck: call.input(z.strictObject({ dataset: Id })).output(z.void()),
  /** How far the check is that is under way: now, then at every change, until the caller stops it. */
  watchCheck: call.output(eventIterator(CheckProgress)),
  /** The unlabelled clips of the run's dataset that would teach its network most. Who stops reading cancels. */
  nextClips: call.input(z.strictObject({ run: RunId, count: z.int().min(1).max(2000), method: ChoiceMethod })).output(eventIterator(NextClipsEvent)),
  corrections: call.input(z.strictObject({ run: RunId })).output(Corrections),
}
