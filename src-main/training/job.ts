/**
 * A training job: everything that decides what is trained and where, as plain JSON. Equal settings, clips, seed,
 * device and thread count give equal weights.
 */
import { z } from 'zod'
import { editsHash, parseEdits } from '../audio/index.ts'
import { augmentPolicySchema } from '../augment/index.ts'
import { frontEndSchema } from '../features/index.ts'
import { hashJson, ok, fail, type Result } from '../kit/index.ts'
import { architectureSchema, lossSchema, optimizerSchema, scheduleSchema, type Architecture } from '../nn/index.ts'
import type { Classification } from './evaluation/classification.ts'
import type { Calibration } from './evaluation/temperature.ts'
import type { EpochRecord } from './checkpoint/checkpoint.ts'

const count = z.int().min(1)
const architecture: z.ZodType<Architecture> = architectureSchema

const edits = z.unknown().transform((value, context) => {
  const parsed = parseEdits(value ?? [])
  if (parsed.ok) return parsed.value
  context.addIssue({ code: 'custom', message: parsed.error.message })
  return z.NEVER
})

export const trainingClipSchema = z.strictObject({
  /** The catalog's. */
  id: z.int().nonnegative(),
  /** SHA-256 of the recording: with the span it names the clip's sound wherever the file lies. */
  contentKey: z.string().min(1),
  path: z.string().min(1),
  /** [start, end) in samples at the recording's own rate. */
  startSample: z.int().nonnegative(),
  endSample: count,
  /** What the span's sound goes through; none where it is left out. */
  edits: edits.optional(),
  /** Hz, the recording's own. */
  sampleRate: count,
  /** Index into the labels. */
  label: z.int().nonnegative(),
  split: z.enum(['train', 'validation', 'test']),
})
export type TrainingClip = z.output<typeof trainingClipSchema>

/** What is trained and how: the part of a job that a person chooses. */
export const trainingSettingsSchema = z.strictObject({
  frontEnd: frontEndSchema,
  architecture,
  augment: augmentPolicySchema,
  loss: lossSchema,
  optimizer: optimizerSchema,
  schedule: scheduleSchema,
  /** Largest global norm of the gradients; null for no clipping. */
  clipNorm: z.number().positive().nullable(),
  epochs: count.max(100_000),
  /** Clips a step; no more than there are training clips. */
  batch: count.max(65_536),
  seed: z.int().nonnegative(),
  /** Equal parts of a batch that batch normalisation sees by themselves, each of them large enough; 1 where it is left out. */
  ghostBatches: count.max(64).exactOptional(),
  /**
   * Against classes of unequal sizes: `sampling` shows clips of rare classes more often, `weights` weighs them more in
   * the loss. Left out: clips count alike.
   */
  balance: z.enum(['sampling', 'weights']).exactOptional(),
  /** By which validation measure an epoch is the best. */
  bestMetric: z.enum(['loss', 'accuracy']),
  /** Epochs without a better one after which training stops; null for never. */
  patience: count.nullable(),
  /** Which weights are evaluated and exported; without validation clips always the last. */
  select: z.enum(['best', 'last']),
})
export type TrainingSettings = z.output<typeof trainingSettingsSchema>

export const deviceSchema = z.enum(['auto', 'cpu', 'webgpu'])
export const foldersSchema = z.strictObject({
  /** Metrics, checkpoints and results of this run. */
  run: z.string().min(1),
  /** The feature cache, shared by runs. */
  features: z.string().min(1),
})

export const trainingJobSchema = z.strictObject({
  version: z.literal(1),
  labels: z.array(z.string()).min(2),
  clips: z.array(trainingClipSchema),
  settings: trainingSettingsSchema,
  device: deviceSchema,
  /** Threads within an operation; null for as many as the machine runs at once. */
  threads: count.max(256).nullable(),
  folders: foldersSchema,
  /** Go on from the run's newest checkpoint rather than start anew. */
  resume: z.boolean(),
  /** Numbers of epochs that the run had before it was given more: checkpoints of those may be gone on from. */
  earlierEpochs: z.array(count),
  /** False leaves the test clips alone until somebody asks for their evaluation. */
  test: z.boolean(),
  /** Seconds between checkpoints, which is what a crash costs at most. */
  checkpointSeconds: z.number().min(0),
  /** Steps that one line of the metrics covers. */
  logEvery: count,
})
export type TrainingJob = z.output<typeof trainingJobSchema>

export interface SkippedClip {
  readonly id: number
  readonly file: string
  readonly code: string
  readonly message: string
}

export interface TrainingResult {
  /** `ended`: the person ended it before its last epoch and kept what it had learned. */
  readonly status: 'finished' | 'stopped-early' | 'ended' | 'cancelled'
  readonly epochs: number
  readonly steps: number
  /** Trainable values. */
  readonly parameters: number
  readonly device: 'cpu' | 'webgpu'
  readonly deviceReason: string
  readonly threads: number
  readonly clips: { readonly train: number; readonly validation: number; readonly test: number }
  /** Clips that could not be read and were left out. */
  readonly skipped: readonly SkippedClip[]
  /** Median over the epochs, validation included. */
  readonly secondsPerEpoch: number | null
  /** Median over the epochs of the part that training steps took; null where no epoch was measured. */
  readonly stepShare: number | null
  /** Reading clips and computing their features. */
  readonly preparationSeconds: number
  /** Steps that earlier processes of this run had done. */
  readonly resumedFrom: number | null
  /** The weights that were evaluated: their file below the run's folder, and the epoch they are from. */
  readonly chosen: { readonly file: string; readonly kind: 'best' | 'last'; readonly epoch: number } | null
  readonly history: readonly EpochRecord[]
  readonly evaluation: { readonly validation: Classification | null; readonly test: Classification | null }
  /** Of the probabilities; null without validation clips, missing in results of before there was one. */
  readonly calibration?: Calibration | null
  readonly hashes: { readonly job: string; readonly data: string; readonly frontEnd: string; readonly architecture: string; readonly augment: string }
}

/** Checks a job: its shape, and that its clips can train something. */
export function parseTrainingJob(value: unknown): Result<TrainingJob> {
  const parsed = trainingJobSchema.safeParse(value)
  if (!parsed.success) return fail('INVALID', `The training job is not valid: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
  const job = parsed.data
  const bad = job.clips.find((c) => c.label >= job.labels.length || c.endSample <= c.startSample)
  if (bad) return fail('INVALID', `Clip ${bad.id} of the training job has label ${bad.label} of ${job.labels.length} or an empty span`, { file: bad.path })
  if (!job.clips.some((c) => c.split === 'train')) {
    return fail('INVALID', 'There is no clip to train with', { hint: 'Label some clips and put them on the training side of the split.' })
  }
  return ok(job)
}

/** What of a clip decides its sound. */
export const soundOf = ({ contentKey, startSample, endSample, edits = [] }: Pick<TrainingClip, 'contentKey' | 'startSample' | 'endSample' | 'edits'>) =>
  edits.length === 0 ? [contentKey, startSample, endSample] : [contentKey, startSample, endSample, editsHash(edits)]

/** Names the sound, label and side of every clip, in order. */
export const dataHash = (labels: readonly string[], clips: readonly Omit<TrainingClip, 'path'>[]): string =>
  hashJson({ labels, clips: clips.map((c) => [...soundOf(c), c.label, c.split]) })

/** Names everything that decides the arithmetic but the device: a checkpoint belongs to one such job. */
export const jobHash = (settings: TrainingSettings, data: string): string => hashJson({ version: 1, settings, data })
