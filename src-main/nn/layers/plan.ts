/**
 * From a layer list and an input size to a planned network: every layer with its name, shapes, parameters and
 * cost. All that can be wrong with a layer list is found here and named by layer.
 */
import { AppError, err, ok, type Result } from '../../kit/index.ts'
import type { InitialiserSpec } from '../initialisers.ts'
import { initialiserBefore, type ActivationType } from './activation.ts'
import { elements, sizeText, type BufferSpec, type FeatureShape, type LayerPlan, type ParameterSpec, type PlanContext } from './layer.ts'
import type { LayerSpec, LeafSpec, LeafType } from './spec.ts'
import { LAYERS } from './table.ts'

export interface PlannedLeaf {
  readonly kind: 'leaf'
  /** Names from the outside in, joined by dots. */
  readonly path: string
  readonly spec: LeafSpec
  readonly input: FeatureShape
  /** Its parameters and buffers carry the layer's own names, without the path. */
  readonly plan: LayerPlan
}

export interface PlannedResidual {
  readonly kind: 'residual'
  readonly path: string
  readonly input: FeatureShape
  readonly output: FeatureShape
  readonly body: readonly PlannedNode[]
  readonly shortcut: readonly PlannedNode[]
}

export type PlannedNode = PlannedLeaf | PlannedResidual

export interface PlannedLayers {
  readonly nodes: readonly PlannedNode[]
  readonly output: FeatureShape
}

export interface PlanSettings {
  readonly classes: number
  /** For weights whose layer names none; otherwise it follows from the activation behind the layer. */
  readonly initialiser?: InitialiserSpec
}

const STEMS = { residual: 'block', sequential: 'group' } as const

/** `after` is what follows the list in its parent, for the choice of initialisers. */
export function planLayers(
  specs: readonly LayerSpec[],
  input: FeatureShape,
  settings: PlanSettings,
  prefix = '',
  after: readonly LayerSpec[] = [],
): Result<PlannedLayers> {
  const names = nameLayers(specs)
  const repeated = names.find((n, i) => names.indexOf(n) !== i)
  if (repeated !== undefined) return invalid(prefix + repeated, 'two layers of one list have this name')
  const nodes: PlannedNode[] = []
  let shape = input
  for (const [i, spec] of specs.entries()) {
    const path = prefix + names[i]!
    const following = [...specs.slice(i + 1), ...after]
    if (spec.type === 'sequential') {
      const inner = planLayers(spec.layers, shape, settings, `${path}.`, following)
      if (!inner.ok) return inner
      nodes.push(...inner.value.nodes)
      shape = inner.value.output
      continue
    }
    const planned = spec.type === 'residual' ? planResidual(spec, shape, settings, path, following) : planLeaf(spec, shape, settings, path, following)
    if (!planned.ok) return planned
    nodes.push(planned.value)
    shape = outputOf(planned.value)
  }
  return ok({ nodes, output: shape })
}

export const outputOf = (node: PlannedNode): FeatureShape => (node.kind === 'leaf' ? node.plan.output : node.output)

/** `conv1: kernel 5×5 is larger than its input 3×3` */
const invalid = (path: string, problem: string) => err(new AppError('INVALID', `${path}: ${problem}`))

/** Layers without a name get their type's stem and their number among the layers of that stem. */
function nameLayers(specs: readonly LayerSpec[]): string[] {
  const counts = new Map<string, number>()
  return specs.map((spec) => {
    const stem = spec.type === 'residual' || spec.type === 'sequential' ? STEMS[spec.type] : LAYERS[spec.type].stem
    const count = (counts.get(stem) ?? 0) + 1
    counts.set(stem, count)
    return spec.name ?? `${stem}${count}`
  })
}

function planLeaf(spec: LeafSpec, input: FeatureShape, settings: PlanSettings, path: string, following: readonly LayerSpec[]): Result<PlannedLeaf> {
  const context: PlanContext = {
    input,
    classes: settings.classes,
    weightInitialiser: settings.initialiser ?? initialiserFor(following),
  }
  // The table is typed entry by entry; that a spec meets its own entry is not expressible for a union.
  const plan = LAYERS[spec.type].plan as (spec: LeafSpec, context: PlanContext) => Result<LayerPlan, string>
  const planned = plan(spec, context)
  return planned.ok ? ok({ kind: 'leaf', path, spec, input, plan: planned.value }) : invalid(path, planned.error)
}

function planResidual(
  spec: Extract<LayerSpec, { type: 'residual' }>,
  input: FeatureShape,
  settings: PlanSettings,
  path: string,
  following: readonly LayerSpec[],
): Result<PlannedResidual> {
  const body = planLayers(spec.body, input, settings, `${path}.`, following)
  if (!body.ok) return body
  const shortcut = planLayers(spec.shortcut ?? [], input, settings, `${path}.shortcut.`, following)
  if (!shortcut.ok) return shortcut
  const output = shortcut.value.output
  const [a, b] = [sizeText(body.value.output), sizeText(output)]
  if (spec.broadcast) {
    const wanted = output.length === 3 ? sizeText([output[0]!, 1, output[2]!]) : 'channels, one row and frames'
    if (a !== wanted) return invalid(path, `the body gives ${a}; to be added at every frequency of ${b} it must be ${wanted}`)
  } else if (a !== b) {
    const which = spec.shortcut ? 'its shortcut' : 'its input, which it is added to, is'
    return invalid(path, `the body gives ${a} but ${which} ${spec.shortcut ? 'gives ' : ''}${b}`)
  }
  return ok({ kind: 'residual', path, input, output, body: body.value.nodes, shortcut: shortcut.value.nodes })
}

const TRANSPARENT: ReadonlySet<LeafType> = new Set<LeafType>([
  'batchNorm',
  'layerNorm',
  'subSpectralNorm',
  'maxPool',
  'avgPool',
  'globalAvgPool',
  'globalMaxPool',
  'frequencyAvgPool',
  'dropout',
  'flatten',
])

function initialiserFor(following: readonly LayerSpec[]): InitialiserSpec {
  for (const spec of following) {
    if (spec.type === 'sequential') return initialiserFor(spec.layers)
    if (spec.type in initialiserBefore) return initialiserBefore[spec.type as ActivationType]
    if (!TRANSPARENT.has(spec.type as LeafType)) break
  }
  return 'lecunUniform'
}

/** Every leaf, in the order of computation, the body of a residual block before its shortcut. */
export function leavesOf(nodes: readonly PlannedNode[]): PlannedLeaf[] {
  return nodes.flatMap((n) => (n.kind === 'leaf' ? [n] : [...leavesOf(n.body), ...leavesOf(n.shortcut)]))
}

export const parametersOf = (nodes: readonly PlannedNode[]): ParameterSpec[] =>
  leavesOf(nodes).flatMap((leaf) => leaf.plan.parameters.map((p) => ({ ...p, name: `${leaf.path}.${p.name}` })))

export const buffersOf = (nodes: readonly PlannedNode[]): BufferSpec[] =>
  leavesOf(nodes).flatMap((leaf) => leaf.plan.buffers.map((b) => ({ ...b, name: `${leaf.path}.${b.name}` })))

export const valuesIn = (parameters: readonly ParameterSpec[]): number => parameters.reduce((sum, p) => sum + elements(p.shape), 0)
