/**
 * runs: trainings as records of a library. In: a dataset with its split, and settings. Out: what is wrong with
 * them, a row in the catalog and a folder with the snapshot of the clips, metrics, checkpoints, predictions and
 * result; the queue of trainings; the evaluation of a run; and what an export needs of one.
 */
export { createTrainingRun, type NewTrainingRun } from './create.ts'
export { trainRun, type TrainRunOptions } from './train.ts'
export { evaluateRun, type EvaluateRunOptions } from './evaluate.ts'
export { chooseCheckpoint, loadRunModel, type ChosenCheckpoint, type RunModel } from './model.ts'
export { readRun, readSnapshot, runConfigOf, type RunDetails, type RunConfig } from './record.ts'
export { annotateRun, binRun, lengthenRun, restoreRun, type RunNotes } from './organise.ts'
export { commonestRate, suitedFrontEnd, trainingChoices, type TrainingChoices } from './choices.ts'
export { createRunQueue, type QueueState, type RunQueue, type RunQueueOptions } from './queue.ts'
export type { LiveRun } from './live-run.ts'
export { runState, type RunState } from './run-state.ts'
export { createMetricsReader, type MetricsReader, type Series } from './series/metrics-reader.ts'
export { decimate, type Points } from './series/decimate.ts'
export { clipFacts, type ClipFacts } from './clip-facts.ts'
export { corrections, type Corrections } from './corrections.ts'
export { readScores, runCalibration, type RunScores } from './scores.ts'
export { readPredictions, type PredictionColumns } from './predictions.ts'
export { recordTest } from './record-test.ts'
export { createPlanner, datasetById, planTraining, type PlannedNetwork, type TrainingPlan } from './plan/plan.ts'
export type { PlanCode, PlanField, PlanProblem } from './plan/problem.ts'
export { dataProblems } from './plan/data-problems.ts'
export { createEstimator, estimateFrom, type Estimate } from './plan/estimate.ts'
export { runSounds, type RunSound } from './sounds.ts'
