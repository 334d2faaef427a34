/**
 * nn: small networks and their training, written as ONNX graphs. In: a list of layers and settings. Out: the
 * bytes of a model that ONNX Runtime executes. Pure: no clock, no files, no global randomness, knows only kit.
 */
export * from './graph.ts'
export { toOnnx, type ModelOptions } from './onnx-file.ts'
export { DEFAULT_OPSET, irVersionOf, OPSETS, type Opset } from './opset.ts'
export * from './operations/index.ts'
export { gradients, parameter, parameters } from './gradients.ts'
export { layerSchema, layerTypes, type LayerSpec, type LayerType } from './layers/spec.ts'
export { layerTypeData, type LayerField, type LayerGroup, type LayerTypeData } from './layers/fields.ts'
export { layerProblemCodes } from './layers/problem.ts'
export { sketchNetwork, type Sketch, type SketchProblem, type SketchRow, type WholeProblem } from './sketch.ts'
export type { FeatureShape, ParameterSpec, BufferSpec } from './layers/layer.ts'
export { fillDropoutMask } from './layers/dropout.ts'
export { initialiserNames, initialiserSchema, type InitialiserSpec } from './initialisers.ts'
export {
  architectureSchema,
  parseArchitecture,
  planNetwork,
  describeNetwork,
  countParameters,
  countMacs,
  initialiseNetwork,
  type Architecture,
  type Network,
  type NetworkRequest,
  type LayerRow,
} from './network.ts'
export { activationNames, withActivation, type ActivationName } from './layers/activation-switch.ts'
export { architectures } from './architectures/index.ts'
export { lossSchema, type LossSpec } from './losses.ts'
export { optimizerSchema, type OptimizerSpec } from './optimisers.ts'
export { scheduleSchema, learningRate, type ScheduleSpec } from './schedules.ts'
export { createTrainingStep, initialiseState, dropoutRandom, type TrainingStep } from './training-step.ts'
export { createGradientStep, GRADIENT, type DropoutMask, type GradientStep } from './gradient-step.ts'
export { createUpdateStep, type ResultSlice, type StateSlice, type UpdateStep } from './update-step.ts'
export { NEXT, type StateSpec, type TrainingStepRequest } from './step-request.ts'
export { createForward, appendNetwork, networkState, LAYER, type Forward, type ForwardRequest, type Weights } from './forward.ts'
export { loadParameters, type NamedValues } from './parameters.ts'
export { receptiveFields, type AxisField, type ReceptiveField } from './receptive-field.ts'
export { createExplanation, type Explanation } from './explanation.ts'
export { leavesOf, outputOf, type PlannedLeaf, type PlannedNode } from './layers/plan.ts'
export { createBackpropagation, type Backpropagation, type BackpropagationRequest, type TeachingLoss, type TracedOperation, type TracedTensor } from './backpropagation.ts'
