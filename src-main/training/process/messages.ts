/** What the training process and the one that started it say to each other. */
import type { SerialisedError } from '../../kit/index.ts'
import type { ChoiceJob, ChoiceResult } from '../choosing/choose-job.ts'
import type { EvaluationJob, EvaluationResult } from '../evaluation-job.ts'
import type { TrainingEvent } from '../events.ts'
import type { DeviceChoice } from '../../runtime/index.ts'
import type { TrainingJob, TrainingResult } from '../job.ts'
import type { MeasureJob, Measured } from '../measure.ts'

export type Task =
  | { readonly kind: 'train'; readonly job: TrainingJob }
  | { readonly kind: 'evaluate'; readonly job: EvaluationJob }
  | { readonly kind: 'choose'; readonly job: ChoiceJob }
  | { readonly kind: 'measure'; readonly job: MeasureJob }

export interface TaskResults {
  readonly train: TrainingResult
  readonly evaluate: EvaluationResult
  readonly choose: ChoiceResult
  readonly measure: Measured
}

/** `cancel` stops with a checkpoint to go on from; `end` stops and keeps what was learned as the result. */
export type ToChild =
  | { readonly type: 'start'; readonly task: Task; readonly device: DeviceChoice }
  | { readonly type: 'cancel' }
  | { readonly type: 'end' }

export type FromChild =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'done'; readonly result: TaskResults[keyof TaskResults] }
  | { readonly type: 'failed'; readonly error: SerialisedError }
