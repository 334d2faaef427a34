/**
 * Static quantisation to 8 bits: q = round(x / scale) + zero, after Jacob et al., "Quantization and training of neural
 * networks for efficient integer-arithmetic-only inference" (CVPR 2018). Weights have a scale for each output and no
 * zero point; activations one scale and zero point from the range that calibration saw. Written as pairs of
 * QuantizeLinear and DequantizeLinear, which every ONNX runtime understands and which fuse to integer products.
 */
import { assert } from '../../kit/index.ts'
import type { Constant, Graph, GraphNode } from '../../nn/index.ts'
import { outputAxis, plainNode, replaceNodes, weightedNodes, type WeightedNode } from './weights.ts'

/** Least and greatest value of a tensor over the calibration clips. */
export type Range = readonly [low: number, high: number]
export type Ranges = ReadonlyMap<string, Range>

/**
 * Weights use 7 of 8 bits: products of an unsigned and a signed byte are summed in pairs in 16 bits by processors
 * without VNNI, which overflow with 8. So the same file gives the same numbers everywhere.
 */
const WEIGHT_LIMIT = 63
const ACTIVATION_LEVELS = 255

/** What calibration must look at: the inputs of the products, and their outputs after a ReLU where one follows. */
export function observedTensors(g: Graph, first: number): string[] {
  return [...new Set(weightedNodes(g, first).flatMap(({ node }) => [node.inputs[0]!, outputOf(g, node)]))]
}

function outputOf(g: Graph, node: GraphNode): string {
  const name = node.outputs[0]!
  const readers = g.nodes.filter((n) => n.inputs.includes(name))
  return readers.length === 1 && readers[0]!.type === 'Relu' ? readers[0]!.outputs[0]! : name
}

export function quantise(g: Graph, first: number, ranges: Ranges): void {
  const weighted = new Map(weightedNodes(g, first).map((w) => [w.index, w]))
  const observed = new Set(observedTensors(g, first))
  const results = new Set(g.outputs.map((o) => o.tensor.name))
  const scales = new Map([...observed].map((name) => [name, activationScale(g, name, ranges)]))
  const read = (name: string): string => (scales.has(name) && !results.has(name) ? `${name}_dq` : name)

  const made = new Set<string>()
  const weights = createWeightStore(g)
  const rounded = (name: string): GraphNode[] => {
    const scale = scales.get(name)
    if (!scale || results.has(name) || made.has(name)) return []
    made.add(name)
    const { step, zero } = scale
    return [
      plainNode('QuantizeLinear', [name, step.name, zero.name], `${name}_q`),
      plainNode('DequantizeLinear', [`${name}_q`, step.name, zero.name], `${name}_dq`),
    ]
  }
  // What comes from before the network (or into the graph) is rounded where it is first read.
  const early = (node: GraphNode, index: number): GraphNode[] => (index < first ? [] : node.inputs.flatMap((name) => (isEarly(name) ? rounded(name) : [])))
  const inNetwork = new Set(g.nodes.slice(first).flatMap((n) => n.outputs))
  const isEarly = (name: string): boolean => scales.has(name) && !inNetwork.has(name)

  replaceNodes(g, (node, index) => {
    if (index < first) return [node]
    const found = weighted.get(index)
    const inputs = node.inputs.map(read)
    const before = early(node, index)
    const after = node.outputs.flatMap(rounded)
    if (!found) return [...before, { ...node, inputs }, ...after]
    const { nodes, names } = weights(found, scales.get(node.inputs[0]!)!.size)
    return [...before, ...nodes, { ...node, inputs: [inputs[0]!, ...names] }, ...after]
  })
}

interface ActivationScale {
  readonly size: number
  readonly step: Constant
  readonly zero: Constant
}

function activationScale(g: Graph, name: string, ranges: Ranges): ActivationScale {
  const range = ranges.get(name)
  assert(range, `calibration did not see ${name}`)
  // Zero must be a level of its own: padding and ReLU give it often.
  const [low, high] = [Math.min(0, range[0]), Math.max(0, range[1])]
  const size = high > low ? (high - low) / ACTIVATION_LEVELS : 1
  return { size, step: g.scalar(size), zero: g.scalar(Math.round(-low / size), 'uint8') }
}

interface Written {
  readonly nodes: readonly GraphNode[]
  /** What the product reads in the place of its weight and bias. */
  readonly names: readonly string[]
}

/** Writes weights and biases in 8 and 32 bits; one that several products read (each step of a recurrent layer) once. */
function createWeightStore(g: Graph): (found: WeightedNode, inputScale: number) => Written {
  const weights = new Map<string, { readonly name: string; readonly sizes: Float32Array }>()
  const biases = new Map<string, string>()

  function storeWeight(found: WeightedNode, nodes: GraphNode[]) {
    const { weight } = found
    const known = weights.get(weight.name)
    if (known) return known
    const axis = outputAxis(found)
    const shape = weight.shape as readonly number[]
    const { bytes, sizes } = roundWeight(weight.values as Float32Array, shape, axis)
    const outputs = sizes.length
    const [q, step, zero] = [g.constant(bytes, shape, 'int8'), g.constant(sizes, [outputs]), g.constant(new Int8Array(outputs), [outputs], 'int8')]
    const stored = { name: `${q.name}_dq`, sizes }
    nodes.push(plainNode('DequantizeLinear', [q.name, step.name, zero.name], stored.name, { axis }))
    weights.set(weight.name, stored)
    return stored
  }

  /** In units of the product, as integer arithmetic adds it. */
  function storeBias(bias: Constant, sizes: Float32Array, inputScale: number, nodes: GraphNode[]): string {
    const key = `${bias.name} ${inputScale}`
    const known = biases.get(key)
    if (known !== undefined) return known
    const units = sizes.map((s) => s * inputScale)
    const whole = g.constant(Int32Array.from(bias.values as Float32Array, (b, i) => Math.round(b / units[i]!)), [units.length], 'int32')
    const name = `${whole.name}_dq`
    nodes.push(plainNode('DequantizeLinear', [whole.name, g.constant(units, [units.length]).name], name, { axis: 0 }))
    biases.set(key, name)
    return name
  }

  return (found, inputScale) => {
    const nodes: GraphNode[] = []
    const weight = storeWeight(found, nodes)
    const [, , biasName] = found.node.inputs
    if (biasName === undefined) return { nodes, names: [weight.name] }
    const bias = g.constants.find((c) => c.name === biasName && c.shape.length === 1 && c.shape[0] === weight.sizes.length)
    return { nodes, names: [weight.name, bias ? storeBias(bias, weight.sizes, inputScale, nodes) : biasName] }
  }
}

/** One scale for each output: its greatest weight becomes the greatest number. */
function roundWeight(values: Float32Array, shape: readonly number[], axis: number): { readonly bytes: Int8Array; readonly sizes: Float32Array } {
  const outputs = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const place = (i: number): number => Math.floor(i / inner) % outputs
  const largest = new Float64Array(outputs)
  values.forEach((w, i) => (largest[place(i)] = Math.max(largest[place(i)]!, Math.abs(w))))
  const sizes = Float32Array.from(largest, (most) => (most > 0 ? most / WEIGHT_LIMIT : 1))
  const bytes = Int8Array.from(values, (w, i) => Math.max(-WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, Math.round(w / sizes[place(i)]!))))
  return { bytes, sizes }
}
