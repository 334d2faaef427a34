import type { Graph } from '../../nn/index.ts'
import { plainNode, replaceNodes, weightedNodes } from './weights.ts'

/** ONNX's number for float32, what the weights become again when the model is loaded. */
const FLOAT = 1

/**
 * Weights stored as float16 (IEEE 754 binary16, rounded to nearest): half the file. They are widened when the model is
 * loaded and all arithmetic stays float32, so that a processor without half-precision arithmetic is not slower.
 */
export function storeWeightsAsHalf(g: Graph, first: number): void {
  // A weight that several products read (each step of a recurrent layer) is stored and widened once.
  const widened = new Map<string, string>()
  const weights = new Map(weightedNodes(g, first).map((w) => [w.index, w]))
  replaceNodes(g, (node, index) => {
    const found = weights.get(index)
    if (!found) return [node]
    const { weight } = found
    const known = widened.get(weight.name)
    const reading = (from: string) => ({ ...node, inputs: node.inputs.map((name, i) => (i === 1 ? from : name)) })
    if (known !== undefined) return [reading(known)]
    const bits = new Uint16Array(new Float16Array(weight.values as Float32Array).buffer)
    const half = g.constant(bits, weight.shape as readonly number[], 'float16')
    const name = `${half.name}_f32`
    widened.set(weight.name, name)
    return [plainNode('Cast', [half.name], name, { to: FLOAT }), reading(name)]
  })
}
