/**
 * augment: training features, varied. In: a policy (an ordered list of steps as data), a batch of features, the
 * columns of each clip that hold signal, and a seeded generator. Out: a new batch. Pure: the same seed gives the
 * same batch.
 */
export { AUGMENT_POLICIES, augmentPolicySchema, loadPolicy, parsePolicy, specAugmentPolicy, type AugmentPolicy, type AugmentPolicyName } from './policy.ts'
export { createAugmenter, specAugment, type Augmenter, type FeatureShape } from './spec-augment.ts'
