/** Augmentation policies as data: an ordered list of steps, each taken with its probability. */
import { z } from 'zod'
import { parseSettings } from '../features/index.ts'
import { fail, parseJson, unwrap, type Result } from '../kit/index.ts'

const probability = z.number().min(0).max(1).default(1)
const fill = z.enum(['mean', 'zero']).default('mean')
const width = z.number().int().min(0).max(10_000)
const count = z.number().int().min(0).max(100).default(1)

const factor = z.number().min(1).max(4).default(1)
const level = z.number().min(-1000).max(1000)

const step = z.discriminatedUnion('type', [
  /**
   * Another place in time (up to `shift` frames either way), another speed and another vocal tract (the axes
   * scaled by up to these factors either way). See `affine.ts`.
   */
  z.strictObject({ type: z.literal('affine'), probability, shift: z.number().min(0).max(10_000).default(0), stretch: factor, frequencyScale: factor }),
  /** A smooth random curve along frequency, of this standard deviation in the features' unit. */
  z.strictObject({ type: z.literal('equalise'), probability, deviation: z.number().min(0).max(1000) }),
  /** Noise as a floor: values below a level drawn between these two are raised to it. */
  z.strictObject({ type: z.literal('noiseFloor'), probability, low: level, high: level }),
  /** SpecAugment's W, in frames: a point of the time axis moves by up to this. */
  z.strictObject({ type: z.literal('timeWarp'), probability, width }),
  /** SpecAugment's F (bins) and mF. */
  z.strictObject({ type: z.literal('frequencyMask'), probability, width, count, fill }),
  /** SpecAugment's T (frames), mT and p: no mask is wider than `maxFraction` of the clip's valid frames. */
  z.strictObject({ type: z.literal('timeMask'), probability, width, count, fill, maxFraction: z.number().min(0).max(1).default(1) }),
])

export const augmentPolicySchema = z.strictObject({ version: z.literal(1), steps: z.array(step).max(100) })

export type AugmentPolicy = z.output<typeof augmentPolicySchema>
export type AugmentStep = AugmentPolicy['steps'][number]

export const parsePolicy = (value: unknown): Result<AugmentPolicy> => parseSettings(augmentPolicySchema, value, 'augmentation policy')

/** SpecAugment's six numbers as steps, in the paper's order (section 2). */
export const specAugmentPolicy = (s: { W: number; F: number; mF: number; T: number; p: number; mT: number }): AugmentPolicy =>
  unwrap(
    parsePolicy({
      version: 1,
      steps: [
        { type: 'timeWarp', width: s.W },
        { type: 'frequencyMask', width: s.F, count: s.mF },
        { type: 'timeMask', width: s.T, count: s.mT, maxFraction: s.p },
      ],
    }),
  )

export const AUGMENT_POLICIES = {
  none: { version: 1, steps: [] },
  /**
   * The default of training: another place, speed and vocal tract, then light SpecAugment. Chosen on validation
   * clips, see docs/TRAINING.md.
   */
  standard: unwrap(
    parsePolicy({
      version: 1,
      steps: [
        { type: 'affine', shift: 4, stretch: 1.16, frequencyScale: 1.06 },
        { type: 'timeWarp', width: 4 },
        { type: 'frequencyMask', width: 8 },
        { type: 'timeMask', width: 8, maxFraction: 0.2 },
      ],
    }),
  ),
  /** For clips of about a second in 64 bands and 64 frames. */
  specaugment: specAugmentPolicy({ W: 4, F: 8, mF: 2, T: 12, p: 0.2, mT: 2 }),
  /** The paper's policies for utterances of many seconds (table 1). */
  LB: specAugmentPolicy({ W: 80, F: 27, mF: 1, T: 100, p: 1, mT: 1 }),
  LD: specAugmentPolicy({ W: 80, F: 27, mF: 2, T: 100, p: 1, mT: 2 }),
  SM: specAugmentPolicy({ W: 40, F: 15, mF: 2, T: 70, p: 0.2, mT: 2 }),
  SS: specAugmentPolicy({ W: 40, F: 27, mF: 2, T: 70, p: 0.2, mT: 2 }),
} as const satisfies Record<string, AugmentPolicy>

export type AugmentPolicyName = keyof typeof AUGMENT_POLICIES

/** A policy by name, or by the text of a JSON file. */
export function loadPolicy(nameOrJson: string): Result<AugmentPolicy> {
  const text = nameOrJson.trim()
  if (text.startsWith('{')) {
    const value = parseJson(text, 'augmentation policy')
    return value.ok ? parsePolicy(value.value) : value
  }
  if (!Object.hasOwn(AUGMENT_POLICIES, text)) {
    return fail('NOT_FOUND', `No augmentation policy is called ${JSON.stringify(text)}`, {
      hint: `Known are ${Object.keys(AUGMENT_POLICIES).join(', ')}; or give a JSON file.`,
    })
  }
  return { ok: true, value: AUGMENT_POLICIES[text as AugmentPolicyName] }
}
