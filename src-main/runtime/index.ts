/**
 * runtime: models on devices, by ONNX Runtime, which no other room imports. In: the bytes of a model, a device,
 * tensors. Out: tensors, and plain words where a device cannot be used.
 */
export { createSession, livingSessions, type Device, type Session, type SessionOptions, type Tensors, type ValueSpec } from './session.ts'
export { tensor, scalar, floats, type RuntimeTensor, type TensorData } from './tensor.ts'
export { listDevices, probeDevice, resolveDevice, type DeviceChoice, type DeviceReport, type DeviceWish } from './devices.ts'
export { takesSharedMemory } from './shared-memory.ts'
