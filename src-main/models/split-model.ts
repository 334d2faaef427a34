/**
 * An exported file cut in two where its features are: the network alone, so that windows which overlap can share
 * the work of the front end. The place is found by looking, since a file may come from any version.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto'

const { onnx } = onnxProto

/**
 * Tensors through which all that the probabilities know of the waveform passes, in the order of the nodes. `bytes`
 * are those of `loadModel`.
 */
export function narrowPlaces(bytes: Uint8Array): string[] {
  const nodes = onnx.ModelProto.decode(bytes).graph?.node ?? []
  const needed = nodesFor(nodes, 'probabilities', new Set())
  /** How many nodes have yet to read a tensor that depends on the waveform. */
  const readers = new Map<string, number>()
  for (const node of needed) for (const name of new Set(node.input)) readers.set(name, (readers.get(name) ?? 0) + 1)
  const live = new Set(['waveform'])
  const places: string[] = []
  for (const node of needed) {
    const inputs = new Set(node.input)
    if (![...inputs].some((name) => live.has(name))) continue
    for (const name of inputs) {
      const left = readers.get(name)! - 1
      readers.set(name, left)
      if (left === 0) live.delete(name)
    }
    for (const name of node.output ?? []) if ((readers.get(name) ?? 0) > 0) live.add(name)
    const [only, ...more] = live
    if (only !== undefined && more.length === 0) places.push(only)
  }
  return places.filter((name, i) => name !== 'waveform' && places.indexOf(name) === i)
}

/** The same model that also gives out the named tensors. */
export function withOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const model = onnx.ModelProto.decode(bytes)
  model.graph!.output = [...(model.graph!.output ?? []), ...names.map((name) => ({ name }))]
  return onnx.ModelProto.encode(model).finish()
}

/** What comes after the tensor `place`, as a model of its own: `place` [N, …shape] → `probabilities`. */
export function networkAfter(bytes: Uint8Array, place: string, shape: readonly number[]): Uint8Array {
  const model = onnx.ModelProto.decode(bytes)
  const graph = model.graph!
  const nodes = nodesFor(graph.node ?? [], 'probabilities', new Set([place]))
  const read = new Set(nodes.flatMap((node) => node.input ?? []))
  const dim = [{ dimParam: 'N' }, ...shape.map((size) => ({ dimValue: size }))]
  return onnx.ModelProto.encode({
    ...model,
    metadataProps: [],
    graph: {
      ...graph,
      node: nodes,
      initializer: (graph.initializer ?? []).filter((t) => read.has(t.name ?? '')),
      valueInfo: [],
      input: [{ name: place, type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim } } } }],
      output: (graph.output ?? []).filter((o) => o.name === 'probabilities'),
    },
  }).finish()
}

/** The nodes that `output` needs, in their order, without those before the tensors `given`. */
function nodesFor(nodes: readonly Onnx.INodeProto[], output: string, given: ReadonlySet<string>): Onnx.INodeProto[] {
  const wanted = new Set([output])
  const kept: Onnx.INodeProto[] = []
  for (const node of [...nodes].reverse()) {
    if (!(node.output ?? []).some((name) => wanted.has(name) && !given.has(name))) continue
    kept.push(node)
    for (const name of node.input ?? []) if (!given.has(name)) wanted.add(name)
  }
  return kept.reverse()
}
