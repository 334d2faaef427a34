import { z } from 'zod'
import { call } from './errors.ts'
import { JsonObject } from './runs.ts'
import { Id, Name } from './values.ts'

const setting = z.union([z.number(), z.string().max(200), z.null(), z.array(z.string().max(200)).max(16)])

/** One step of a policy. What settings each type takes, `policies` tells; what is wrong with them, `preview` and `save`. */
export const PolicyStep = z.object({ type: z.string().max(40), probability: z.number().optional() }).catchall(setting)
export type PolicyStep = z.infer<typeof PolicyStep>

export const Policy = z.strictObject({ version: z.literal(1), renewEvery: z.int().positive().optional(), steps: z.array(PolicyStep).max(100) })
export type Policy = z.infer<typeof Policy>

const StepSetting = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'), name: z.string(), min: z.number(), max: z.number(), step: z.number(), initial: z.number(),
    unit: z.enum(['dB', 's', 'Hz', 'semitones', 'frames', 'bins']).nullable(),
  }),
  z.strictObject({ kind: z.literal('choice'), name: z.string(), choices: z.array(z.string()), initial: z.string() }),
  z.strictObject({ kind: z.literal('choices'), name: z.string(), choices: z.array(z.string()), initial: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('text'), name: z.string(), initial: z.string().nullable() }),
])
/** What a person can set on a step. */
export type StepSetting = z.infer<typeof StepSetting>

export const StepKind = z.strictObject({ type: z.string(), stage: z.enum(['waveform', 'feature', 'batch']), settings: z.array(StepSetting) })
export type StepKind = z.infer<typeof StepKind>

export const NamedPolicy = z.strictObject({ name: z.string(), own: z.boolean(), policy: Policy })
export type NamedPolicy = z.infer<typeof NamedPolicy>

export const Policies = z.strictObject({
  /** Those that come with Espectro first. */
  policies: z.array(NamedPolicy),
  /** The policy that a training takes unless told. */
  standard: z.string(),
  /** In the order in which a policy may list them. */
  steps: z.array(StepKind),
  frontEnds: z.array(z.string()),
  frontEnd: z.string(),
})
export type Policies = z.infer<typeof Policies>

/** Names bytes that are kept for a while: see `previewUrl`. */
export const MediaKey = z.string().regex(/^[0-9a-f]{64}$/)

export const TakenStep = z.strictObject({
  /** Place in the policy. */
  step: z.int().nonnegative(),
  /** What was drawn, for steps that change the sound. */
  values: z.record(z.string(), z.union([z.number(), z.string()])),
})

const Seen = z.strictObject({
  /** Float32, little-endian, [channels, height, width]: the tensor that training sees. */
  features: MediaKey,
  /** 16-bit WAV of the front end's window. */
  sound: MediaKey,
  taken: z.array(TakenStep),
})
export type Seen = z.infer<typeof Seen>

export const AugmentationPreview = z.strictObject({
  shape: z.tuple([z.int(), z.int(), z.int()]),
  /** Length of the front end's window. */
  seconds: z.number(),
  before: Seen,
  draws: z.array(Seen),
})
export type AugmentationPreview = z.infer<typeof AugmentationPreview>

const FrontEndName = z.string().regex(/^[\w-]{1,60}$/)

export const augmentation = {
  policies: call.output(Policies),
  /** Those of `policies`, with what comes with Espectro scaled to the features of this front end. */
  fitted: call
    .input(z.strictObject({ frontEnd: JsonObject }))
    .output(z.strictObject({ shape: z.tuple([z.int(), z.int(), z.int()]), policies: z.array(z.strictObject({ ...NamedPolicy.shape, /** Other than for 64 bands and 64 frames. */ scaled: z.boolean() })) })),
  /** Under a name of the person's own, in the place of what it held. */
  save: call.input(z.strictObject({ name: Name, policy: Policy })).output(z.void()),
  remove: call.input(z.strictObject({ name: Name })).output(z.void()),
  /** What a training with this seed sees of the clip: so many draws, the first ones. */
  preview: call
    .input(z.strictObject({ clip: Id, frontEnd: FrontEndName, policy: Policy, seed: z.int().nonnegative(), draws: z.int().min(1).max(12) }))
    .output(AugmentationPreview),
}
