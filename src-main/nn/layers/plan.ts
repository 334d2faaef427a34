/**
 * From a layer list and an input size to a planned network: every layer with its name, shapes, parameters and
 * cost. All that can be wrong with a layer list is found here and named by layer.
 */
import { AppError, err, ok, type Result } from '../../kit/index.ts'
import type { InitialiserSpec } from '../initialisers.ts'
import { initialiserBefore, type ActivationType } from './activation.ts'
import { elements, sizeText, type BufferSpec, type FeatureShape, type LayerPlan, type ParameterSpec, type PlanContext } from './layer.ts'
import type { LayerSpec, LeafSpec, LeafType, ResidualSpec } from './spec.ts'
import { problem, problemText, type LayerProblem } from './problem.ts'
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

/** Where a layer stands in the list: indices, and the names of the lists of blocks, as `[4, 'body', 0]`. */
export type Place = readonly (number | string)[]

/** A layer as its turn came: its output, or what is wrong with it. */
export interface SeenLayer {
  readonly place: Place
  readonly path: string
  readonly input: FeatureShape
  readonly output: FeatureShape | null
  readonly problem: LayerProblem | null
  /** Of a leaf. */
  readonly plan: LayerPlan | null
}

export interface PlanSettings {
  readonly classes: number
  /** For weights whose layer names none; otherwise it follows from the activation behind the layer. */
  readonly initialiser?: InitialiserSpec
  /** Told of each layer in turn, up to the one that cannot be. */
  readonly seen?: (layer: SeenLayer) => void
}

const STEMS = { residual: 'block', sequential: 'group' } as const

/** `after` is what follows the list in its parent, for the choice of initialisers. */
export function planLayers(
  specs: readonly LayerSpec[],
  input: FeatureShape,
  settings: PlanSettings,
  prefix = '',
  after: readonly LayerSpec[] = [],
  above: Place = [],
): Result<PlannedLayers> {
  const names = nameLayers(specs)
  const repeated = names.findIndex((n, i) => names.indexOf(n) !== i)
  if (repeated >= 0) {
    const twice = problem('NAME_TWICE')
    const path = prefix + names[repeated]!
    settings.seen?.({ place: [...above, repeated], path, input, output: null, problem: twice.error, plan: null })
    return invalid(path, twice.error)
  }
  const nodes: PlannedNode[] = []
  let shape = input
  for (const [i, spec] of specs.entries()) {
    const path = prefix + names[i]!
    const place = [...above, i]
    const following = [...specs.slice(i + 1), ...after]
    if (spec.type === 'sequential') {
      const inner = planLayers(spec.layers, shape, settings, `${path}.`, following, [...place, 'layers'])
      if (!inner.ok) return inner
      settings.seen?.({ place, path, input: shape, output: inner.value.output, problem: null, plan: null })
      nodes.push(...inner.value.nodes)
      shape = inner.value.output
      continue
    }
    const context: Standing = { input: shape, settings, path, following, place }
    const planned = spec.type === 'residual' ? planResidual(spec, context) : planLeaf(spec, context)
    if (!planned.ok) return planned
    nodes.push(planned.value)
    shape = outputOf(planned.value)
  }
  return ok({ nodes, output: shape })
}

export const outputOf = (node: PlannedNode): FeatureShape => (node.kind === 'leaf' ? node.plan.output : node.output)

/** `conv1: kernel 5×5 is larger than its input 3×3` */
const invalid = (path: string, wrong: LayerProblem) => err(new AppError('INVALID', `${path}: ${problemText(wrong)}`))

/** Layers without a name get their type's stem and their number among the layers of that stem. */
export function nameLayers(specs: readonly Pick<LayerSpec, 'type' | 'name'>[]): string[] {
  const counts = new Map<string, number>()
  return specs.map((spec) => {
    const stem = spec.type === 'residual' || spec.type === 'sequential' ? STEMS[spec.type] : LAYERS[spec.type].stem
    const count = (counts.get(stem) ?? 0) + 1
    counts.set(stem, count)
    return spec.name ?? `${stem}${count}`
  })
}

/** A layer's place in the whole. */
interface Standing {
  readonly input: FeatureShape
  readonly settings: PlanSettings
  readonly path: string
  readonly following: readonly LayerSpec[]
  readonly place: Place
}

function planLeaf(spec: LeafSpec, { input, settings, path, following, place }: Standing): Result<PlannedLeaf> {
  const context: PlanContext = {
    input,
    classes: settings.classes,
    weightInitialiser: settings.initialiser ?? initialiserFor(following),
  }
  // The table is typed entry by entry; that a spec meets its own entry is not expressible for a union.
  const planOf = LAYERS[spec.type].plan as (spec: LeafSpec, context: PlanContext) => Result<LayerPlan, LayerProblem>
  const planned = planOf(spec, context)
  const plan = planned.ok ? planned.value : null
  settings.seen?.({ place, path, input, output: plan?.output ?? null, problem: planned.ok ? null : planned.error, plan })
  return planned.ok ? ok({ kind: 'leaf', path, spec, input, plan: planned.value }) : invalid(path, planned.error)
}

function planResidual(spec: ResidualSpec, { input, settings, path, following, place }: Standing): Result<PlannedResidual> {
  const body = planLayers(spec.body, input, settings, `${path}.`, following, [...place, 'body'])
  const shortcut = planLayers(spec.shortcut ?? [], input, settings, `${path}.shortcut.`, following, [...place, 'shortcut'])
  if (!body.ok) return body
  if (!shortcut.ok) return shortcut
  const output = shortcut.value.output
  const wrong = additionProblem(spec, body.value.output, output)
  settings.seen?.({ place, path, input, output: wrong ? null : output, problem: wrong, plan: null })
  if (wrong) return invalid(path, wrong)
  return ok({ kind: 'residual', path, input, output, body: body.value.nodes, shortcut: shortcut.value.nodes })
}

/** What stands in the way of adding the body to the shortcut. */
function additionProblem({ broadcast, shortcut: own }: ResidualSpec, given: FeatureShape, to: FeatureShape): LayerProblem | null {
  const [body, shortcut] = [sizeText(given), sizeText(to)]
  if (!broadcast) return body === shortcut ? null : problem(own ? 'BODY_IS_NOT_SHORTCUT' : 'BODY_IS_NOT_INPUT', { body, shortcut }).error
  if (to.length !== 3) return problem('BODY_NOT_FRAMES', { body, shortcut }).error
  const wanted = sizeText([to[0]!, 1, to[2]!])
  return body === wanted ? null : problem('BODY_NOT_BROADCAST', { body, shortcut, wanted }).error
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
