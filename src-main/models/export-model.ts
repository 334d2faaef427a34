/** Writes front end, normalisation, network with its weights, and softmax into one ONNX file. */
import { createHash } from 'node:crypto'
import { fail, ok, toAppError, err, sweepTemporaryFilesOf, writeFileAtomic, type Result } from '../kit/index.ts'
import { appendDatasetNormalisation, appendFrontEnd, frontEndHash, frontEndShape, type DatasetNormalisation, type FrontEndConfig } from '../features/index.ts'
import { appendNetwork, Graph, networkState, planNetwork, toOnnx, type Architecture, type Network, type Opset, type Tensor, type Weights } from '../nn/index.ts'
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
  /** Version of ONNX's operators that it is written in; 18 unless told. */
  readonly opset?: Opset
  /** Logits are divided by it before the softmax (Guo et al. 2017); 1 unless told. */
  readonly temperature?: number
  readonly licence?: string
  readonly intendedUse?: string
  readonly limits?: string
  /** A few lines on what the model is, for whoever opens the file. */
  readonly card?: string
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
  const temperature = input.temperature ?? 1
  if (!(temperature >= 0.01 && temperature <= 100)) return fail('INVALID', `A temperature is a number from 0.01 to 100, not ${temperature}`)
  const recogniser = recogniserGraph(input)
  if (!recogniser.ok) return recogniser
  const { graph: g, network, networkNodes, features } = recogniser.value
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
    input: 'waveform',
    temperature,
    licence: input.licence ?? '',
    intendedUse: input.intendedUse ?? '',
    limits: input.limits ?? '',
    card: input.card ?? '',
  })
  const description = `${name}: waveform (mono, ${frontEnd.sampleRate} Hz) to the probabilities of ${labels.length} labels`
  const options = { metadata, graphName: 'recogniser', description, names: new Map([[features.name, FEATURES]]), docs: valueDocs(frontEnd, labels) }
  return ok(toOnnx(g, { ...options, ...(input.opset === undefined ? {} : { opset: input.opset }) }))
}

/** What the front end gives, before the dataset's normalisation: where `withoutFrontEnd` cuts. */
export const FEATURES = 'features'

/** What goes in and comes out, for viewers such as Netron. */
export const valueDocs = ({ sampleRate, clip }: FrontEndConfig, labels: readonly string[]): Readonly<Record<string, string>> => ({
  waveform: `[clip, sample]: mono, full scale ±1, ${sampleRate} Hz; any length is fitted to ${clip.seconds} s`,
  features: '[clip, 1, frequency, frame]: what the front end gives',
  probabilities: `[clip, label]: ${labels.join(', ').slice(0, 2000)}`,
  logits: '[clip, label]: the same before the softmax',
})

export interface RecogniserGraph {
  readonly graph: Graph
  readonly network: Network
  readonly features: Tensor
  /** Nodes from this place on are the network's; those before are the front end's. */
  readonly networkNodes: number
}

/** Waveform to probabilities in float32, as it was trained. The same input gives the same names of tensors. */
export function recogniserGraph({ architecture, frontEnd, labels, normalisation, weights, temperature = 1 }: ExportInput): Result<RecogniserGraph> {
  const planned = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  if (!planned.ok) return planned
  const network = planned.value
  const wrong = wrongWeights(network, weights)
  if (wrong !== undefined) return fail('INVALID', `The weights do not fit ${architecture.name}: ${wrong}.`)
  const graph = new Graph()
  const waveform = graph.input('waveform', ['N', 'samples'])
  const features = graph.within('frontEnd', () => appendFrontEnd(graph, waveform, frontEnd, { normalisation: null }))
  const seen = normalisation ? graph.within('normalisation', () => appendDatasetNormalisation(graph, features, normalisation)) : features
  const networkNodes = graph.nodes.length
  const plain = appendNetwork(graph, seen, network, weights)
  const logits = temperature === 1 ? plain : graph.op('Div', [plain, graph.namedConstant('temperature', [temperature], [])], {}, { shape: plain.shape })
  graph.output('probabilities', graph.op('Softmax', [logits], { axis: 1 }, { shape: logits.shape }))
  graph.output('logits', logits)
  return ok({ graph, network, networkNodes, features })
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
