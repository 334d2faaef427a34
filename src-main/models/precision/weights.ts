import type { Constant, Graph, GraphNode } from '../../nn/index.ts'

/** Products whose second operand is a weight: those that make a network large and slow. */
const PRODUCTS: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul'])
/** Smaller constants are not worth a node. */
const SMALLEST = 64

export interface WeightedNode {
  readonly index: number
  readonly node: GraphNode
  readonly weight: Constant
}

/** The products of the network (nodes from `first` on: the front end stays as it is) with their constant weights. */
export function weightedNodes(g: Graph, first: number): WeightedNode[] {
  const constants = new Map(g.constants.map((c) => [c.name, c]))
  return g.nodes.flatMap((node, index) => {
    const weight = constants.get(node.inputs[1] ?? '')
    const fits = index >= first && PRODUCTS.has(node.type) && weight?.dtype === 'float32' && weight.values.length >= SMALLEST
    return fits ? [{ index, node, weight: weight! }] : []
  })
}

/** The axis of a weight along which the outputs lie. */
export function outputAxis({ node, weight }: WeightedNode): number {
  if (node.type === 'Conv') return 0
  if (node.type === 'Gemm') return node.attributes['transB'] === 1 ? 0 : 1
  return weight.shape.length - 1
}

/** Puts nodes in the places of others, in one pass; `at` gives the nodes that stand where one stood. */
export function replaceNodes(g: Graph, at: (node: GraphNode, index: number) => readonly GraphNode[]): void {
  const replaced = g.nodes.flatMap(at)
  g.nodes.splice(0, g.nodes.length, ...replaced)
}

export const plainNode = (type: string, inputs: readonly string[], output: string, attributes: GraphNode['attributes'] = {}): GraphNode => ({
  type, domain: '', inputs, outputs: [output], attributes,
})
