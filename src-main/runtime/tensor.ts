/** Numbers with a shape, as sessions take and give them; on the CPU or still on the device that made them. */
import ort from 'onnxruntime-node'
import { assert } from '../kit/index.ts'
import type { DType } from '../nn/index.ts'

export type TensorData =
  | Float32Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Int8Array
  | Uint8Array

export interface RuntimeTensor extends Disposable {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly location: 'cpu' | 'device'
  /** Row-major. Only for tensors on the CPU: others must be brought by `session.read` first. */
  readonly data: TensorData
}

const natives = new WeakMap<RuntimeTensor, ort.Tensor>()

/** A tensor over the given numbers (not copied). The type follows from the array; booleans must say so. */
export function tensor(data: TensorData, shape: readonly number[], dtype: DType = dtypeOf(data)): RuntimeTensor {
  const size = shape.reduce((a, b) => a * b, 1)
  assert(data.length === size, `${data.length} values for a tensor of shape [${shape.join(', ')}]`)
  return wrap(new ort.Tensor(dtype, data as Float32Array, shape))
}

export const scalar = (value: number): RuntimeTensor => tensor(Float32Array.of(value), [])

/** The numbers of a float32 tensor. */
export function floats(t: RuntimeTensor): Float32Array {
  assert(t.dtype === 'float32', `a ${t.dtype} tensor where float32 is needed`)
  return t.data as Float32Array
}

export function wrap(native: ort.Tensor): RuntimeTensor {
  const onCpu = native.location === 'cpu' || native.location === 'cpu-pinned'
  let disposed = false
  const made: RuntimeTensor = {
    shape: native.dims,
    dtype: native.type as DType,
    location: onCpu ? 'cpu' : 'device',
    get data() {
      assert(onCpu, 'the tensor is on the device: bring it by session.read first')
      return native.data as TensorData
    },
    [Symbol.dispose]() {
      if (disposed || onCpu) return
      disposed = true
      native.dispose()
    },
  }
  natives.set(made, native)
  return made
}

export function unwrapTensor(t: RuntimeTensor): ort.Tensor {
  const native = natives.get(t)
  assert(native, 'a runtime tensor that was not made by this room')
  return native
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Uint16Array) return 'float16'
  if (data instanceof BigInt64Array) return 'int64'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof Int8Array) return 'int8'
  return 'uint8'
}
