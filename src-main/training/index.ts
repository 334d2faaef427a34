/**
 * training: fits a network to clips, and measures how well it does. In: a training job (clips, labels, front
 * end, architecture, settings) as plain JSON. Out: events while it runs, checkpoints and metrics in the run's
 * folder, and a result. The work happens in a child process; evaluation is pure.
 */
export { evaluateClassification, mostProbable, topConfusions } from './evaluation/classification.ts'
export type { Classification, ClassificationRequest, ClassMeasures, Confusion } from './evaluation/classification.ts'
export { bootstrapIntervals, quantile, type Interval } from './evaluation/bootstrap.ts'
export { expectedCalibrationError, negativeLogLikelihoods } from './evaluation/calibration.ts'
