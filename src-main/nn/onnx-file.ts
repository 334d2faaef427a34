/**
 * Writes a graph as the bytes of an ONNX model (opset 18, IR version 8, unless told). Nodes that no output needs are left
 * out, so gradients that nobody asked for cost nothing.
 */
import onnxProto from 'onnx-proto'
import { exhaustive } from '../kit/index.ts'
import type { Attribute, Constant, DType, Graph, GraphNode, Tensor } from './graph.ts'
import { DEFAULT_OPSET, forOpset, irVersionOf } from './opset.ts'

const { onnx } = onnxProto

const ELEMENT_TYPES: Record<DType, number> = {
  float32: onnx.TensorProto.DataType.FLOAT,
  float16: onnx.TensorProto.DataType.FLOAT16,
  int64: onnx.TensorProto.DataType.INT64,
  int32: onnx.TensorProto.DataType.INT32,
  int8: onnx.TensorProto.DataType.INT8,
  uint8: onnx.TensorProto.DataType.UINT8,
  bool: onnx.TensorProto.DataType.BOOL,
}

export interface ModelOptions {
  readonly opset?: number
  /** Written as the model's metadata properties. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly graphName?: string
  readonly description?: string
  /** Other names for tensors, by the names that the graph gave them. */
  readonly names?: ReadonlyMap<string, string>
  /** What inputs and outputs are, by name: viewers show it. */
  readonly docs?: Readonly<Record<string, string>>
}

export function toOnnx(graph: Graph, options: ModelOptions = {}): Uint8Array {
  const opset = options.opset ?? DEFAULT_OPSET
  const pruned = prune(graph)
  const written = forOpset(pruned.nodes, pruned.constants, opset)
  const { nodes, copies } = nameOutputs(graph, written.nodes, options.names)
  const constants = written.constants
  const described = (tensor: Tensor) => ({ ...valueInfo(tensor), docString: options.docs?.[tensor.name] ?? '' })
  const identities = copies.map(({ name, from }) =>
    onnx.NodeProto.create({ opType: 'Identity', input: [from], output: [name], name: `output_${name}` }),
  )
  const domains = new Set(nodes.map((n) => n.domain).filter((d) => d !== ''))
  return onnx.ModelProto.encode({
    irVersion: irVersionOf(opset),
    producerName: 'espectro',
    docString: options.description ?? '',
    opsetImport: [
      { domain: '', version: opset },
      ...[...domains].map((domain) => ({ domain, version: 1 })),
    ],
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: options.graphName ?? 'espectro',
      node: [...nodes.map(nodeProto), ...identities],
      initializer: constants.map(tensorProto),
      docString: options.description ?? '',
      input: graph.inputs.map(described),
      output: graph.outputs.map(({ name, tensor }) => described({ ...tensor, name })),
    },
  }).finish()
}

function prune(graph: Graph): { nodes: GraphNode[]; constants: Constant[] } {
  const needed = new Set(graph.outputs.map((o) => o.tensor.name))
  const nodes: GraphNode[] = []
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!
    if (!node.outputs.some((name) => needed.has(name))) continue
    nodes.push(withoutSpareOutputs(node, needed))
    for (const name of node.inputs) needed.add(name)
  }
  return { nodes: nodes.reverse(), constants: graph.constants.filter((c) => needed.has(c.name)) }
}

/** MaxPool works out the places of its maxima only where somebody wants them. */
function withoutSpareOutputs(node: GraphNode, needed: ReadonlySet<string>): GraphNode {
  if (node.type !== 'MaxPool' || node.outputs.slice(1).some((name) => needed.has(name))) return node
  return { ...node, outputs: node.outputs.slice(0, 1) }
}

/**
 * A tensor that a node makes takes its output's name, so that nothing is copied when the model runs; inputs,
 * constants and a tensor's further names are copies.
 */
function nameOutputs(
  graph: Graph,
  nodes: readonly GraphNode[],
  given: ReadonlyMap<string, string> = new Map(),
): { nodes: (GraphNode & { name: string })[]; copies: { name: string; from: string }[] } {
  const made = new Set(nodes.flatMap((n) => n.outputs))
  const names = new Map(given)
  const copies: { name: string; from: string }[] = []
  for (const { name, tensor } of graph.outputs) {
    if (made.has(tensor.name) && !names.has(tensor.name)) names.set(tensor.name, name)
    else copies.push({ name, from: names.get(tensor.name) ?? tensor.name })
  }
  const named = (name: string) => names.get(name) ?? name
  // A node is named as its first result was: unique, and with the part of the model that it belongs to.
  const renamed = nodes.map((n) => ({ ...n, name: n.outputs[0]!, inputs: n.inputs.map(named), outputs: n.outputs.map(named) }))
  return { nodes: renamed, copies }
}

function nodeProto(node: GraphNode & { readonly name: string }) {
  return {
    opType: node.type,
    domain: node.domain,
    name: node.name,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  }
}

function attributeProto(name: string, value: Attribute) {
  const { AttributeType } = onnx.AttributeProto
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  if ('floats' in value) return { name, type: AttributeType.FLOATS, floats: [...value.floats] }
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: [...value] as number[] }
  return exhaustive(value as never)
}

function tensorProto({ name, shape, dtype, values }: Constant) {
  return {
    name,
    dims: [...shape] as number[],
    dataType: ELEMENT_TYPES[dtype],
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }
}

function valueInfo({ name, shape, dtype }: Tensor) {
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }))
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[dtype], shape: { dim } } } }
}
