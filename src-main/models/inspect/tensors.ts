/** Stored tensors of a foreign model: their shape must be honest about their bytes. */
import onnxProto, { type onnx as Onnx } from 'onnx-proto'
import { AppError } from '../../kit/index.ts'
import type { ModelLimits } from './limits.ts'

const { onnx } = onnxProto
const { DataType, DataLocation } = onnx.TensorProto

/** Bytes of one element, for the element types that we accept. */
const elementBytes: Readonly<Record<number, number>> = {
  [DataType.FLOAT]: 4,
  [DataType.UINT8]: 1,
  [DataType.INT8]: 1,
  [DataType.INT16]: 2,
  [DataType.UINT16]: 2,
  [DataType.INT32]: 4,
  [DataType.INT64]: 8,
  [DataType.BOOL]: 1,
  [DataType.FLOAT16]: 2,
  [DataType.BFLOAT16]: 2,
  [DataType.DOUBLE]: 8,
  [DataType.UINT32]: 4,
  [DataType.UINT64]: 8,
}

const names = new Map<number, string>(
  Object.entries(DataType).flatMap(([name, code]) => (typeof code === 'number' ? [[code, name.toLowerCase()] as const] : [])),
)

/** ONNX's name of an element type, in lower case: `float`, `int64`. */
export const elementName = (code: number): string => names.get(code) ?? `type ${code}`

/** Throws `MODEL_REFUSED` where the tensor lies about itself; returns its number of elements. */
export function checkTensor(tensor: Onnx.ITensorProto, limits: ModelLimits): number {
  const name = JSON.stringify((tensor.name ?? '').slice(0, 80))
  const refuse = (what: string): never => {
    throw new AppError('MODEL_REFUSED', `The model's tensor ${name} ${what}.`)
  }
  const type = tensor.dataType ?? 0
  const size = elementBytes[type] ?? refuse(`has elements of ${elementName(type)}, which is not accepted`)
  if (tensor.dataLocation === DataLocation.EXTERNAL || (tensor.externalData?.length ?? 0) > 0) refuse('keeps its data in another file')
  const dims = (tensor.dims ?? []).map(Number)
  if (dims.length > limits.rank) refuse(`has ${dims.length} dimensions`)
  if (dims.some((d) => !Number.isSafeInteger(d) || d < 0)) refuse(`has the impossible shape [${dims.join(', ')}]`)
  const elements = dims.reduce((product, d) => product * d, 1)
  if (elements > limits.elements) refuse(`has ${elements} elements; at most ${limits.elements} are accepted`)
  const raw = tensor.rawData?.length ?? 0
  if (raw > 0 && raw !== elements * size) refuse(`has ${raw} bytes of data for ${elements} elements`)
  const loose = [tensor.floatData, tensor.int32Data, tensor.int64Data, tensor.doubleData, tensor.uint64Data]
  const count = loose.reduce((sum, data) => sum + (data?.length ?? 0), 0)
  if (raw === 0 && count !== elements) refuse(`has ${count} values for ${elements} elements`)
  if (raw > 0 && count > 0) refuse('has its data twice')
  return elements
}
