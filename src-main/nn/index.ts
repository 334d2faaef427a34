/**
 * nn: small networks and their training, written as ONNX graphs. In: a list of layers and settings. Out: the
 * bytes of a model that ONNX Runtime executes. Pure: no clock, no files, no global randomness, knows only kit.
 */
export * from './graph.ts'
export { toOnnx, DEFAULT_OPSET, type ModelOptions } from './onnx-file.ts'
export * from './operations/index.ts'
export { gradients, parameter, parameters } from './gradients.ts'
