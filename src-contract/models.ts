import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { PlaceToken } from './imports.ts'
import { Name, Sha256, RunId } from './values.ts'

/**
 * How a model's numbers are stored: `float16` halves the file, `int8` (weights and activations, ranges measured on
 * training clips) makes it a quarter.
 */
export const Precision = z.enum(['float32', 'float16', 'int8'])
export type Precision = z.infer<typeof Precision>

const count = z.int().nonnegative()
const part = z.number().min(0).max(1)

/** What a model does with clips that it has not learned from. */
export const Measurement = z.strictObject({
  split: z.enum(['test', 'validation']),
  clips: z.int().positive(),
  accuracy: part,
  /** 95 %, by bootstrap over clips. */
  interval: z.strictObject({ low: part, high: part }).nullable(),
  /** Milliseconds for one clip on one thread, the median. */
  milliseconds: z.number().nonnegative(),
  /** In the order of the labels. */
  classes: z.array(z.strictObject({ label: z.string(), clips: count, correct: count })),
})
export type Measurement = z.infer<typeof Measurement>

/** What only a person can say of a model; it goes into its card and its metadata. */
export const ModelAbout = z.strictObject({
  intendedUse: z.string().max(4000),
  limits: z.string().max(4000),
  licence: z.string().max(4000),
})
export type ModelAbout = z.infer<typeof ModelAbout>

/** The languages that cards and instructions are written in. */
export const CardLanguage = z.enum(['en', 'es'])
export type CardLanguage = z.infer<typeof CardLanguage>

/** Versions of ONNX's operators that a model can be written for. */
export const OPSET_CHOICES = [13, 14, 15, 16, 17, 18, 19, 20, 21] as const
export const OpsetChoice = z.literal(OPSET_CHOICES)
export type OpsetChoice = z.infer<typeof OpsetChoice>

export const Temperature = z.number().min(0.01).max(100)

/** An exported recogniser that the library holds. */
export const Model = z.strictObject({
  /** SHA-256 of the file. */
  id: Sha256,
  name: z.string(),
  note: z.string(),
  /** The run that it came from; null where the file came from elsewhere. */
  run: z.string().nullable(),
  labels: z.array(z.string()),
  /** Hz */
  sampleRate: z.int().positive(),
  /** What it looks at. */
  seconds: z.number().positive(),
  parameters: z.int().nonnegative(),
  precision: Precision,
  opset: z.int().nonnegative(),
  temperature: z.number().positive(),
  bytes: z.int().positive(),
  /** Such as `test.accuracy`. */
  metrics: z.record(z.string(), z.number()),
  /** Of the file itself, where it was measured. */
  measurement: Measurement.nullable(),
  /** Names and hashes: dataset, split, front end, run, weights, or the file that it was made of. */
  provenance: z.record(z.string(), z.string()),
  about: ModelAbout,
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** False where the file is no longer there. */
  present: z.boolean(),
})
export type Model = z.infer<typeof Model>

export const MakeModels = z.strictObject({
  run: RunId,
  /** null for the run's. */
  name: Name.nullable(),
  precisions: z.array(Precision).min(1).max(3),
  opset: OpsetChoice,
  /** Divides the logits; `fitted`: by what the run's validation clips say, for calibrated probabilities. null for 1. */
  temperature: z.union([Temperature, z.literal('fitted')]).nullable(),
  about: ModelAbout,
  language: CardLanguage,
  /** Run each file on clips that it has not learned from. */
  measure: z.boolean(),
})
export type MakeModels = z.infer<typeof MakeModels>

export const MakeModelsEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), precision: Precision, stage: z.enum(['ranges', 'writing', 'measuring']), done: count, total: count }),
  z.strictObject({ type: z.literal('model'), model: Model }),
])
export type MakeModelsEvent = z.infer<typeof MakeModelsEvent>

/** What a file or folder of a model holds. */
export const FolderChoices = z.strictObject({
  language: CardLanguage,
  /** Waveform in; else features in, and the front end is a file beside it. */
  frontEnd: z.boolean(),
  /** One test clip as a sound to try it with. */
  example: z.boolean(),
})
export type FolderChoices = z.infer<typeof FolderChoices>

export const models = {
  /** Newest first. */
  list: call.output(z.array(Model)),
  /** Writes the run's recogniser into the library; the same weights again give the same model. */
  export: call.input(z.strictObject({ run: RunId, name: Name.nullable(), precision: Precision })).output(Model),
  /** Runs the exported file itself on the test clips of its run (validation clips where there are none). */
  measure: call.input(z.strictObject({ model: Sha256 })).output(Measurement),
  /** Several precisions of one run, one after the other. Stopping the stream cancels; what was finished stays. */
  make: call.input(MakeModels).output(eventIterator(MakeModelsEvent)),
  /** The card of a model, in Markdown. */
  card: call.input(z.strictObject({ model: Sha256, language: CardLanguage })).output(z.strictObject({ markdown: z.string() })),
  /** The card as it would be; and the run's fitted temperature, null where it had no validation clips. */
  draft: call.input(MakeModels.pick({ run: true, name: true, about: true, language: true })).output(z.strictObject({ markdown: z.string(), fittedTemperature: z.number().positive().nullable() })),
  /** Model, card and examples for Node, Python and the browser as a new folder of a place. */
  saveFolder: call.input(z.strictObject({ model: Sha256, place: PlaceToken, ...FolderChoices.shape })).output(z.strictObject({ folder: z.string() })),
  update: call.input(z.strictObject({ model: Sha256, name: Name.optional(), note: z.string().max(4000).optional() })).output(Model),
  /** Into the bin; `restore` brings it back. */
  remove: call.input(z.strictObject({ model: Sha256 })).output(z.void()),
  restore: call.input(z.strictObject({ model: Sha256 })).output(z.void()),
  binned: call.output(z.array(Model)),
  /** Deletes a model that is in the bin, with its file. */
  purge: call.input(z.strictObject({ model: Sha256 })).output(z.void()),
}

/** The ONNX file, to save; without its front end where that is asked for. */
export const modelFileUrl = (model: Pick<Model, 'id'>, { frontEnd = true } = {}): string => `/models/${model.id}.onnx${frontEnd ? '' : '?frontEnd=0'}`

/** The folder of `saveFolder` as a ZIP file. */
export const modelFolderUrl = (model: Pick<Model, 'id'>, { language, frontEnd, example }: FolderChoices): string =>
  `/models/${model.id}.zip?language=${language}&frontEnd=${frontEnd ? 1 : 0}&example=${example ? 1 : 0}`
