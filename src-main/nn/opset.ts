/**
 * The same graph for other versions of ONNX's operator set. Graphs are written as opset 18 has them; the operators in
 * use mean the same up to 21, and below 18 a few are written another way (what changed when: onnx/docs/Changelog.md).
 */
import { assert, AppError } from '../kit/index.ts'
import type { Constant, GraphNode } from './graph.ts'

export const DEFAULT_OPSET = 18
/** What a model can be written for. */
export const OPSETS = [13, 14, 15, 16, 17, 18, 19, 20, 21] as const
export type Opset = (typeof OPSETS)[number]

/** The least version of the file format that an opset goes with, as in onnx.helper.VERSION_TABLE. */
const IR_VERSIONS: readonly (readonly [opset: number, version: number])[] = [[13, 7], [15, 8], [19, 9], [21, 10], [23, 11], [24, 12], [25, 13]]
export const irVersionOf = (opset: number): number => IR_VERSIONS.findLast(([from]) => opset >= from)?.[1] ?? 7

export interface NodesAndConstants {
  readonly nodes: readonly GraphNode[]
  readonly constants: readonly Constant[]
}

interface Writing {
  /** The values of a constant that a node reads. */
  valuesOf(name: string): readonly number[]
  /** Gives the name of a new constant. */
  constant(values: readonly number[], dtype: 'float32' | 'int64'): string
}

interface Rule {
  /** Older opsets need the other form. */
  readonly before: number
  readonly write: (node: GraphNode, writing: Writing) => readonly GraphNode[]
}

/** Axes were an attribute of reductions until they became an input in opset 18. */
const axesAsAttribute: Rule = {
  before: 18,
  write(node, { valuesOf }) {
    const [data, axes] = node.inputs
    return [{ ...node, inputs: [data!], attributes: { ...node.attributes, ...(axes ? { axes: valuesOf(axes) } : {}) } }]
  },
}

const rules: Readonly<Record<string, Rule>> = {
  ReduceMax: axesAsAttribute,
  ReduceMin: axesAsAttribute,
  ReduceMean: axesAsAttribute,
  ReduceSumSquare: axesAsAttribute,
  /** Equal parts need not be counted before 18: there are as many as outputs. */
  Split: {
    before: 18,
    write: (node) => {
      const { num_outputs: _, ...attributes } = node.attributes
      return [{ ...node, attributes }]
    },
  },
  Shape: {
    before: 15,
    write(node, { constant }) {
      const { start, end, ...attributes } = node.attributes
      if (start === undefined && end === undefined) return [node]
      const [output] = node.outputs
      const whole = `${output}_all`
      const limits = [constant([Number(start ?? 0)], 'int64'), constant([Number(end ?? Number.MAX_SAFE_INTEGER)], 'int64')]
      return [
        { ...node, outputs: [whole], attributes },
        { type: 'Slice', domain: '', inputs: [whole, ...limits], outputs: [output!], attributes: {} },
      ]
    },
  },
  /** (x − mean) / √(variance + ε) · γ + β over the last axis, in the words of older opsets. */
  LayerNormalization: {
    before: 17,
    write(node, { constant }) {
      // Means and deviations, its further outputs, are read by gradients only.
      assert(node.attributes['axis'] === -1, 'layer normalisation is over the last axis')
      const [x, gamma, beta] = node.inputs as [string, string, string]
      const [output] = node.outputs
      const epsilon = (node.attributes['epsilon'] as { float: number }).float
      const step = (type: string, inputs: readonly string[], name: string, attributes: GraphNode['attributes'] = {}): GraphNode => ({
        type, domain: '', inputs, outputs: [name], attributes,
      })
      const [mean, centred, square, variance, shifted, deviation, normal, scaled] =
        ['mean', 'centred', 'square', 'variance', 'shifted', 'deviation', 'normal', 'scaled'].map((part) => `${output}_${part}`) as [string, string, string, string, string, string, string, string]
      const overLast = { axes: [-1], keepdims: 1 }
      return [
        step('ReduceMean', [x], mean, overLast),
        step('Sub', [x, mean], centred),
        step('Mul', [centred, centred], square),
        step('ReduceMean', [square], variance, overLast),
        step('Add', [variance, constant([epsilon], 'float32')], shifted),
        step('Sqrt', [shifted], deviation),
        step('Div', [centred, deviation], normal),
        step('Mul', [normal, gamma], scaled),
        step('Add', [scaled, beta], output!),
      ]
    },
  },
}

/** Throws `INVALID` where the opset is none that graphs can be written for. */
export function forOpset(nodes: readonly GraphNode[], constants: readonly Constant[], opset: number): NodesAndConstants {
  const known = new Map(constants.map((c) => [c.name, c]))
  const newest = 25 // ONNX Runtime's own limit; a model from elsewhere may bring one that is newer than what we offer
  if (opset < OPSETS[0] || opset > newest) throw new AppError('INVALID', `A model cannot be written for opset ${opset}`, { hint: `Opsets ${OPSETS[0]} to ${OPSETS.at(-1)} are offered.` })
  if (opset >= DEFAULT_OPSET) return { nodes, constants }
  const added = new Map<string, Constant>()
  const writing: Writing = {
    valuesOf(name) {
      const constant = known.get(name)
      assert(constant, `${name} is a constant`)
      return Array.from(constant.values as ArrayLike<number | bigint>, Number)
    },
    constant(values, dtype) {
      const name = `opset_${dtype}_${values.join('_').replace('-', 'minus')}`
      if (!added.has(name)) {
        const typed = dtype === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt)
        added.set(name, { name, shape: dtype === 'float32' ? [] : [values.length], dtype, values: typed })
      }
      return name
    },
  }
  const written = nodes.flatMap((node) => {
    const rule = node.domain === '' ? rules[node.type] : undefined
    return rule && opset < rule.before ? rule.write(node, writing) : [node]
  })
  const names = (all: readonly GraphNode[]) => new Set(all.flatMap((node) => node.inputs))
  const [before, now] = [names(nodes), names(written)]
  return { nodes: written, constants: [...constants.filter((c) => now.has(c.name) || !before.has(c.name)), ...added.values()] }
}
