/** Writes front end, normalisation, network with its weights, and softmax into one ONNX file. */
import { createHash } from 'node:crypto'
import { fail, ok, toAppError, err, sweepTemporaryFilesOf, writeFileAtomic, type Result } from '../kit/index.ts'
import { appendFrontEnd, frontEndHash, frontEndShape, type DatasetNormalisation, type FrontEndConfig } from '../features/index.ts'
import { appendNetwork, Graph, networkState, planNetwork, toOnnx, type Architecture, type Network, type Weights } from '../nn/index.ts'
import { labelsSchema, writeMetadata, type Provenance } from './metadata.ts'
import { storeWeightsAsHalf } from './precision/half.ts'
import { quantise, type Ranges } from './precision/int8.ts'

/** `int8` needs the ranges that `calibrate` measures. */
export type Precision = { readonly type: 'float32' } | { readonly type: 'float16' } | { readonly type: 'int8'; readonly ranges: Ranges }

export interface ExportInput {
  readonly architecture: Architecture
  /** Parameters and buffers by path, as a checkpoint holds them. */
  readonly weights: Weights
  readonly frontEnd: FrontEndConfig
  /** The classes, in the order of the network's outputs. */
  readonly labels: readonly string[]
  /** Needed where the front end says `normalise: 'dataset'`, else null. */
  readonly normalisation: DatasetNormalisation | null
  /** Hashes of what came before; those of the front end and of the weights are worked out here. */
  readonly provenance?: Omit<Provenance, 'frontEndHash' | 'weightsHash'>
  /** A few numbers worth knowing, such as `{ 'test.accuracy': 0.98 }`. */
  readonly metrics?: Readonly<Record<string, number>>
  readonly name?: string
  /** How numbers are stored; float32 unless told. */
  readonly precision?: Precision
  readonly licence?: string
  readonly intendedUse?: string
}

/**
 * The bytes of the file: input `waveform` [N, samples] (any length, mono, at `frontEnd.sampleRate`), outputs
 * `probabilities` and `logits`, both [N, classes]. Equal inputs give equal bytes.
 */
export function exportModel(input: ExportInput): Result<Uint8Array> {
  const { frontEnd, labels, normalisation, architecture } = input
  const checkedLabels = labelsSchema.safeParse(labels)
  if (!checkedLabels.success) return fail('INVALID', `These labels cannot be exported: ${checkedLabels.error.issues[0]!.message}`)
  if ((frontEnd.normalise === 'dataset') !== (normalisation !== null))
    return fail('INVALID', 'The mean and deviation of the dataset go with a front end that asks for them, and only with that.')
  const recogniser = recogniserGraph(input)
  if (!recogniser.ok) return recogniser
  const { graph: g, network, networkNodes } = recogniser.value
  const precision = input.precision ?? { type: 'float32' }
  if (precision.type === 'float16') storeWeightsAsHalf(g, networkNodes)
  if (precision.type === 'int8') quantise(g, networkNodes, precision.ranges)
  const name = input.name ?? architecture.name
  const metadata = writeMetadata({
    name,
    labels,
    frontEnd,
    normalisation,
    architecture,
    provenance: { ...input.provenance, frontEndHash: frontEndHash(frontEnd), weightsHash: hashWeights(network, input.weights) },
    metrics: input.metrics ?? {},
    precision: precision.type,
    licence: input.licence ?? '',
    intendedUse: input.intendedUse ?? '',
  })
  const description = `${name}: waveform (mono, ${frontEnd.sampleRate} Hz) to the probabilities of ${labels.length} labels`
  return ok(toOnnx(g, { metadata, graphName: 'recogniser', description }))
}

export interface RecogniserGraph {
  readonly graph: Graph
  readonly network: Network
  /** Nodes from this place on are the network's; those before are the front end's. */
  readonly networkNodes: number
}

/** Waveform to probabilities in float32, as it was trained. The same input gives the same names of tensors. */
export function recogniserGraph({ architecture, frontEnd, labels, normalisation, weights }: ExportInput): Result<RecogniserGraph> {
  const planned = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  if (!planned.ok) return planned
  const network = planned.value
  const wrong = wrongWeights(network, weights)
  if (wrong !== undefined) return fail('INVALID', `The weights do not fit ${architecture.name}: ${wrong}.`)
  const graph = new Graph()
  const waveform = graph.input('waveform', ['N', 'samples'])
  const features = appendFrontEnd(graph, waveform, frontEnd, { normalisation })
  const networkNodes = graph.nodes.length
  const logits = appendNetwork(graph, features, network, weights)
  graph.output('probabilities', graph.op('Softmax', [logits], { axis: 1 }, { shape: logits.shape }))
  graph.output('logits', logits)
  return ok({ graph, network, networkNodes })
}

/**
 * Writes the file whole or not at all: after a crash the old one is there or the new one, and what the crash
 * left beside it goes with the next export.
 */
export async function writeModel(path: string, bytes: Uint8Array): Promise<Result<void>> {
  try {
    await sweepTemporaryFilesOf(path)
    await writeFileAtomic(path, bytes)
    return ok(undefined)
  } catch (cause) {
    return err(toAppError(cause, 'writing the model', path))
  }
}

function wrongWeights(network: Network, weights: Weights): string | undefined {
  const specs = networkState(network)
  for (const { name, shape } of specs) {
    const values = weights.get(name)
    const size = shape.reduce((a, b) => a * b, 1)
    if (!values) return `${name} is missing`
    if (values.length !== size) return `${name} has ${values.length} values, the network needs ${size}`
    if (!values.every(Number.isFinite)) return `${name} holds a value that is not a finite number`
  }
  return weights.size === specs.length ? undefined : `there are ${weights.size} tensors, the network has ${specs.length}`
}

function hashWeights(network: Network, weights: Weights): string {
  const hash = createHash('sha256')
  for (const { name } of networkState(network)) {
    const values = weights.get(name)!
    hash.update(`${name}\n`).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
