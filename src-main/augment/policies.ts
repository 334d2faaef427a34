/** The policies that come with Espectro, and loading one from a name or from JSON text. */
import { fail, parseJson, unwrap, type Result } from '../kit/index.ts'
import { parsePolicy, type AugmentPolicy } from './policy.ts'

/** SpecAugment's six numbers (section 2 of the paper). */
export interface SpecAugmentNumbers {
  /** Frames. */
  readonly W: number
  /** Bins. */
  readonly F: number
  readonly mF: number
  /** Frames. */
  readonly T: number
  /** Part of the clip that a time mask covers at most. */
  readonly p: number
  readonly mT: number
}

/** Table 1 of the paper: for 80 bands and utterances of many seconds in frames of 10 ms. */
export const SPEC_AUGMENT = {
  LB: { W: 80, F: 27, mF: 1, T: 100, p: 1, mT: 1 },
  LD: { W: 80, F: 27, mF: 2, T: 100, p: 1, mT: 2 },
  SM: { W: 40, F: 15, mF: 2, T: 70, p: 0.2, mT: 2 },
  SS: { W: 40, F: 27, mF: 2, T: 70, p: 0.2, mT: 2 },
} as const satisfies Record<string, SpecAugmentNumbers>

/** The six numbers as steps, in the paper's order. */
export const specAugmentPolicy = (s: SpecAugmentNumbers): AugmentPolicy =>
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

/** What the paper's numbers were made for: bands, and frames of an utterance of LibriSpeech (12.3 s on average). */
const PAPER = { bands: 80, frames: 1230 }
/** The default front end. */
const SHORT = { bands: 64, frames: 64 }

/** The same parts of the picture in another size; at least one bin or frame. */
export function scaleSpecAugment(s: SpecAugmentNumbers, size: { readonly bands: number; readonly frames: number }): SpecAugmentNumbers {
  const frames = (n: number) => Math.max(1, Math.round((n * size.frames) / PAPER.frames))
  return { ...s, W: frames(s.W), F: Math.max(1, Math.round((s.F * size.bands) / PAPER.bands)), T: frames(s.T) }
}

const short = (s: SpecAugmentNumbers): AugmentPolicy => specAugmentPolicy(scaleSpecAugment(s, SHORT))
const steps = (...list: readonly object[]): AugmentPolicy => unwrap(parsePolicy({ version: 1, steps: list }))

export const AUGMENT_POLICIES = {
  none: { version: 1, steps: [] },
  /**
   * The default of training: another place, speed and vocal tract, then light SpecAugment. Chosen on validation
   * clips, see docs/TRAINING.md.
   */
  standard: steps(
    { type: 'affine', shift: 4, stretch: 1.16, frequencyScale: 1.06 },
    { type: 'timeWarp', width: 4 },
    { type: 'frequencyMask', width: 8 },
    { type: 'timeMask', width: 8, maxFraction: 0.2 },
  ),
  /**
   * For speakers who are not in the training clips: another place, speed and vocal tract, another microphone, another
   * room's noise, light masks. Levels are in the unit of the default front ends, where 1 is 40 dB. See docs/TRAINING.md.
   */
  speakers: steps(
    { type: 'affine', shift: 5, stretch: 1.17, frequencyScale: 1.12 },
    { type: 'equalise', deviation: 0.1 },
    { type: 'noiseFloor', low: -1.25, high: 0.25 },
    { type: 'frequencyMask', width: 8 },
    { type: 'timeMask', width: 8 },
  ),
  /** Everything that can happen to a sound between mouth and file. */
  waveform: steps(
    { type: 'speed', factor: 1.1, probability: 0.5 },
    { type: 'timeStretch', factor: 1.15, probability: 0.3 },
    { type: 'pitchShift', semitones: 2, probability: 0.3 },
    { type: 'timeShift', seconds: 0.1 },
    { type: 'gain', low: -6, high: 6 },
    { type: 'parametricEqualiser', bands: 3, gain: 6, probability: 0.5 },
    { type: 'bandPass', lowCut: 300, highCut: 3000, probability: 0.2 },
    { type: 'reverb', rt60Low: 0.1, rt60High: 0.4, probability: 0.3 },
    { type: 'telephone', probability: 0.1 },
    { type: 'noise', sources: ['white', 'pink', 'brown', 'babble'], snrLow: 5, snrHigh: 30, probability: 0.7 },
  ),
  /** For clips of about a second in 64 bands and 64 frames. */
  specaugment: specAugmentPolicy({ W: 4, F: 8, mF: 2, T: 12, p: 0.2, mT: 2 }),
  /** The paper's policies, scaled to 64 bands and 64 frames. */
  LB: short(SPEC_AUGMENT.LB),
  LD: short(SPEC_AUGMENT.LD),
  SM: short(SPEC_AUGMENT.SM),
  SS: short(SPEC_AUGMENT.SS),
} as const satisfies Record<string, AugmentPolicy>

export type AugmentPolicyName = keyof typeof AUGMENT_POLICIES

const isPaper = (name: string): name is keyof typeof SPEC_AUGMENT => Object.hasOwn(SPEC_AUGMENT, name)

/**
 * A policy that comes with Espectro for features of another size than 64 bands and 64 frames: shifts, warps and masks
 * cover the same parts of the picture. The paper's policies are scaled from the paper's own size. Features of few bands
 * (samples have one) lose the masks of a part of them.
 */
export function fitPolicy(name: AugmentPolicyName, size: { readonly bands: number; readonly frames: number }): AugmentPolicy {
  if (size.bands === SHORT.bands && size.frames === SHORT.frames) return AUGMENT_POLICIES[name]
  const policy = isPaper(name) ? specAugmentPolicy(scaleSpecAugment(SPEC_AUGMENT[name], size)) : scaled(AUGMENT_POLICIES[name], size)
  return { ...policy, steps: policy.steps.filter((step) => step.type !== 'frequencyMask' || size.bands >= FEWEST_BANDS) }
}

/** Below this a mask of one band is no longer a small part. */
const FEWEST_BANDS = 8

function scaled(policy: AugmentPolicy, { bands, frames }: { readonly bands: number; readonly frames: number }): AugmentPolicy {
  const least = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round(n)))
  const alongTime = (n: number) => least((n * frames) / SHORT.frames)
  return {
    ...policy,
    steps: policy.steps.map((step) => {
      if (step.type === 'affine') return { ...step, shift: alongTime(step.shift) }
      if (step.type === 'timeWarp' || step.type === 'timeMask') return { ...step, width: alongTime(step.width) }
      return step.type === 'frequencyMask' ? { ...step, width: least((step.width * bands) / SHORT.bands) } : step
    }),
  }
}

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
