/** What stands in the way of a training, or should be known before it begins. */

import type { SplitWarning } from '../../curation/index.ts'

/** The part of the form that a problem belongs to. */
export type PlanField = 'dataset' | 'frontEnd' | 'architecture' | 'augment' | 'loss' | 'optimizer' | 'schedule' | 'epochs' | 'batch' | 'clipNorm' | 'patience' | 'seed'

/** Something of the training clips stands on another side too. */
export type LeakCode = Extract<SplitWarning['code'], `${string}_LEAK`>

/** Each has a text of its own in the window, filled with the values. */
export type PlanCode =
  | 'NO_LABELLED_CLIP'
  | 'NO_SPLIT'
  | 'NO_TRAINING_CLIP'
  | 'ONE_LABEL'
  | 'SETTING_INVALID'
  | 'SHAPE_MISMATCH'
  | 'NO_VALIDATION'
  | 'NO_TEST'
  | 'FEW_CLIPS'
  | 'LABEL_NOT_TRAINED'
  | 'LABEL_NOT_VALIDATED'
  | 'UNBALANCED'
  | LeakCode
  | 'UNUSED_CLIPS'
  | 'RATE_ABOVE_DATA'
  | 'CLIPS_CUT'
  | 'CLIPS_PADDED'
  | 'BATCH_REDUCED'
  | 'RATE_HIGH'

export interface PlanProblem {
  readonly code: PlanCode
  /** With an error nothing can be trained. */
  readonly level: 'error' | 'warning'
  readonly field: PlanField
  /** A sentence for a person. */
  readonly message: string
  /** What the sentence is filled with. */
  readonly values: Readonly<Record<string, string | number>>
}
