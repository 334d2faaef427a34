/**
 * runs: trainings as records of a library. In: a dataset with its split, and settings. Out: a row in the catalog
 * and a folder with the snapshot of the clips, metrics, checkpoints, predictions and result; the evaluation of a
 * run; and what an export needs of one.
 */
export { createTrainingRun, type NewTrainingRun } from './create.ts'
export { trainRun, type TrainRunOptions } from './train.ts'
export { evaluateRun, type EvaluateRunOptions } from './evaluate.ts'
export { loadRunModel, type RunModel } from './model.ts'
export { readRun, type RunDetails, type RunConfig } from './record.ts'
