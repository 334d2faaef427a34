/** Evaluation of weights on clips: predictions, and the measures over them. Runs in the training process. */
import { frontEndShape } from '../features/index.ts'
import { AppError, unwrap } from '../kit/index.ts'
import { planNetwork, networkState } from '../nn/index.ts'
import { matchTensors } from './checkpoint/checkpoint.ts'
import { readCheckpoint } from './checkpoint/store.ts'
import type { DeviceChoice } from '../runtime/index.ts'
import { chooseThreads } from './device.ts'
import type { TrainingEngine } from './engine.ts'
import { evaluateClassification, mostProbable, type Classification } from './evaluation/classification.ts'
import type { EvaluationJob, EvaluationResult, Prediction } from './evaluation-job.ts'
import type { TrainingEvent } from './events.ts'
import type { TrainingClip } from './job.ts'
import { createPredictor } from './predictor.ts'
import { normaliseClips } from './normalise.ts'
import { prepareClips } from './prepare.ts'
import { softmaxRows } from './scoring.ts'

/** What a task may use while it runs. */
export interface TaskContext {
  readonly emit: (event: TrainingEvent) => void
  readonly cancelled: () => boolean
  /** The person wants what there is so far as the result. */
  readonly ended: () => boolean
  /** Where the task runs, and why there. */
  readonly device: DeviceChoice
}

export interface Evaluated {
  readonly classification: Classification
  readonly predictions: Prediction[]
}

export async function evaluateClips(
  engine: Pick<TrainingEngine, 'predict'>,
  clips: readonly { readonly clip: TrainingClip; readonly features: Float32Array }[],
  labels: readonly string[],
  seed: number,
): Promise<Evaluated> {
  const classes = labels.length
  const probabilities = softmaxRows(await engine.predict(clips.map((c) => c.features)), classes)
  const predicted = mostProbable(probabilities, classes)
  const truth = Int32Array.from(clips, (c) => c.clip.label)
  return {
    classification: evaluateClassification({ classes: labels, labels: truth, predictions: predicted, probabilities, seed }),
    predictions: clips.map(({ clip }, i) => ({
      id: clip.id,
      split: clip.split,
      label: clip.label,
      predicted: predicted[i]!,
      probabilities: Array.from(probabilities.subarray(i * classes, (i + 1) * classes)),
    })),
  }
}

/** Evaluates a checkpoint file. Throws an AppError. */
export async function evaluateCheckpoint(job: EvaluationJob, context: TaskContext): Promise<EvaluationResult> {
  const { frontEnd, architecture, labels } = job
  const checkpoint = unwrap(await readCheckpoint(job.checkpoint))
  const inputShape = frontEndShape(frontEnd)
  const network = unwrap(planNetwork({ architecture, inputShape, classes: labels.length }))
  const weights = checkpoint.tensors.filter((t) => t.role !== 'optimizer')
  unwrap(matchTensors(weights, networkState(network), job.checkpoint))
  const threads = chooseThreads(job.threads)
  const { device } = context.device
  const { prepared, skipped } = await prepareClips({ clips: job.clips, frontEnd, folder: job.features, threads, ...context })
  if (prepared.length === 0) throw new AppError('INVALID', 'None of the clips can be read', { hint: skipped[0]?.message ?? '' })
  const clips = normaliseClips(frontEnd, prepared, checkpoint.state.normalisation)
  await using predictor = unwrap(await createPredictor({ architecture, inputShape, classes: labels.length, device, threads, weights }))
  return { ...(await evaluateClips(predictor, clips, labels, job.seed)), skipped }
}
