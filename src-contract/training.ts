import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { Device, JsonObject, RunSettings, ClipSides, Threads } from './runs.ts'
import { Id, Name, RunId } from './values.ts'

const count = z.int().nonnegative()

/** What can be chosen for a training of a dataset, with a good start. */
export const TrainingChoices = z.strictObject({
  architectures: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      /** Authors, title, year. */
      paper: z.string().nullable(),
      /** The person's own. */
      own: z.boolean(),
      /** The front end that suits it best. */
      frontEnd: z.string(),
      spec: JsonObject,
    }),
  ),
  frontEnds: z.array(z.strictObject({ name: z.string(), config: JsonObject })),
  policies: z.array(z.strictObject({ name: z.string(), policy: JsonObject })),
  /** The learning rate that each optimiser starts from. */
  rates: z.record(z.string(), z.number()),
  /** For the size of the dataset and the rate of its recordings. */
  settings: RunSettings,
})
export type TrainingChoices = z.infer<typeof TrainingChoices>

export const DeviceReport = z.strictObject({
  device: z.enum(['cpu', 'webgpu']),
  available: z.boolean(),
  /** One sentence: why it can or cannot be used. */
  reason: z.string(),
  /** Times the CPU's speed in the self-test. */
  speedup: z.number().nullable(),
})
export const Devices = z.strictObject({
  devices: z.array(DeviceReport),
  /** What the machine runs at once, and what is taken unless told. */
  threads: z.strictObject({ most: z.int().positive(), usual: z.int().positive() }),
})
export type Devices = z.infer<typeof Devices>

export const PlanProblem = z.strictObject({
  /** Its text is `problem.<code>`, filled with the values. */
  code: z.string(),
  level: z.enum(['error', 'warning']),
  /** The part of the form that it belongs to. */
  field: z.string(),
  message: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type PlanProblem = z.infer<typeof PlanProblem>

export const TrainingPlan = z.strictObject({
  problems: z.array(PlanProblem),
  labels: z.array(z.string()),
  clips: ClipSides,
  network: z
    .strictObject({
      /** [channel, height, width] of one clip's features. */
      input: z.array(count),
      layers: z.array(z.strictObject({ name: z.string(), type: z.string(), outputShape: z.array(count), parameters: count, macs: count })),
      parameters: count,
      /** Multiply-accumulates of the forward pass for one clip. */
      macs: count,
    })
    .nullable(),
  batch: count,
  stepsPerEpoch: count,
})
export type TrainingPlan = z.infer<typeof TrainingPlan>

const Range = z.strictObject({ low: z.number(), high: z.number() })
export const TrainingEstimate = z.strictObject({
  device: z.enum(['cpu', 'webgpu']),
  deviceReason: z.string(),
  threads: z.int().positive(),
  epochSeconds: Range,
  seconds: Range,
  /** Bytes. */
  memory: Range,
})
export type TrainingEstimate = z.infer<typeof TrainingEstimate>

export const WorstClip = z.strictObject({
  id: Id,
  /** Indices of the run's labels. */
  label: count,
  predicted: count,
  /** −log of the probability of the true label, nats. */
  loss: z.number(),
})
export type WorstClip = z.infer<typeof WorstClip>

const sum = z.strictObject({ loss: z.number(), accuracy: z.number() })
export const LiveRun = z.strictObject({
  run: RunId,
  phase: z.enum(['preparing', 'training', 'evaluating', 'stopping']),
  preparing: z.strictObject({ done: count, total: count, cached: count }).nullable(),
  started: z
    .strictObject({
      device: z.enum(['cpu', 'webgpu']),
      deviceReason: z.string(),
      threads: z.int().positive(),
      parameters: count,
      clips: ClipSides,
      stepsPerEpoch: count,
      epochs: count,
      resumedFrom: count.nullable(),
    })
    .nullable(),
  /** Means over the epoch so far. */
  progress: z
    .strictObject({ epoch: count, step: count, steps: count, loss: z.number(), accuracy: z.number(), samplesPerSecond: z.number(), secondsLeft: z.number() })
    .nullable(),
  /** The newest finished epoch. */
  epoch: z
    .strictObject({ epoch: count, step: count, loss: z.number(), accuracy: z.number(), validation: sum.nullable(), learningRate: z.number(), seconds: z.number() })
    .nullable(),
  /** The validation clips that the network is most wrong about, worst first. */
  worst: z.strictObject({ epoch: count, clips: z.array(WorstClip) }).nullable(),
  /** The step that the curves reach. */
  logged: count,
  warnings: z.array(z.string()),
})
export type LiveRun = z.infer<typeof LiveRun>

export const QueueState = z.strictObject({
  revision: count,
  /** Nothing new is begun until the person lets it go on. */
  held: z.boolean(),
  current: LiveRun.nullable(),
  waiting: z.array(RunId),
})
export type QueueState = z.infer<typeof QueueState>

const TrainingRequest = z.strictObject({ dataset: Id, settings: RunSettings, device: Device, threads: Threads })
const one = z.strictObject({ run: RunId })

export const training = {
  choices: call.input(z.strictObject({ dataset: Id })).output(TrainingChoices),
  /** The first call tries the graphics card and may take some seconds. */
  devices: call.output(Devices),
  /** What is wrong with the settings is part of the answer. */
  plan: call.input(z.strictObject({ dataset: Id, settings: RunSettings })).output(TrainingPlan),
  /** Tries some steps: takes about two seconds, and `INVALID` where the plan has an error. */
  estimate: call.input(TrainingRequest).output(TrainingEstimate),
  /** A new run at the end of the queue. */
  start: call
    .input(z.strictObject({ ...TrainingRequest.shape, name: Name.nullable(), /** Whether the test clips are evaluated at its end. */ test: z.boolean() }))
    .output(one),
  /** Into the queue again: goes on from its newest checkpoint; with more epochs than it had, also a finished one. */
  resume: call.input(z.strictObject({ run: RunId, epochs: z.int().min(1).max(100_000).nullable() })).output(z.void()),
  /** Stops with a checkpoint to go on from; takes a run that waits out of the queue. */
  pause: call.input(one).output(z.void()),
  /** Ends it and keeps what it has learned as its result. */
  end: call.input(one).output(z.void()),
  /** In the queue, before another that waits, or to its end. */
  move: call.input(z.strictObject({ run: RunId, before: RunId.nullable() })).output(z.void()),
  hold: call.output(z.void()),
  proceed: call.output(z.void()),
  /** The queue and the training that is under way: the state now, then each later one, until the caller stops it. */
  watch: call.output(eventIterator(QueueState)),
}
