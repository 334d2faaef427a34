/**
 * Reads an ONNX file that may come from anywhere, and says what is in it or why it is refused. What passes is
 * written anew from what was read, and only those bytes go to the runtime: a file that two decoders
 * understand differently gains nothing.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto'
import { AppError, err, fail, ok, type Result } from '../../kit/index.ts'
import { MODEL_LIMITS, OPSETS, type ModelLimits } from './limits.ts'
import { ALLOWED_DOMAINS, ALLOWED_OPERATORS } from './operators.ts'
import { surveyModel } from './survey.ts'
import { checkTensor, elementName } from './tensors.ts'

const { onnx } = onnxProto

export interface ValueDescription {
  readonly name: string
  readonly type: string
  /** A number, or the name of a size that is known only at run time. */
  readonly shape: readonly (number | string)[]
}

export interface ModelInspection {
  /** The same model, written anew: give these bytes to the runtime. */
  readonly bytes: Uint8Array
  readonly opset: number
  readonly producer: string
  readonly inputs: readonly ValueDescription[]
  readonly outputs: readonly ValueDescription[]
  /** How many nodes of each operator. */
  readonly operators: Readonly<Record<string, number>>
  readonly metadata: Readonly<Record<string, string>>
  /** Stored numbers in all, weights and other constants. */
  readonly storedElements: number
}

export function inspectModel(bytes: Uint8Array, limits: ModelLimits = MODEL_LIMITS): Result<ModelInspection> {
  const survey = surveyModel(bytes, limits)
  if (!survey.ok) return survey
  let model: Onnx.ModelProto
  try {
    model = onnx.ModelProto.decode(bytes)
  } catch (cause) {
    return fail('MODEL_INVALID', `This is not a readable ONNX file: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause })
  }
  try {
    return ok(describe(model, limits))
  } catch (problem) {
    if (problem instanceof AppError) return err(problem)
    throw problem
  }
}

function describe(model: Onnx.ModelProto, limits: ModelLimits): ModelInspection {
  const graph = model.graph ?? refuse('no graph')
  const opset = checkOpsets(model)
  const operators: Record<string, number> = {}
  let storedElements = 0
  for (const node of graph.node ?? []) {
    const type = node.opType ?? ''
    if (!ALLOWED_DOMAINS.has(node.domain ?? '')) refuse(`the operator ${quote(type)} of the domain ${quote(node.domain)}`)
    if (!ALLOWED_OPERATORS.has(type)) refuse(`the operator ${quote(type)}`)
    operators[type] = (operators[type] ?? 0) + 1
    for (const attribute of node.attribute ?? [])
      for (const tensor of [attribute.t, ...(attribute.tensors ?? [])]) if (tensor) storedElements += checkTensor(tensor, limits)
  }
  for (const tensor of graph.initializer ?? []) storedElements += checkTensor(tensor, limits)
  const stored = new Set((graph.initializer ?? []).map((t) => t.name ?? ''))
  return {
    bytes: onnx.ModelProto.encode(model).finish(),
    opset,
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    inputs: (graph.input ?? []).filter((v) => !stored.has(v.name ?? '')).map((v) => describeValue(v, limits)),
    outputs: (graph.output ?? []).map((v) => describeValue(v, limits)),
    operators,
    metadata: readMetadata(model, limits),
    storedElements,
  }
}

function checkOpsets(model: Onnx.ModelProto): number {
  let opset = 0
  for (const { domain, version } of model.opsetImport) {
    if (!ALLOWED_DOMAINS.has(domain ?? '')) refuse(`operators of the domain ${quote(domain)}`)
    opset = Number(version ?? 0)
  }
  if (opset < OPSETS.oldest || opset > OPSETS.newest)
    refuse(`opset ${opset}; this build knows ${OPSETS.oldest} to ${OPSETS.newest}`)
  return opset
}

function describeValue(value: Onnx.IValueInfoProto, limits: ModelLimits): ValueDescription {
  const type = value.type?.tensorType
  if (!type) return refuse(`the input or output ${quote(value.name)}, which is not a tensor`)
  const shape = (type.shape?.dim ?? []).map((d) => (d.dimParam || Number(d.dimValue ?? 0)))
  if (shape.length > limits.rank) refuse(`a tensor of ${shape.length} dimensions`)
  return { name: value.name ?? '', type: elementName(type.elemType ?? 0), shape }
}

function readMetadata(model: Onnx.ModelProto, limits: ModelLimits): Record<string, string> {
  const entries = model.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''] as const)
  const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (size > limits.metadataBytes) refuse(`${size} characters of metadata`)
  const metadata: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [key, value] of entries) {
    if (key in metadata) refuse(`the metadata ${quote(key)} twice`)
    metadata[key] = value
  }
  return metadata
}

const quote = (text: string | null | undefined) => JSON.stringify((text ?? '').slice(0, 80))

function refuse(what: string): never {
  throw new AppError('MODEL_REFUSED', `The model holds ${what}, which is not accepted.`, {
    hint: 'Only plain ONNX classifiers are run; see docs/MODELS.md for what may be in one.',
  })
}
