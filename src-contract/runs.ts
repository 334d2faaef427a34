import { z } from 'zod'
import { call } from './errors.ts'
import { Id, Name, RunId } from './values.ts'

/**
 * `queued`: waits to be trained. `stopped`: by the person, with a checkpoint to go on from. `interrupted`: the
 * program or the machine went down in the middle; it can go on as well.
 */
export const RunStatus = z.enum(['created', 'queued', 'running', 'finished', 'stopped', 'failed', 'interrupted'])
export type RunStatus = z.infer<typeof RunStatus>

/** Plain JSON that the program checks against a schema of its own (a front end, an architecture, a policy). */
export const JsonObject = z.record(z.string(), z.json())
export type JsonObject = z.infer<typeof JsonObject>

/** What is trained and how. The parts that are lists of their own are plain JSON here. */
export const RunSettings = z.looseObject({
  frontEnd: JsonObject,
  architecture: JsonObject,
  augment: JsonObject,
  loss: JsonObject,
  optimizer: JsonObject,
  schedule: JsonObject,
  /** Largest global norm of the gradients. */
  clipNorm: z.number().nullable(),
  epochs: z.number(),
  /** Clips a step. */
  batch: z.number(),
  seed: z.number(),
  bestMetric: z.enum(['loss', 'accuracy']),
  /** Epochs without a better one after which it stops. */
  patience: z.number().nullable(),
  select: z.enum(['best', 'last']),
})
export type RunSettings = z.infer<typeof RunSettings>

export const Device = z.enum(['auto', 'cpu', 'webgpu'])
export type Device = z.infer<typeof Device>
export const Threads = z.int().min(1).max(256).nullable()

const count = z.int().nonnegative()
const part = z.number().nullable()
export const ClipSides = z.strictObject({ train: count, validation: count, test: count })
export type ClipSides = z.infer<typeof ClipSides>

/** One training, as a table shows it. */
export const Run = z.strictObject({
  id: RunId,
  name: z.string(),
  dataset: Id.nullable(),
  datasetName: z.string(),
  status: RunStatus,
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  tags: z.array(z.string()),
  note: z.string(),
  favourite: z.boolean(),
  /** The experiment or search that it is part of. */
  group: z.string().nullable(),
  /** What it was asked to do, in short; null where its settings cannot be read. */
  config: z
    .strictObject({
      architecture: z.string(),
      frontEnd: z.string(),
      /** Steps of the augmentation policy; 0 is none. */
      augmentSteps: count,
      optimizer: z.string(),
      schedule: z.string(),
      rate: z.number(),
      epochs: count,
      batch: count,
      seed: count,
      device: Device,
      threads: Threads,
      labels: count,
      clips: ClipSides,
      /** Equal for runs on the same clips, labels and sides: their results can be compared clip by clip. */
      splitHash: z.string(),
    })
    .nullable(),
  /** What came out so far; null where it is not known. Parts from 0 to 1, losses in nats. */
  summary: z.strictObject({
    epochs: count.nullable(),
    steps: count.nullable(),
    parameters: count.nullable(),
    secondsPerEpoch: part,
    chosenEpoch: count.nullable(),
    device: z.string().nullable(),
    trainLoss: part,
    trainAccuracy: part,
    validationLoss: part,
    validationAccuracy: part,
    validationMacroF1: part,
    testAccuracy: part,
    testMacroF1: part,
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
  }),
})
export type Run = z.infer<typeof Run>

const Interval = z.strictObject({ low: z.number(), high: z.number() })

/** How well a run does on one side of the split. */
export const Evaluation = z.strictObject({
  clips: count,
  classes: z.array(z.string()),
  accuracy: z.number(),
  balancedAccuracy: z.number(),
  macroF1: z.number(),
  /** Nats. */
  loss: part,
  calibrationError: part,
  intervals: z.strictObject({ accuracy: Interval.nullable(), balancedAccuracy: Interval.nullable(), macroF1: Interval.nullable() }),
  perClass: z.array(z.strictObject({ label: z.string(), support: count, precision: part, recall: part, f1: part })),
  /** Rows are the truth, columns what was recognised; in the order of `classes`. */
  confusion: z.array(z.array(count)),
})
export type Evaluation = z.infer<typeof Evaluation>

export const RunDetail = z.strictObject({
  run: Run,
  settings: RunSettings.nullable(),
  labels: z.array(z.string()),
  /** Epochs so far: mean training loss and accuracy, and validation after each. */
  epochs: z.array(
    z.strictObject({
      epoch: count,
      step: count,
      loss: z.number(),
      accuracy: z.number(),
      validation: z.strictObject({ loss: z.number(), accuracy: z.number() }).nullable(),
      learningRate: z.number(),
      seconds: z.number(),
    }),
  ),
  validation: Evaluation.nullable(),
  test: Evaluation.nullable(),
  /** Clips that could not be read and were left out. */
  skipped: z.array(z.strictObject({ clip: z.int(), file: z.string(), message: z.string() })),
})
export type RunDetail = z.infer<typeof RunDetail>

/** One curve by step. At most as many points as were asked for; peaks and valleys stay. */
export const Curve = z.strictObject({
  /** `train.loss`, `train.accuracy`, `validation.loss`, `validation.accuracy`, `learningRate`, `gradientNorm`, `gradient.<layer>`. */
  name: z.string(),
  x: z.array(z.number()),
  y: z.array(z.number()),
  /** Points before they were made fewer. */
  total: count,
})
export type Curve = z.infer<typeof Curve>

/** Columns, one entry a clip; the clips of two runs of one `splitHash` are the same. */
export const Predictions = z.strictObject({
  labels: z.array(z.string()),
  id: z.array(Id),
  label: z.array(count),
  predicted: z.array(count),
  confidence: z.array(z.number()),
  truth: z.array(z.number()),
})
export type Predictions = z.infer<typeof Predictions>

/** Lines of text. */
const Note = z.string().max(10_000).regex(/^(?:[^\p{Cc}]|[\n\t])*$/u, 'no control characters but line breaks')

const one = z.strictObject({ run: RunId })

export const runs = {
  /** Newest first; of one dataset, or of all. */
  list: call.input(z.strictObject({ dataset: Id.nullable() })).output(z.array(Run)),
  /** Those in the bin. */
  binned: call.output(z.array(Run)),
  get: call.input(one).output(RunDetail),
  curves: call.input(z.strictObject({ run: RunId, points: z.int().min(16).max(5000), layers: z.boolean() })).output(z.array(Curve)),
  /** `NOT_FOUND` where the run was not evaluated on that side. */
  predictions: call.input(z.strictObject({ run: RunId, split: z.enum(['validation', 'test']) })).output(Predictions),
  annotate: call
    .input(z.strictObject({ run: RunId, name: Name.optional(), tags: z.array(Name).max(50).optional(), note: Note.optional(), favourite: z.boolean().optional() }))
    .output(z.void()),
  /** Into the bin; its files stay. */
  remove: call.input(one).output(z.void()),
  restore: call.input(one).output(z.void()),
}
