/** Pieces of ONNX files, as the decoder gives them, taken apart and put together. */
import onnxProto, { type onnx as Onnx } from 'onnx-proto'

const { onnx } = onnxProto

export type ModelProto = Onnx.IModelProto
export type GraphProto = Onnx.IGraphProto
export type NodeProto = Onnx.INodeProto

export const decodeModel = (bytes: Uint8Array): Onnx.ModelProto => onnx.ModelProto.decode(bytes)
export const encodeModel = (model: ModelProto): Uint8Array => onnx.ModelProto.encode(model).finish()

const FLOAT = onnx.TensorProto.DataType.FLOAT

export const floatValue = (name: string, shape: readonly (number | string)[], docString = ''): Onnx.IValueInfoProto => ({
  name,
  docString,
  type: { tensorType: { elemType: FLOAT, shape: { dim: shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d })) } } },
})

/** Every tensor and node of the graph under another name; types and attributes as they are. Shapes of inner tensors go. */
export function renameGraph(graph: GraphProto, rename: (name: string) => string): GraphProto {
  const named = (name: string | null | undefined): string => (name ? rename(name) : '')
  return {
    ...graph,
    node: (graph.node ?? []).map((node) => ({ ...node, name: named(node.name), input: (node.input ?? []).map(named), output: (node.output ?? []).map(named) })),
    initializer: (graph.initializer ?? []).map((tensor) => ({ ...tensor, name: named(tensor.name) })),
    input: (graph.input ?? []).map((value) => ({ ...value, name: named(value.name) })),
    output: (graph.output ?? []).map((value) => ({ ...value, name: named(value.name) })),
    valueInfo: [],
    quantizationAnnotation: [],
  }
}

/** Only what the named results need; nodes stay in their order. */
export function keepNeeded(graph: GraphProto, results: readonly string[]): Pick<Required<GraphProto>, 'node' | 'initializer'> {
  const needed = new Set(results)
  const nodes = (graph.node ?? []).toReversed().filter((node) => {
    if (!(node.output ?? []).some((name) => needed.has(name))) return false
    for (const name of node.input ?? []) needed.add(name)
    return true
  })
  return { node: nodes.toReversed(), initializer: (graph.initializer ?? []).filter((tensor) => needed.has(tensor.name ?? '')) }
}
