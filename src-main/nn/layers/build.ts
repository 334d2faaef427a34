/**
 * Writes planned layers into a graph. In training, where it changes nothing but the time, layers are exchanged or
 * fused: a max pool goes before the ReLU in front of it (both keep the order of values), and a 2×2 max pool is
 * taken together with the convolution before it. Evaluation keeps the order of the list, in which ONNX Runtime
 * fuses convolution and ReLU by itself.
 */
import type { Graph, Tensor } from '../graph.ts'
import { add, conv2dMaxPool2x2 } from '../operations/index.ts'
import type { ConvolutionPlan } from './convolution.ts'
import type { FeatureShape, LayerBuilder, Mode } from './layer.ts'
import type { PlannedLeaf, PlannedNode } from './plan.ts'

/** Where a network finds its values, by path. */
export interface NetworkBinding {
  readonly graph: Graph
  readonly mode: Mode
  /** Equal parts of the batch that batch normalisation sees by themselves; 1 unless told. */
  readonly ghostBatches?: number
  state(path: string): Tensor
  updateBuffer(path: string, value: Tensor): void
  /** Of the layer of that path; the shape is without the batch. */
  dropoutMask(path: string, shape: FeatureShape, rate: number): Tensor
  /** Told what comes out of every layer and block, where nothing is fused (evaluation). */
  see?(path: string, output: Tensor): void
}

export function buildLayers(nodes: readonly PlannedNode[], x: Tensor, binding: NetworkBinding): Tensor {
  let y = x
  for (let i = 0; i < nodes.length; ) {
    const node = nodes[i]!
    if (node.kind === 'residual') {
      y = add(binding.graph, buildLayers(node.body, y, binding), buildLayers(node.shortcut, y, binding))
      binding.see?.(node.path, y)
      i++
      continue
    }
    const fused = binding.mode === 'train' ? fusedRun(nodes, i) : undefined
    y = fused ? fused.build(y, binding) : buildLeaf(node, y, binding)
    i += fused ? fused.length : 1
  }
  return y
}

function buildLeaf(leaf: PlannedLeaf, x: Tensor, binding: NetworkBinding): Tensor {
  const y = binding.graph.within(leaf.path, () => leaf.plan.build(builderFor(leaf, binding), x))
  binding.see?.(leaf.path, y)
  return y
}

function builderFor(leaf: PlannedLeaf, binding: NetworkBinding): LayerBuilder {
  const at = (name: string) => `${leaf.path}.${name}`
  return {
    graph: binding.graph,
    mode: binding.mode,
    ghostBatches: binding.ghostBatches ?? 1,
    state: (name) => binding.state(at(name)),
    updateBuffer: (name, value) => binding.updateBuffer(at(name), value),
    dropoutMask: (shape, rate) => binding.dropoutMask(leaf.path, shape, rate),
  }
}

interface Run {
  readonly length: number
  readonly build: (x: Tensor, binding: NetworkBinding) => Tensor
}

/** convolution, ReLU?, max pool → one; ReLU, max pool → the other way round. */
function fusedRun(nodes: readonly PlannedNode[], start: number): Run | undefined {
  const leaf = (i: number) => {
    const node = nodes[i]
    return node?.kind === 'leaf' ? node : undefined
  }
  const first = leaf(start)!
  const second = leaf(start + 1)
  if (!second) return undefined
  if (keepsOrder(first) && second.spec.type === 'maxPool')
    return { length: 2, build: (x, binding) => buildLeaf(first, buildLeaf(second, x, binding), binding) }
  if (!gainsByFusion(first)) return undefined
  const activation = keepsOrder(second) ? second : undefined
  const pool = activation ? leaf(start + 2) : second
  if (!pool || !isPool2(pool)) return undefined
  return {
    length: activation ? 3 : 2,
    build(x, binding) {
      const pooled = pooledConvolution(first, x, binding)
      return activation ? buildLeaf(activation, pooled, binding) : pooled
    },
  }
}

const keepsOrder = (leaf: PlannedLeaf) => leaf.spec.type === 'relu' || leaf.spec.type === 'leakyRelu'

/**
 * The fused kernels are larger by one row and column, which costs so many more multiplications for each value;
 * what is saved are passes over memory. Measured on one core: 112 still gains, 224 (32 channels, 3×3) loses.
 */
const MOST_EXTRA_MACS = 160

function gainsByFusion(leaf: PlannedLeaf): boolean {
  if (leaf.spec.type !== 'conv2d') return false
  const { geometry, groups } = leaf.plan as ConvolutionPlan
  const [height, width] = geometry.kernel
  const extra = leaf.input[0]! * (height + width + 1)
  return groups === 1 && extra <= MOST_EXTRA_MACS && [...geometry.stride, ...geometry.dilation].every((n) => n === 1)
}

function isPool2(leaf: PlannedLeaf): boolean {
  if (leaf.spec.type !== 'maxPool') return false
  const { kernel, stride = kernel, padding = 'valid' } = leaf.spec
  const all = (value: number | readonly number[], wanted: number) => [value].flat().every((n) => n === wanted)
  return all(kernel, 2) && all(stride, 2) && (padding === 'valid' || (padding !== 'same' && all(padding, 0)))
}

function pooledConvolution(leaf: PlannedLeaf, x: Tensor, binding: NetworkBinding): Tensor {
  const plan = leaf.plan as ConvolutionPlan
  const builder = builderFor(leaf, binding)
  return conv2dMaxPool2x2(binding.graph, x, plan.kernel(builder), plan.bias(builder), { padding: plan.geometry.padding })
}
