/**
 * A classifier from elsewhere behind a front end of ours, as one file like those that Espectro exports. What the file
 * cannot say (what its input is, in which order, and its labels) a person declares; what can be checked is checked.
 */
import { AppError, fail, hashBytes, ok, type Result } from '../../kit/index.ts'
import { frontEndHash, type FrontEndConfig } from '../../features/index.ts'
import { irVersionOf, OPSETS } from '../../nn/index.ts'
import { valueDocs } from '../export-model.ts'
import { inspectModel, type ModelInspection, type ValueDescription } from '../inspect/inspect-model.ts'
import { labelsSchema, writeMetadata } from '../metadata.ts'
import { frontEndGraph, layoutShape, layoutsOf, type Layout } from './front-end-graph.ts'
import { decodeModel, encodeModel, floatValue, keepNeeded, renameGraph } from './protos.ts'

export interface NetworkDeclaration {
  readonly name: string
  /** Of the file, to remember where it came from. */
  readonly file: string
  readonly frontEnd: FrontEndConfig
  readonly layout: Layout
  /** In the order of the outputs. */
  readonly labels: readonly string[]
  readonly outputs: 'logits' | 'probabilities'
  /** Which output, where there are several. */
  readonly output?: string | undefined
}

const PREFIX = 'network/'

/** The bytes of the whole model; `bytes` come from anywhere. */
export function wrapNetwork(bytes: Uint8Array, declared: NetworkDeclaration): Result<Uint8Array> {
  const inspected = inspectModel(bytes)
  if (!inspected.ok) return inspected
  try {
    return ok(wrap(inspected.value, hashBytes(bytes), declared))
  } catch (problem) {
    if (problem instanceof AppError) return fail(problem.code, problem.message, problem.hint === undefined ? {} : { hint: problem.hint })
    throw problem
  }
}

function wrap(inspection: ModelInspection, sha256: string, declared: NetworkDeclaration): Uint8Array {
  const { frontEnd, labels } = declared
  const checked = labelsSchema.safeParse(labels)
  if (!checked.success) refuse(`These labels cannot be used: ${checked.error.issues[0]!.message}`)
  if (frontEnd.normalise === 'dataset') refuse('A front end that is normalised by a dataset needs that dataset', 'Choose normalisation by clip, or none.')
  if (inspection.opset < OPSETS[0]) refuse(`The model is written for opset ${inspection.opset}; a front end can be put before opset ${OPSETS[0]} or newer`, 'Export it anew, or convert it with onnx.version_converter.')
  const input = checkInput(inspection, declared)
  const output = checkOutput(inspection, declared)
  const { opset } = inspection
  const model = decodeModel(inspection.bytes)
  const network = renameGraph(model.graph!, (name) => PREFIX + name)
  const batch = input.shape[0] === 1 ? 1 : 'N'
  const front = frontEndGraph({ frontEnd, layout: declared.layout, input: PREFIX + input.name, opset, batch })
  const result = PREFIX + output.name
  const last =
    declared.outputs === 'logits'
      ? [
          { opType: 'Softmax', name: 'probabilities', input: [result], output: ['probabilities'], attribute: [{ name: 'axis', type: 2, i: 1 }] },
          { opType: 'Identity', name: 'logits', input: [result], output: ['logits'] },
        ]
      : [{ opType: 'Identity', name: 'probabilities', input: [result], output: ['probabilities'] }]
  const docs = valueDocs(frontEnd, labels)
  const outputs = declared.outputs === 'logits' ? ['probabilities', 'logits'] : ['probabilities']
  return encodeModel({
    irVersion: Math.max(Number(model.irVersion), irVersionOf(opset)),
    producerName: 'espectro',
    docString: `${declared.name}: a network from elsewhere behind a front end`,
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: Object.entries(
      writeMetadata({
        name: declared.name,
        labels,
        frontEnd,
        normalisation: null,
        architecture: null,
        provenance: { frontEndHash: frontEndHash(frontEnd), weightsHash: sha256, source: { file: declared.file, sha256 } },
        metrics: {},
        precision: 'float32',
        input: 'waveform',
        temperature: 1,
        licence: '',
        intendedUse: '',
        limits: '',
        card: '',
      }),
    ).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'recogniser',
      ...keepNeeded({ node: [...front.node!, ...network.node!, ...last], initializer: [...front.initializer!, ...network.initializer!] }, outputs),
      input: [floatValue('waveform', [batch, 'samples'], docs['waveform'])],
      output: outputs.map((name) => floatValue(name, [batch, labels.length], docs[name])),
    },
  })
}

const shown = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`

function checkInput({ inputs }: ModelInspection, { frontEnd, layout }: NetworkDeclaration): ValueDescription {
  const [input, ...more] = inputs
  if (!input) return refuse('The model has no input')
  if (more.length > 0) refuse(`The model has ${inputs.length} inputs (${inputs.map((i) => i.name).join(', ')}); a front end gives one`)
  if (input.type !== 'float') refuse(`The model's input ${input.name} takes ${input.type}; a front end gives float`)
  if (!layoutsOf(frontEnd).includes(layout)) refuse(`The order ${layout} does not go with this front end`, `It can give ${layoutsOf(frontEnd).join(', ')}.`)
  const [batch, ...sizes] = input.shape
  const given = layoutShape(frontEnd, layout)
  const fits = sizes.length === given.length && sizes.every((size, i) => typeof size === 'string' || size === 0 || size === given[i])
  if (!fits) refuse(`The model takes ${shown(input.shape)}, and this front end gives ${shown(['N', ...given])}`, 'Choose another front end, another order, or another clip length.')
  if (typeof batch === 'number' && batch > 1) refuse(`The model takes exactly ${batch} clips at once`, 'Export it for one clip, or for any number.')
  return input
}

function checkOutput({ outputs }: ModelInspection, { labels, output: wanted }: NetworkDeclaration): ValueDescription {
  const names = outputs.map((o) => o.name).join(', ')
  if (wanted === undefined && outputs.length > 1) refuse(`The model has ${outputs.length} outputs (${names})`, 'Say which of them holds the classes.')
  const output = wanted === undefined ? outputs[0] : outputs.find((o) => o.name === wanted)
  if (!output) return refuse(`The model has no output ${wanted ?? ''}`, `It has ${names}.`)
  if (output.type !== 'float') refuse(`The model's output ${output.name} gives ${output.type}; logits or probabilities are float`)
  const classes = output.shape[1]
  if (output.shape.length > 0 && output.shape.length !== 2) refuse(`The model's output ${output.name} is ${shown(output.shape)}; one row of classes for each clip is needed: [N, classes]`)
  if (typeof classes === 'number' && classes > 0 && classes !== labels.length) refuse(`The model has ${classes} classes, and there are ${labels.length} labels`, 'Give one label for each class, in the order of the outputs.')
  return output
}

function refuse(message: string, hint?: string): never {
  throw new AppError('INVALID', message, hint === undefined ? {} : { hint })
}
