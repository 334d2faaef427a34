/**
 * training: fits a network to clips, and measures how well it does. In: a training job (clips, labels, front
 * end, architecture, settings) as plain JSON. Out: events while it runs, checkpoints and metrics in the run's
 * folder, and a result. The work happens in a child process; evaluation is pure.
 */
export { evaluateClassification, mostProbable, topConfusions } from './evaluation/classification.ts'
export type { Classification, ClassificationRequest, ClassMeasures, Confusion } from './evaluation/classification.ts'
export { bootstrapIntervals, quantile, type Interval } from './evaluation/bootstrap.ts'
export { expectedCalibrationError, negativeLogLikelihoods } from './evaluation/calibration.ts'
export { classThresholds, confidentJoint, labelIssues, type LabelIssue } from './evaluation/confident-learning.ts'
export { chooseClips, entropyOf, marginOf, CHOICE_METHODS, type ChoiceMethod, type ChoiceRequest } from './choosing/choose-clips.ts'
export type { ChoiceJob, ChoiceResult, ChosenClip } from './choosing/choose-job.ts'
export { applyTemperature, calibrate, fitTemperature, type Calibration } from './evaluation/temperature.ts'
export { createBatchOrder, type BatchOrder, type BatchPlace } from './batch-order.ts'
export { decodeCheckpoint, encodeCheckpoint, matchTensors } from './checkpoint/checkpoint.ts'
export type { BestEpoch, Checkpoint, CheckpointState, EpochRecord, StateRole, StateTensor } from './checkpoint/checkpoint.ts'
export {
  bestPath,
  checkpointPath,
  prepareCheckpoints,
  readBest,
  readCheckpoint,
  readNewestCheckpoint,
  saveBest,
  saveCheckpoint,
  type NewestCheckpoint,
} from './checkpoint/store.ts'
export { readMetrics, type MetricLine, type StepMetrics } from './metrics-log.ts'
export type { TrainingEvent, WorstClip } from './events.ts'
export type { MeasureJob, Measured } from './measure.ts'
export { defaultThreads } from './device.ts'
export { startEvaluation, startMeasurement, startChoice, startTraining } from './start-training.ts'
export type { StartOptions } from './process/start.ts'
export { forkChild, type Child, type ChildExit, type StartChild } from '../kit/index.ts'
export {
  dataHash,
  soundOf,
  parseTrainingJob,
  trainingJobSchema,
  trainingSettingsSchema,
  type SkippedClip,
  type TrainingClip,
  type TrainingJob,
  type TrainingResult,
  type TrainingSettings,
} from './job.ts'
export type { EvaluationJob, EvaluationResult, Prediction } from './evaluation-job.ts'
export { listArchitectures, removeArchitecture, saveArchitecture, type NamedArchitecture } from './own-architectures.ts'
export { fittedPolicies, listPolicies, removePolicy, savePolicy, type NamedPolicy } from './own-policies.ts'
export { createAugmentPreview, type AugmentPreview, type Preview, type PreviewRequest } from './preview/augment-preview.ts'
export type { PreviewDraw } from './preview/protocol.ts'
export { runFiles } from './run-files.ts'
export { betterEpoch, shouldStop, type BestMetric } from './best-epoch.ts'
export { scoreLogits, softmaxRows } from './scoring.ts'
export {
  DEFAULT_CHECKPOINT_SECONDS,
  DEFAULT_LOG_EVERY,
  DEFAULT_OPTIMIZER,
  DEFAULT_RATES,
  defaultPolicy,
  defaultSettings,
  suggestSize,
  type RecipeChoices,
} from './recipe.ts'
export { deviceSchema, trainingClipSchema } from './job.ts'
export { soundRequest } from './clip-sound.ts'
export { prepareClips, type PreparedClip } from './prepare.ts'
export { normaliseClips } from './normalise.ts'
