/** The room's doors to the training process. */
import { err, fail, type Result } from '../kit/index.ts'
import { evaluationJobSchema, type EvaluationJob, type EvaluationResult } from './evaluation-job.ts'
import type { ChoiceJob, ChoiceResult } from './choosing/choose-job.ts'
import { parseTrainingJob, type TrainingJob, type TrainingResult } from './job.ts'
import type { MeasureJob, Measured } from './measure.ts'
import { runInChild, type StartOptions } from './process/start.ts'

/** Trains in a child process. A cancelled training is a result with status `cancelled`, and can be resumed. */
export async function startTraining(job: TrainingJob, options: StartOptions = {}): Promise<Result<TrainingResult>> {
  const parsed = parseTrainingJob(job)
  return parsed.ok ? runInChild({ kind: 'train', job: parsed.value }, options) : err(parsed.error)
}

/** Tries some training steps in a child process and says what they take. */
export const startMeasurement = (job: MeasureJob, options: StartOptions = {}): Promise<Result<Measured>> => runInChild({ kind: 'measure', job }, options)

/** Evaluates a checkpoint on clips in a child process. */
export async function startEvaluation(job: EvaluationJob, options: StartOptions = {}): Promise<Result<EvaluationResult>> {
  const parsed = evaluationJobSchema.safeParse(job)
  if (!parsed.success) return fail('INVALID', `The evaluation job is not valid: ${parsed.error.issues[0]?.message ?? ''}`)
  return runInChild({ kind: 'evaluate', job: parsed.data }, options)
}

/** Chooses the clips that would teach a network most, in a child process. */
export const startChoice = (job: ChoiceJob, options: StartOptions = {}): Promise<Result<ChoiceResult>> => runInChild({ kind: 'choose', job }, options)
