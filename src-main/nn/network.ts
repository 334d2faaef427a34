/**
 * An architecture (a layer list with its name and source) and what becomes of it for one input size and number
 * of classes: a network, whose layers can be listed, initialised and written into graphs.
 */
import { z } from 'zod'
import { AppError, createRandom, err, fail, ok, type Result } from '../kit/index.ts'
import { initialiserSchema, initialiseParameters } from './initialisers.ts'
import { elements, sizeText, type BufferSpec, type FeatureShape, type ParameterSpec } from './layers/layer.ts'
import { buffersOf, parametersOf, planLayers, valuesIn, type PlannedNode } from './layers/plan.ts'
import { layerSchema, type LayerSpec, type LayerType } from './layers/spec.ts'

const size = z.int().min(1).max(65_536)

export const architectureSchema = z.strictObject({
  /** As the command line names it: small letters, digits, hyphens and dots. */
  name: z
    .string()
    .max(64)
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, 'a name starts with a small letter and holds small letters, digits, hyphens and single dots'),
  title: z.string().min(1).max(200),
  /** Authors, title, year. */
  paper: z.string().max(1000).exactOptional(),
  /** As published; docs/NETWORKS.md says for which input and classes, and what is counted. */
  publishedParameters: z.int().min(1).exactOptional(),
  /** [channel, height, width] of the paper, for an architecture that also takes others. */
  publishedInput: z.tuple([size, size, size]).exactOptional(),
  /** [channel, height, width] where only one fits, else 'any'. */
  input: z.union([z.literal('any'), z.tuple([size, size, size])]),
  /** For all weights whose layer names none. */
  initialiser: initialiserSchema.exactOptional(),
  layers: z.array(layerSchema).min(1).max(1024),
})

export interface Architecture {
  readonly name: string
  readonly title: string
  readonly paper?: string
  readonly publishedParameters?: number
  readonly publishedInput?: readonly [number, number, number]
  readonly input: 'any' | readonly [number, number, number]
  readonly initialiser?: z.infer<typeof initialiserSchema>
  readonly layers: readonly LayerSpec[]
}

export interface NetworkRequest {
  readonly architecture: Architecture
  /** [channel, height, width] of one clip's features. */
  readonly inputShape: FeatureShape
  readonly classes: number
}

export interface Network extends NetworkRequest {
  readonly nodes: readonly PlannedNode[]
  /** By path, in the order of computation. */
  readonly parameters: readonly ParameterSpec[]
  readonly buffers: readonly BufferSpec[]
}

/** One line of the table that `describeNetwork` gives. */
export interface LayerRow {
  readonly name: string
  readonly type: LayerType
  readonly outputShape: FeatureShape
  readonly parameters: number
  /** Multiply-accumulates for one clip. */
  readonly macs: number
}

/** More than that is a mistake in a setting (a flatten before a pool) or a hostile file. */
export const MOST_PARAMETERS = 200_000_000

/** Reads an architecture from JSON; the error names the layer and the setting. */
export function parseArchitecture(json: unknown): Result<Architecture> {
  const parsed = architectureSchema.safeParse(json)
  if (parsed.success) return ok(parsed.data)
  const issue = deepest(parsed.error.issues[0]!)
  return fail('INVALID', `The architecture is not valid: ${issue}`, { hint: 'docs/NETWORKS.md lists the layer types and their settings.' })
}

function deepest(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[] = []): string {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of the alternatives, the one that matched furthest says most.
    const best = issue.errors.map((list) => list[0]!).sort((a, b) => b.path.length - a.path.length)[0]
    if (best && best.path.length > 0) return deepest(best, path)
  }
  const where = path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), '')
  return where === '' ? issue.message : `${where}: ${issue.message}`
}

export function planNetwork({ architecture, inputShape, classes }: NetworkRequest): Result<Network> {
  if (!Number.isInteger(classes) || classes < 2) return fail('INVALID', `A network needs at least two classes, not ${classes}`)
  if (inputShape.length !== 3 || inputShape.some((d) => !Number.isInteger(d) || d < 1))
    return fail('INVALID', `The input must be channels × height × width, not ${sizeText(inputShape)}`)
  const { input, name } = architecture
  if (input !== 'any' && sizeText(input) !== sizeText(inputShape))
    return fail('INVALID', `${name} is defined for an input of ${sizeText(input)}, not ${sizeText(inputShape)}`, {
      hint: `Choose a front end that gives ${sizeText(input)}, or an architecture for any input size.`,
    })
  const planned = planLayers(architecture.layers, inputShape, {
    classes,
    ...(architecture.initialiser === undefined ? {} : { initialiser: architecture.initialiser }),
  })
  if (!planned.ok) return planned
  const { nodes, output } = planned.value
  if (output.length !== 1 || output[0] !== classes)
    return fail('INVALID', `${name} gives ${sizeText(output)} instead of one value for each of the ${classes} classes`, {
      hint: "End it with a linear layer of 'classes' units.",
    })
  const parameters = parametersOf(nodes)
  const count = valuesIn(parameters)
  if (count > MOST_PARAMETERS)
    return err(new AppError('INVALID', `${name} has ${count} parameters for this input; the limit is ${MOST_PARAMETERS}`))
  return ok({ architecture, inputShape, classes, nodes, parameters, buffers: buffersOf(nodes) })
}

/** A row for each layer; the addition of a residual block is a row too. */
export function describeNetwork(architecture: Architecture, inputShape: FeatureShape, classes: number): Result<LayerRow[]> {
  const network = planNetwork({ architecture, inputShape, classes })
  return network.ok ? ok(rowsOf(network.value.nodes)) : network
}

function rowsOf(nodes: readonly PlannedNode[]): LayerRow[] {
  return nodes.flatMap((node): LayerRow[] => {
    if (node.kind === 'residual')
      return [...rowsOf(node.body), ...rowsOf(node.shortcut), { name: node.path, type: 'residual', outputShape: node.output, parameters: 0, macs: 0 }]
    const { output, macs, parameters } = node.plan
    return [{ name: node.path, type: node.spec.type, outputShape: output, parameters: valuesIn(parameters), macs }]
  })
}

export const countParameters = (network: Network): number => valuesIn(network.parameters)

/** Multiply-accumulates of the forward pass for one clip. */
export const countMacs = (network: Network): number => rowsOf(network.nodes).reduce((sum, row) => sum + row.macs, 0)

/** First values of parameters and buffers, by path; the same seed gives the same values. */
export function initialiseNetwork(network: Network, seed: number): Map<string, Float32Array> {
  const values = initialiseParameters(network.parameters, createRandom(seed).fork('initialise'))
  for (const b of network.buffers) values.set(b.name, new Float32Array(elements(b.shape)).fill(b.initial))
  return values
}
