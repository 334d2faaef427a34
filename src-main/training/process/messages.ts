/** What the training process and the one that started it say to each other. */
import type { SerialisedError } from '../../kit/index.ts'
import type { EvaluationJob, EvaluationResult } from '../evaluation-job.ts'
import type { TrainingEvent } from '../events.ts'
import type { TrainingJob, TrainingResult } from '../job.ts'

export type Task =
  | { readonly kind: 'train'; readonly job: TrainingJob }
  | { readonly kind: 'evaluate'; readonly job: EvaluationJob }

export interface TaskResults {
  readonly train: TrainingResult
  readonly evaluate: EvaluationResult
}

export type ToChild = { readonly type: 'start'; readonly task: Task } | { readonly type: 'cancel' }

export type FromChild =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'done'; readonly result: TaskResults[keyof TaskResults] }
  | { readonly type: 'failed'; readonly error: SerialisedError }
