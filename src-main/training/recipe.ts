/**
 * The default recipe: what a training does unless told otherwise. How it was chosen is in docs/TRAINING.md;
 * change it there too.
 */
import { fitPolicy, type AugmentPolicy, type AugmentPolicyName } from '../augment/index.ts'
import { frontEndShape, type FrontEndConfig } from '../features/index.ts'
import type { Architecture, LossSpec, OptimizerSpec } from '../nn/index.ts'
import type { TrainingSettings } from './job.ts'

/** Peak learning rates at which the optimisers do well on small networks and batches of 64. */
export const DEFAULT_RATES = { sgd: 0.05, adam: 0.003, adamw: 0.003 } as const satisfies Record<OptimizerSpec['type'], number>

const OPTIMIZERS = {
  sgd: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
  adam: { type: 'adam' },
  adamw: { type: 'adamw', weightDecay: 0.01 },
} as const satisfies Record<OptimizerSpec['type'], OptimizerSpec>

/** Clips that are varied strongly are learned slowly. */
const DEFAULT_EPOCHS = 60

/** dB that are 1 in the features for which the levels of the policy `speakers` are written. */
const DB_OF_ONE = 40

/** The policy for unheard speakers where the features have the unit of its levels, else one that has no levels. */
export function defaultPolicy(frontEnd: FrontEndConfig): AugmentPolicyName {
  if (frontEnd.kind === 'waveform' || frontEnd.kind === 'mfcc' || frontEnd.normalise !== 'none') return 'standard'
  const { log, scale } = frontEnd
  return log?.unit === 'db' && scale !== null && (scale.high - scale.low) / 2 === DB_OF_ONE ? 'speakers' : 'standard'
}

export const DEFAULT_OPTIMIZER: OptimizerSpec['type'] = 'adamw'
/** Batch normalisation in two halves of a batch, so that two threads can share it (docs/ENGINE.md, "Two threads and more"). */
export const DEFAULT_GHOST_BATCHES = 2
const LOSS: LossSpec = { type: 'crossEntropy', labelSmoothing: 0.1 }

/** What a person chooses; everything else comes from the recipe. */
export interface RecipeChoices {
  readonly frontEnd: FrontEndConfig
  readonly architecture: Architecture
  readonly augment?: AugmentPolicy
  readonly optimizer?: OptimizerSpec['type']
  /** The peak of the one-cycle schedule. */
  readonly learningRate?: number
  readonly epochs?: number
  readonly batch?: number
  readonly seed?: number
  readonly balance?: NonNullable<TrainingSettings['balance']>
}

export function defaultSettings(choices: RecipeChoices): TrainingSettings {
  const optimizer = choices.optimizer ?? DEFAULT_OPTIMIZER
  return {
    frontEnd: choices.frontEnd,
    architecture: choices.architecture,
    augment: choices.augment ?? fittedDefault(choices.frontEnd),
    loss: LOSS,
    optimizer: OPTIMIZERS[optimizer],
    schedule: { type: 'oneCycle', rate: choices.learningRate ?? DEFAULT_RATES[optimizer] },
    clipNorm: null,
    epochs: choices.epochs ?? DEFAULT_EPOCHS,
    batch: choices.batch ?? 64,
    seed: choices.seed ?? 0,
    ghostBatches: DEFAULT_GHOST_BATCHES,
    ...(choices.balance === undefined ? {} : { balance: choices.balance }),
    bestMetric: 'loss',
    patience: null,
    select: 'best',
  }
}

function fittedDefault(frontEnd: FrontEndConfig): AugmentPolicy {
  const [, bands, frames] = frontEndShape(frontEnd)
  return fitPolicy(defaultPolicy(frontEnd), { bands, frames })
}

/** About the optimiser's steps that the default recipe was chosen with: 60 epochs of 2,430 clips in batches of 64. */
const ENOUGH_STEPS = 2280
const FEWEST_EPOCHS = 15
const MOST_EPOCHS = 100

/**
 * Batch and epochs for so many training clips: small sets need small batches to take enough steps, and large ones
 * enough steps in few epochs. A rule of thumb around the recipe's own setting.
 */
export function suggestSize(clips: number): { readonly batch: number; readonly epochs: number } {
  const batch = clips < 250 ? 16 : clips < 1000 ? 32 : clips < 20_000 ? 64 : 128
  const stepsPerEpoch = Math.max(1, Math.ceil(clips / batch))
  return { batch, epochs: Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, Math.ceil(ENOUGH_STEPS / stepsPerEpoch))) }
}

/** Seconds between checkpoints. */
export const DEFAULT_CHECKPOINT_SECONDS = 10
/** Steps that one line of the metrics covers. */
export const DEFAULT_LOG_EVERY = 10
