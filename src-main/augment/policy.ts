/** Augmentation policies as data: an ordered list of steps, each taken with its probability. */
import { z } from 'zod'
import { parseSettings } from '../features/index.ts'
import type { Result } from '../kit/index.ts'
import { stageOf, stepSchema, type AugmentStep, type FeatureStep, type MixupStep, type Stage, type WaveformStep, isFeatureStep, isWaveformStep } from './steps.ts'

const ORDER: Readonly<Record<Stage, number>> = { waveform: 0, feature: 1, batch: 2 }

/** Pairs of settings whose first may not be above the second. */
const RANGES = [['low', 'high'], ['snrLow', 'snrHigh'], ['rt60Low', 'rt60High'], ['ratioLow', 'ratioHigh']] as const

/** Passes for which a clip's varied sound is used, unless the policy says. */
const RENEW_EVERY = 4

const policyObject = z.strictObject({
  version: z.literal(1),
  steps: z.array(stepSchema).max(100),
  /**
   * Waveform steps are drawn anew for a clip every so many passes; feature steps in every pass. Varying sound and
   * computing its features costs more than a small network's training step.
   */
  renewEvery: z.number().int().min(1).max(1000).exactOptional(),
})

export const augmentPolicySchema = policyObject.superRefine(({ steps }, context) => {
  const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path: ['steps', ...path], message })
  steps.forEach((step, i) => {
    const before = steps[i - 1]
    if (before && ORDER[stageOf(before)] > ORDER[stageOf(step)])
      complain([i, 'type'], `${step.type} changes the ${stageOf(step)} and must stand before ${before.type}, which changes the ${stageOf(before)}`)
    if (step.type === 'mixup' && before?.type === 'mixup') complain([i, 'type'], 'clips are mixed once')
    if (step.type === 'noise' && step.sources.includes('clips') !== (step.label !== null))
      complain([i, 'label'], step.label === null ? 'the source "clips" needs the label of the noise recordings' : 'only the source "clips" has a label')
    for (const [low, high] of RANGES) {
      const settings: Readonly<Record<string, unknown>> = step
      const [a, b] = [settings[low], settings[high]]
      if (typeof a === 'number' && typeof b === 'number' && a > b) complain([i, high], `must not be below ${low} (${a})`)
    }
  })
})

export type AugmentPolicy = z.output<typeof augmentPolicySchema>

export const parsePolicy = (value: unknown): Result<AugmentPolicy> => parseSettings(augmentPolicySchema, value, 'augmentation policy')

/** A step with its place in the policy. */
export interface Placed<S extends AugmentStep> {
  readonly step: S
  readonly index: number
}

/** The steps of a policy by stage. */
export function stages(policy: AugmentPolicy): {
  readonly waveform: readonly Placed<WaveformStep>[]
  readonly feature: readonly Placed<FeatureStep>[]
  readonly mixup: Placed<MixupStep> | null
} {
  const placed = policy.steps.map((step, index) => ({ step, index }))
  return {
    waveform: placed.flatMap(({ step, index }) => (isWaveformStep(step) ? [{ step, index }] : [])),
    feature: placed.flatMap(({ step, index }) => (isFeatureStep(step) ? [{ step, index }] : [])),
    mixup: placed.flatMap(({ step, index }) => (step.type === 'mixup' ? [{ step, index }] : []))[0] ?? null,
  }
}

/** Which variant of a clip's sound a pass sees: clips take turns, so that every pass renews as many. */
export function variantOf(policy: AugmentPolicy, clip: number, pass: number): number {
  const every = policy.renewEvery ?? RENEW_EVERY
  return Math.floor((pass + (clip % every)) / every)
}

/** The first pass in which the first clip is heard in this variant. */
export const firstPassOf = (policy: AugmentPolicy, variant: number): number => variant * (policy.renewEvery ?? RENEW_EVERY)

/** Whether training has to make the features anew in every pass. */
export const hasWaveformSteps = (policy: AugmentPolicy): boolean => policy.steps.some(isWaveformStep)
