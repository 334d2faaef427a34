/**
 * experiments: comparisons of conditions over seeds, and searches for good settings. In: settings, what is varied, and a
 * dataset with its split. Out: a group of runs that the queue trains, pruned where the method says so; the choice of the best
 * by validation alone; the tests at the end, once; tables, differences, curves and importances.
 */
export { axisSchema, FIELDS, isRange, kindOf, MOST_TRIALS, requestSchema } from './design.ts'
export type { Axis, Design, ExperimentRequest, Field, Measure, Method, Trial } from './design.ts'
export { createExperiments, type Experiments, type ExperimentsOptions, type Progress } from './experiments.ts'
export { experimentOf, readExperiment, type ExperimentRecord, type ExperimentState, type Score, type TestRecord } from './state.ts'
export { planExperiment, rungTable, type ExperimentPlan } from './plan.ts'
export { estimateTime, type TimeEstimate } from './estimate-time.ts'
export { conditionRows, type ConditionRow } from './results.ts'
export { chooseBest, conditionsOf } from './conditions.ts'
export { compareConditions, type Difference } from './compare.ts'
export { conditionCurves, type ConditionCurve } from './curves.ts'
export { settingImportance, type SettingImportance } from './importance.ts'
export type { TrialStatus, TrialView } from './trial-status.ts'
export { rungEpochs, rungSizes, survivorsOf } from './halving.ts'
export { makeTrials } from './trials.ts'
export { trialSettings, valueName } from './trial-settings.ts'
export { studentQuantile } from './statistics/student-t.ts'
export { meanInterval, type MeanInterval } from './statistics/mean-interval.ts'
export { mcNemar, type McNemar } from './statistics/mcnemar.ts'
export { holm } from './statistics/holm.ts'
export { pairedBootstrap, type PairedBootstrap } from './statistics/paired-bootstrap.ts'
export { functionalAnova, type Importance } from './statistics/functional-anova.ts'
