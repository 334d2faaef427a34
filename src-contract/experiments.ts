import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { Device, RunSettings, Threads, ClipSides } from './runs.ts'
import { PlanProblem } from './training.ts'
import { Id, Name, RunId } from './values.ts'

const count = z.int().nonnegative()
const part = z.number().nullable()

export const EXPERIMENT_FIELDS = ['architecture', 'frontEnd', 'augment', 'optimizer', 'rate', 'weightDecay', 'batch', 'epochs', 'dropout', 'labelSmoothing', 'clipNorm'] as const
/** Settings that are numbers, and so can be a range. */
export const NUMERIC_EXPERIMENT_FIELDS = ['rate', 'weightDecay', 'batch', 'epochs', 'dropout', 'labelSmoothing', 'clipNorm'] as const
export type ExperimentField = (typeof EXPERIMENT_FIELDS)[number]
export type NumericExperimentField = (typeof NUMERIC_EXPERIMENT_FIELDS)[number]

/**
 * What differs between trainings. The value of an architecture is `{ architecture, frontEnd }` (the front end null for that
 * of the base), of an optimiser `{ optimizer, rate }`, of a number the number.
 */
export const ExperimentAxis = z.union([
  z.strictObject({ field: z.enum(EXPERIMENT_FIELDS), options: z.array(z.strictObject({ name: z.string().min(1).max(200), value: z.json() })).min(1).max(64) }),
  z.strictObject({
    field: z.enum(NUMERIC_EXPERIMENT_FIELDS),
    low: z.number(),
    high: z.number(),
    /** Equal ratios are equally likely. */
    logarithmic: z.boolean(),
    /** Values of a grid. */
    points: z.int().min(2).max(20),
  }),
])
export type ExperimentAxis = z.infer<typeof ExperimentAxis>

const seed = z.int().min(0).max(2_147_483_647)
export const MOST_TRIALS = 500
export const ExperimentMethod = z.discriminatedUnion('type', [
  /** Every combination with every seed: an experiment. The others are searches. */
  z.strictObject({ type: z.literal('factorial'), seeds: z.array(seed).min(1).max(50) }),
  z.strictObject({ type: z.literal('grid') }),
  z.strictObject({ type: z.literal('random'), trials: z.int().min(1).max(MOST_TRIALS), seed }),
  /** After `fewestEpochs`, and after every `factor` times as many, one of `factor` goes on. */
  z.strictObject({ type: z.literal('halving'), trials: z.int().min(2).max(MOST_TRIALS), seed, factor: z.int().min(2).max(10), fewestEpochs: z.int().min(1).max(10_000) }),
])
export type ExperimentMethod = z.infer<typeof ExperimentMethod>

export const ExperimentMeasure = z.enum(['accuracy', 'macroF1', 'loss'])
export type ExperimentMeasure = z.infer<typeof ExperimentMeasure>

export const ExperimentRequest = z.strictObject({
  /** What all trainings share. */
  base: RunSettings,
  axes: z.array(ExperimentAxis).min(1).max(12),
  method: ExperimentMethod,
  /** By which validation measure the best is chosen. */
  measure: ExperimentMeasure,
  /** Which runs the test clips are given to, once, when everything else is over. */
  test: z.enum(['all', 'best', 'none']),
  device: Device,
  threads: Threads,
})
export type ExperimentRequest = z.infer<typeof ExperimentRequest>

const onDataset = z.strictObject({ dataset: Id, request: ExperimentRequest })

export const ExperimentPlan = z.strictObject({
  /** What is wrong with all of it, and what is said of all. */
  problems: z.array(PlanProblem),
  clips: ClipSides.nullable(),
  conditions: z.array(
    z.strictObject({
      /** Along each axis: the number of the option, or the value. */
      values: z.array(z.number()),
      seeds: count,
      problems: z.array(PlanProblem),
      parameters: count.nullable(),
      /** [channel, height, width] of one clip's features. */
      input: z.array(count).nullable(),
    }),
  ),
  /** Of successive halving: so many trainings go on to so many epochs. */
  rungs: z.array(z.strictObject({ epochs: count, trials: count })),
  trainings: count,
  /** Of all trainings together. */
  epochs: count,
})
export type ExperimentPlan = z.infer<typeof ExperimentPlan>

export const TimeEstimate = z.strictObject({
  /** Networks tried so far, of those that are to be; `different` there are. */
  tried: count,
  of: count,
  different: count,
  seconds: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
})
export type TimeEstimate = z.infer<typeof TimeEstimate>

export const ExperimentProgress = z.enum(['preparing', 'running', 'held', 'paused', 'testing', 'finished', 'cancelled'])
export type ExperimentProgress = z.infer<typeof ExperimentProgress>

/** One experiment or search, as a list shows it. */
export const ExperimentRow = z.strictObject({
  id: RunId,
  name: z.string(),
  kind: z.enum(['experiment', 'search']),
  dataset: Id.nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  progress: ExperimentProgress,
  /** Trainings that are over, of all. */
  done: count,
  trainings: count,
  /** The chosen run's measure on validation clips, once chosen. */
  best: part,
  measure: ExperimentMeasure,
})
export type ExperimentRow = z.infer<typeof ExperimentRow>

export const TrialStatus = z.enum(['waiting', 'queued', 'running', 'stopped', 'finished', 'failed', 'pruned', 'removed'])
export type TrialStatus = z.infer<typeof TrialStatus>

const Score = z.strictObject({
  epochs: count,
  chosenEpoch: count.nullable(),
  validation: z.strictObject({ accuracy: z.number(), macroF1: z.number(), loss: part }).nullable(),
  secondsPerEpoch: part,
  parameters: count.nullable(),
})

/** n values; the ends of the 95 % interval of the mean by Student's t are null for one. */
export const MeanInterval = z.strictObject({ n: count, mean: z.number(), deviation: part, low: part, high: part })
export type MeanInterval = z.infer<typeof MeanInterval>
const mean = MeanInterval.nullable()

export const ExperimentDetail = z.strictObject({
  ...ExperimentRow.shape,
  base: RunSettings,
  axes: z.array(ExperimentAxis),
  method: ExperimentMethod,
  test: z.enum(['all', 'best', 'none']),
  device: Device,
  threads: Threads,
  datasetName: z.string(),
  labels: z.array(z.string()),
  clips: ClipSides.nullable(),
  /** Names the clips with their labels and sides: the split. */
  splitHash: z.string().nullable(),
  trials: z.array(
    z.strictObject({
      values: z.array(z.number()),
      seed: count,
      run: RunId.nullable(),
      status: TrialStatus,
      score: Score.nullable(),
      /** Scores at the end of each rung of successive halving that it was in. */
      rungs: z.array(Score),
      error: z.string().nullable(),
    }),
  ),
  conditions: z.array(
    z.strictObject({
      values: z.array(z.number()),
      /** Indices of trials. */
      trials: z.array(count),
      validation: z.strictObject({ accuracy: mean, macroF1: mean, loss: mean }),
      test: z.strictObject({ accuracy: mean, macroF1: mean }),
      parameters: count.nullable(),
      secondsPerEpoch: part,
    }),
  ),
  rungs: z.array(z.strictObject({ epochs: count, trials: count })),
  chosen: z.strictObject({ condition: count, trial: count }).nullable(),
  tests: z.array(
    z.strictObject({
      trial: count, begun: z.string(), attempts: count, finished: z.string().nullable(), clips: count.nullable(), accuracy: part, macroF1: part, error: z.string().nullable(),
    }),
  ),
  /** How much each varied setting explains of the scores; null where trials are too few to tell. */
  importance: z.strictObject({ shares: z.array(z.number()), together: z.number(), trials: count, epochs: count.nullable() }).nullable(),
})
export type ExperimentDetail = z.infer<typeof ExperimentDetail>

/** A condition against the reference, on the same clips. */
export const ExperimentDifference = z.strictObject({
  condition: count,
  seeds: count,
  clips: count,
  /** Of mean accuracies. */
  difference: z.number(),
  low: part,
  high: part,
  /** McNemar's exact test for one seed, a paired bootstrap over clips for several. */
  test: z.enum(['mcnemar', 'bootstrap']),
  p: z.number(),
  /** After Holm's correction. */
  adjusted: z.number(),
})
export type ExperimentDifference = z.infer<typeof ExperimentDifference>

/** By epoch: mean of a condition's runs, and the lowest and the highest of them. */
export const ExperimentCurve = z.strictObject({ condition: count, epoch: z.array(count), mean: z.array(z.number()), low: z.array(z.number()), high: z.array(z.number()) })
export type ExperimentCurve = z.infer<typeof ExperimentCurve>

const one = z.strictObject({ experiment: RunId })

export const experiments = {
  /** Newest first; without those in the bin. */
  list: call.output(z.array(ExperimentRow)),
  get: call.input(one).output(ExperimentDetail),
  plan: call.input(onDataset).output(ExperimentPlan),
  /** Tries some steps of each network: about two seconds each. `INVALID` while a training is under way. */
  estimate: call.input(onDataset).output(eventIterator(TimeEstimate)),
  start: call.input(z.strictObject({ ...onDataset.shape, name: Name })).output(z.strictObject({ experiment: RunId })),
  cancel: call.input(one).output(z.void()),
  resume: call.input(z.strictObject({ ...one.shape, /** Also what failed. */ failed: z.boolean() })).output(z.void()),
  /** Into the bin, with its runs; their files stay. */
  remove: call.input(one).output(z.void()),
  restore: call.input(one).output(z.void()),
  rename: call.input(z.strictObject({ ...one.shape, name: Name })).output(z.void()),
  compare: call.input(z.strictObject({ ...one.shape, reference: count, split: z.enum(['validation', 'test']) })).output(z.array(ExperimentDifference)),
  curves: call.input(z.strictObject({ ...one.shape, measure: z.enum(['accuracy', 'loss']) })).output(z.array(ExperimentCurve)),
}
