/**
 * An architecture as it is being written: what can be said of each layer, and what is wrong with it, where it stands.
 * Nothing is refused; what follows a layer that cannot be has no size.
 */
import type { z } from 'zod'
import { sizeText, type FeatureShape } from './layers/layer.ts'
import { parametersOf, planLayers, nameLayers, valuesIn, type Place, type SeenLayer } from './layers/plan.ts'
import type { LayerProblemCode } from './layers/problem.ts'
import { layerTypes, type LayerSpec, type LayerType } from './layers/spec.ts'
import { architectureSchema, MOST_PARAMETERS } from './network.ts'

export interface SketchProblem {
  /** `SETTING`: a setting (named in the values) is missing or out of its range. `LAST_SHAPE`: the network does not end in one value a class. */
  readonly code: LayerProblemCode | 'SETTING' | 'LAST_SHAPE' | 'EMPTY_LIST'
  readonly values: Readonly<Record<string, string | number>>
}

export interface SketchRow {
  readonly place: Place
  /** Names from the outside in. */
  readonly path: string
  readonly type: string
  readonly input: FeatureShape | null
  readonly output: FeatureShape | null
  readonly parameters: number
  /** Multiply-accumulates for one clip. */
  readonly macs: number
  readonly problem: SketchProblem | null
}

/** What is wrong with the whole rather than with a layer. */
export interface WholeProblem {
  readonly code: 'NAME' | 'TITLE' | 'INPUT_FIXED' | 'TOO_LARGE' | 'NO_LAYER' | 'OTHER'
  readonly values: Readonly<Record<string, string | number>>
}

export interface Sketch {
  /** Every layer in order, blocks before what is in them. */
  readonly rows: readonly SketchRow[]
  readonly problems: readonly WholeProblem[]
  /** Of the layers that have a size. */
  readonly parameters: number
  readonly macs: number
  /** Whether it can be trained. */
  readonly valid: boolean
}

export interface SketchRequest {
  /** As typed. */
  readonly architecture: unknown
  readonly inputShape: FeatureShape
  readonly classes: number
}

const LISTS = ['body', 'shortcut', 'layers'] as const
type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
const keyOf = (place: Place): string => place.join('.')

export function sketchNetwork({ architecture, inputShape, classes }: SketchRequest): Sketch {
  const given = isObject(architecture) ? architecture : {}
  const parsed = architectureSchema.safeParse(architecture)
  const issues = parsed.success ? [] : parsed.error.issues
  const layerIssues = issues.filter((i) => i.path[0] === 'layers' && typeof i.path[1] === 'number')
  const problems = issues.filter((i) => !layerIssues.includes(i)).map(wholeProblem)
  const { input } = given
  if (Array.isArray(input) && sizeText(input) !== sizeText(inputShape)) problems.push({ code: 'INPUT_FIXED', values: { input: sizeText(input), given: sizeText(inputShape) } })

  const found = new Map<string, SketchProblem>()
  for (const issue of layerIssues) {
    const { place, problem } = layerProblem(issue)
    if (!found.has(keyOf(place))) found.set(keyOf(place), problem)
  }
  // Layers before the first one that is no layer at all can be planned still.
  const sound = layerIssues.length === 0 ? Infinity : Math.min(...layerIssues.map((i) => Number(i.path[1])))
  const layers = listOf(given['layers'])
  const seen = new Map<string, SeenLayer>()
  const plannable = layers.slice(0, sound) as unknown as readonly LayerSpec[]
  const planned = planLayers(plannable, inputShape, { classes, seen: (layer) => void seen.set(keyOf(layer.place), layer) })
  for (const [key, layer] of seen) if (layer.problem) found.set(key, layer.problem)
  if (planned.ok && sound === Infinity && layers.length > 0) {
    const { output, nodes } = planned.value
    if (output.length !== 1 || output[0] !== classes) found.set(keyOf([layers.length - 1]), { code: 'LAST_SHAPE', values: { output: sizeText(output), classes } })
    const count = valuesIn(parametersOf(nodes))
    if (count > MOST_PARAMETERS) problems.push({ code: 'TOO_LARGE', values: { count, most: MOST_PARAMETERS } })
  }
  const rows = rowsOf(layers, seen, found)
  const leaves = [...seen.values()].flatMap(({ plan }) => plan ?? [])
  return {
    rows,
    problems,
    parameters: leaves.reduce((sum, plan) => sum + valuesIn(plan.parameters), 0),
    macs: leaves.reduce((sum, plan) => sum + plan.macs, 0),
    valid: problems.length === 0 && found.size === 0,
  }
}

function wholeProblem({ path, message }: z.core.$ZodIssue): WholeProblem {
  if (path[0] === 'name') return { code: 'NAME', values: {} }
  if (path[0] === 'title') return { code: 'TITLE', values: {} }
  if (path[0] === 'layers') return { code: 'NO_LAYER', values: {} }
  return { code: 'OTHER', values: { setting: path.map(String).join('.'), message } }
}

/** An issue of the schema, as one of the innermost layer that it is in. */
function layerProblem({ path: all }: z.core.$ZodIssue): { readonly place: Place; readonly problem: SketchProblem } {
  const path = all.slice(1)
  let end = 1
  while (LISTS.some((list) => list === path[end]) && typeof path[end + 1] === 'number') end += 2
  const place = path.slice(0, end).map((part) => (typeof part === 'number' ? part : String(part)))
  const setting = path[end]
  if (LISTS.some((list) => list === setting)) return { place, problem: { code: 'EMPTY_LIST', values: { setting: String(setting) } } }
  return { place, problem: { code: 'SETTING', values: { setting: setting === undefined ? 'type' : String(setting) } } }
}

function rowsOf(layers: readonly Json[], seen: ReadonlyMap<string, SeenLayer>, found: ReadonlyMap<string, SketchProblem>, above: Place = [], prefix = ''): SketchRow[] {
  const names = nameLayers(layers.map(named))
  return layers.flatMap((layer, i): SketchRow[] => {
    const place = [...above, i]
    const [path, known] = [prefix + names[i]!, seen.get(keyOf(place))]
    const inner = LISTS.flatMap((list) => rowsOf(listOf(layer[list]), seen, found, [...place, list], list === 'shortcut' ? `${path}.shortcut.` : `${path}.`))
    const direct = inner.filter((row) => row.place.length === place.length + 2)
    const sum = (of: (row: SketchRow) => number) => direct.reduce((n, row) => n + of(row), 0)
    return [
      {
        place, path, type: String(layer['type']), input: known?.input ?? null, output: known?.output ?? null,
        parameters: known?.plan ? valuesIn(known.plan.parameters) : sum((row) => row.parameters),
        macs: known?.plan ? known.plan.macs : sum((row) => row.macs),
        problem: found.get(keyOf(place)) ?? null,
      },
      ...inner,
    ]
  })
}

/** A layer of no known type is named like a group. */
function named({ type, name }: Json): { readonly type: LayerType; readonly name?: string } {
  const known = layerTypes.find((t) => t === type) ?? 'sequential'
  return typeof name === 'string' && name !== '' ? { type: known, name } : { type: known }
}
