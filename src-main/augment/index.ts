/**
 * augment: training clips, varied. In: a policy (an ordered list of steps as data), the samples of a clip or a
 * batch of features with the columns that hold signal, and a seeded generator. Out: new sound, new features.
 * Pure: the same seed gives the same numbers.
 */
export { augmentPolicySchema, hasWaveformSteps, firstPassOf, parsePolicy, stages, variantOf, type AugmentPolicy } from './policy.ts'
export { AUGMENT_POLICIES, fitPolicy, loadPolicy, scaleSpecAugment, SPEC_AUGMENT, specAugmentPolicy, type AugmentPolicyName } from './policies.ts'
export { stageOf, type AugmentStep, type Stage } from './steps.ts'
export { STEP_PARAMETERS, type StepParameter } from './step-parameters.ts'
export { createAugmenter, specAugment, type Augmenter, type FeatureShape } from './feature-augmenter.ts'
export { drawMixture, mixRows } from './mixup.ts'
export { createWaveformAugmenter, type AugmentedSound, type TakenStep, type WaveformAugmenter } from './waveform/augment-waveform.ts'
export { keepClip, type KeptClip } from './waveform/canvas.ts'
export type { ClipPool } from './waveform/steps.ts'
