import { z } from 'zod'
import { MediaKey } from './augmentation.ts'
import { call } from './errors.ts'
import { Run } from './runs.ts'
import { Id, RunId } from './values.ts'

const count = z.int().nonnegative()
const number = z.number()

export const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type SettingValue = z.infer<typeof SettingValue>

/** What a run's recogniser costs to use. */
export const RunCost = z.strictObject({
  /** Of the exported file with 32-bit numbers. */
  bytes: count,
  /** For one clip on one thread, from asking the model's process to its answer: the median, the first and the last tenth. */
  milliseconds: number.nonnegative(),
  low: number.nonnegative(),
  high: number.nonnegative(),
  /** Where it was measured. */
  processor: z.string(),
  /** Whether that is the processor of the machine that Espectro runs on now; times of another cannot be compared. */
  here: z.boolean(),
})
export type RunCost = z.infer<typeof RunCost>

export const ComparedRun = z.strictObject({
  run: Run,
  /** By name; `null` where the settings cannot be read, and where nobody named it. */
  frontEnd: z.string().nullable(),
  policy: z.string().nullable(),
  /** Multiply-accumulates of the network's forward pass for one clip. */
  macs: count.nullable(),
  cost: RunCost.nullable(),
  /** Its settings: all of these parts of the table. */
  parts: z.array(count),
})
export type ComparedRun = z.infer<typeof ComparedRun>

export const RunTable = z.strictObject({
  /** Paths of settings, such as `optimizer.weightDecay`, `architecture.conv2d1.filters`. */
  settings: z.array(z.string()),
  /** Settings that many runs share: value i is that of the setting `at[i]`. */
  parts: z.array(z.strictObject({ at: z.array(count), values: z.array(SettingValue) })),
  /** Experiments and searches that runs are part of. */
  groups: z.array(z.strictObject({ id: z.string(), name: z.string(), kind: z.enum(['experiment', 'search']) })),
  /** Newest first. */
  runs: z.array(ComparedRun),
})
export type RunTable = z.infer<typeof RunTable>

/** `time`: seconds of training, pauses left out. */
export const CurveAxis = z.enum(['step', 'epoch', 'time'])
export type CurveAxis = z.infer<typeof CurveAxis>
/** Around the mean of several runs: the standard deviation either way, or the lowest and the highest. */
export const CurveSpread = z.enum(['deviation', 'range'])
export type CurveSpread = z.infer<typeof CurveSpread>

export const OverlaidCurve = z.strictObject({
  name: z.string(),
  /** Which of the groups that were asked for it is of. */
  group: count,
  x: z.array(number),
  /** As it was measured; of several runs their mean. */
  y: z.array(number),
  smooth: z.array(number),
  /** Of the smoothed curves of several runs; null for one run. */
  band: z.strictObject({ low: z.array(number), high: z.array(number) }).nullable(),
  /** Runs of the group that have the curve. */
  runs: count,
  /** Points before they were made fewer. */
  total: count,
})
export type OverlaidCurve = z.infer<typeof OverlaidCurve>

const ModelSaid = z.strictObject({ predicted: z.string(), /** Probability of that, and of the true label. */ confidence: number, truth: number })
export const Disagreement = z.strictObject({
  clip: Id,
  /** `onlyA`: the first is right and the second wrong; `bothWrong`: both are, and differently. */
  kind: z.enum(['onlyA', 'onlyB', 'bothWrong']),
  label: z.string(),
  a: ModelSaid,
  b: ModelSaid,
})
export type Disagreement = z.infer<typeof Disagreement>

export const Disagreements = z.strictObject({
  /** Clips that both were evaluated on, with the same true label. */
  clips: count,
  /** Clips of one that the other was not evaluated on. */
  unshared: count,
  bothRight: count,
  onlyA: count,
  onlyB: count,
  /** Both wrong: alike, and differently. */
  sameWrong: count,
  bothWrong: count,
  /** Of the exact McNemar test; null where neither is right where the other is wrong. */
  p: number.nullable(),
  /** Those furthest apart first. */
  rows: z.array(Disagreement),
})
export type Disagreements = z.infer<typeof Disagreements>

/** Runs that are compared at once at most. */
export const COMPARED_RUNS = 200

export const LogFormat = z.enum(['tensorboard', 'wandb'])
export type LogFormat = z.infer<typeof LogFormat>
/** Runs of one file of logs at most. */
export const LOGGED_RUNS = 200

export const compare = {
  /** Every run with all its settings, or those in the bin. */
  table: call.input(z.strictObject({ which: z.enum(['present', 'binned']) })).output(RunTable),
  /** One curve of each name for each group of runs: of a group of one as it is, of more their mean and spread. */
  curves: call
    .input(
      z.strictObject({
        groups: z.array(z.array(RunId).min(1).max(COMPARED_RUNS)).min(1).max(COMPARED_RUNS),
        names: z.array(z.string().max(200)).min(1).max(40),
        axis: CurveAxis,
        /** Weight of what came before in an exponential moving average. */
        smoothing: number.min(0).max(0.999),
        spread: CurveSpread,
        points: z.int().min(16).max(5000),
      }),
    )
    .output(z.strictObject({ curves: z.array(OverlaidCurve), /** Every curve that one of the runs has. */ names: z.array(z.string()) })),
  /** `NOT_FOUND` where one of them was not evaluated on that side. */
  disagreements: call.input(z.strictObject({ a: RunId, b: RunId, split: z.enum(['validation', 'test']) })).output(Disagreements),
  /** The runs' logs for TensorBoard or Weights & Biases, each in its place of a folder, as a ZIP: see `previewUrl`. */
  logs: call
    .input(z.strictObject({ runs: z.array(RunId).min(1).max(LOGGED_RUNS), format: LogFormat }))
    .output(z.strictObject({ file: MediaKey, name: z.string() })),
  /** Exports the run's recogniser to a passing file and times it in a process of its own, for about two seconds; kept until the run is trained further. */
  measure: call.input(z.strictObject({ run: RunId })).output(RunCost),
}
