/**
 * explanation: what happens inside a network, for a clip, a batch or a step of training. In: a run's weights and the
 * sound of a clip. Out: what comes out of each layer, Grad-CAM, saliency and occlusion maps, gradients of parameters, and
 * back-propagation node by node. ONNX graphs in a child process compute it, which is kept for the next question.
 */
export { createExplainer, type Explainer, type ExplainerOptions } from './explainer.ts'
export type { BackpropagationSettings, BackpropagationTrace, GradientReport, Look, LayerLook, OcclusionMap, OcclusionSettings, TracedValues } from './process/messages.ts'
export type { NetworkSource } from './network-source.ts'
export { sourceOfRun, describeSource, type DescribedLayer } from './network-source.ts'
export { summarise, type Summary } from './summary.ts'
