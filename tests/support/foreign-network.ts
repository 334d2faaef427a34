/**
 * Classifiers as other programs write them: other names, other orders of axes, a fixed batch, data as values and not as
 * raw bytes. Their arithmetic is simple enough to be known: class 0 sees the first half of the axis of frequencies, class 1
 * the second.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto'

const { onnx } = onnxProto
const FLOAT = onnx.TensorProto.DataType.FLOAT

export interface ForeignOptions {
  readonly shape: readonly (number | string)[]
  /** Which axis of the input is frequency (or samples). */
  readonly axis: number
  readonly softmax?: boolean
  readonly opset?: number
  readonly change?: (model: Onnx.IModelProto) => void
}

const value = (name: string, shape: readonly (number | string)[], elemType: number = FLOAT): Onnx.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType, shape: { dim: shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d })) } } },
})

/** Mean of |x| over each half of an axis → [N, 2]. */
export function foreignNetwork({ shape, axis, softmax = false, opset = 17, change }: ForeignOptions): Uint8Array {
  const size = shape[axis] as number
  const others = shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis)
  // Where an axis is reduced without being kept, those after it move up: what remains is [N, size].
  const weight = Array.from({ length: size * 2 }, (_, i) => (Math.floor(i / 2) < size / 2 === (i % 2 === 0) ? 2 / size : 0))
  const model: Onnx.IModelProto = {
    irVersion: 8,
    producerName: 'pytorch',
    producerVersion: '2.4.0',
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'main_graph',
      node: [
        { opType: 'Abs', name: '/Abs', input: ['input.1'], output: ['/Abs_output_0'] },
        ...(others.length === 0
          ? [{ opType: 'Identity', name: '/Keep', input: ['/Abs_output_0'], output: ['/Mean_output_0'] }]
          : [{ opType: 'ReduceMean', name: '/Mean', input: ['/Abs_output_0'], output: ['/Mean_output_0'], attribute: [{ name: 'axes', type: 7, ints: others }, { name: 'keepdims', type: 2, i: 0 }] }]),
        { opType: 'MatMul', name: '/fc/MatMul', input: ['/Mean_output_0', 'fc.weight'], output: [softmax ? '/fc/output_0' : 'waveform'] },
        ...(softmax ? [{ opType: 'Softmax', name: '/Softmax', input: ['/fc/output_0'], output: ['waveform'], attribute: [{ name: 'axis', type: 2, i: -1 }] }] : []),
      ],
      initializer: [{ name: 'fc.weight', dims: [size, 2], dataType: FLOAT, floatData: weight }],
      input: [value('input.1', shape)],
      // Called like an input of ours on purpose: names of theirs must not meet names of ours.
      output: [value('waveform', [shape[0]!, 2])],
    },
  }
  change?.(model)
  return onnx.ModelProto.encode(model).finish()
}

export const anotherInput = (name: string): Onnx.IValueInfoProto => value(name, ['N', 4])
export const integerInput = (name: string, shape: readonly (number | string)[]): Onnx.IValueInfoProto => value(name, shape, onnx.TensorProto.DataType.INT64)
