import onnxProto, { type onnx as Onnx } from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { ALLOWED_OPERATORS, inspectModel, MODEL_LIMITS, type ModelLimits } from '../../src-main/models/index.ts'

const { onnx } = onnxProto
const FLOAT = onnx.TensorProto.DataType.FLOAT

const value = (name: string, dims: number[]): Onnx.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
})
const floats = (dims: number[], n = dims.reduce((a, b) => a * b, 1)): Onnx.ITensorProto => ({
  name: 'w',
  dims,
  dataType: FLOAT,
  rawData: new Uint8Array(4 * n),
})

/** y = x + w, a model without a fault. */
const graph = (changes: Onnx.IGraphProto = {}): Onnx.IGraphProto => ({
  name: 'g',
  node: [{ opType: 'Add', input: ['x', 'w'], output: ['y'] }],
  initializer: [floats([2])],
  input: [value('x', [2])],
  output: [value('y', [2])],
  ...changes,
})
const model = (changes: Onnx.IModelProto = {}): Onnx.IModelProto => ({
  irVersion: 8,
  opsetImport: [{ domain: '', version: 18 }],
  graph: graph(),
  ...changes,
})
const encode = (m: Onnx.IModelProto) => onnx.ModelProto.encode(m).finish()
const withNode = (node: Onnx.INodeProto) => encode(model({ graph: graph({ node: [{ input: ['x'], output: ['y'], ...node }] }) }))
const withTensor = (tensor: Onnx.ITensorProto) => encode(model({ graph: graph({ initializer: [{ name: 'w', ...tensor }] }) }))
const inside = graph()

const many = <T>(n: number, item: T): T[] => Array<T>(n).fill(item)
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** One malicious model per vector, and a word of the reason that the person must read. */
const vectors: readonly (readonly [string, Uint8Array, RegExp, Partial<ModelLimits>?])[] = [
  ['a custom domain on a node', withNode({ opType: 'Add', domain: 'evil.example' }), /evil\.example/],
  ['a contributed domain', withNode({ opType: 'FusedMatMul', domain: 'com.microsoft' }), /com\.microsoft/],
  ['a custom domain that is imported', encode(model({ opsetImport: [{ domain: 'evil', version: 1 }, { version: 18 }] })), /domain "evil"/],
  ['an unknown operator', withNode({ opType: 'ReadFile' }), /"ReadFile"/],
  ['a loop', withNode({ opType: 'Loop' }), /"Loop"/],
  ['a graph in an attribute', withNode({ opType: 'Identity', attribute: [{ name: 'body', type: 5, g: inside }] }), /graph inside a node/],
  ['graphs in an attribute', withNode({ opType: 'Identity', attribute: [{ name: 'b', type: 10, graphs: [inside] }] }), /graphs inside a node/],
  ['functions', encode(model({ functions: [{ name: 'f', node: [{ opType: 'Add' }] }] })), /functions/],
  ['training instructions', encode(model({ trainingInfo: [{ algorithm: inside }] })), /training instructions/],
  ['external data', withTensor({ dims: [2], dataType: FLOAT, externalData: [{ key: 'location', value: '/etc/passwd' }], dataLocation: 1 }), /another file/],
  ['external data by location only', withTensor({ dims: [2], dataType: FLOAT, rawData: new Uint8Array(8), dataLocation: 1 }), /another file/],
  [
    'external data in a Constant node',
    withNode({ opType: 'Constant', attribute: [{ name: 'value', type: 4, t: { dims: [1], dataType: FLOAT, externalData: [{ key: 'location', value: '../x' }] } }] }),
    /another file/,
  ],
  ['a sparse initialiser', encode(model({ graph: graph({ sparseInitializer: [{ dims: [2] }] }) })), /sparse/],
  ['a sparse attribute', withNode({ opType: 'Constant', attribute: [{ name: 'sparse_value', type: 11, sparseTensor: { dims: [1] } }] }), /sparse/],
  ['less data than the shape says', withTensor({ dims: [1000, 1000], dataType: FLOAT, rawData: new Uint8Array(8) }), /8 bytes of data for 1000000/],
  ['more data than the shape says', withTensor({ dims: [1], dataType: FLOAT, rawData: new Uint8Array(800) }), /800 bytes/],
  ['no data at all', withTensor({ dims: [1 << 20], dataType: FLOAT }), /0 values/],
  ['a negative size', withTensor({ dims: [-1], dataType: FLOAT, rawData: new Uint8Array(4) }), /impossible shape/],
  ['a shape whose product overflows', withTensor({ dims: [2 ** 40, 2 ** 40], dataType: FLOAT }), /elements/],
  ['too many dimensions', withTensor(floats(many(9, 1))), /9 dimensions/],
  ['text', withTensor({ dims: [1], dataType: 8, stringData: [new Uint8Array(3)] }), /elements of string/],
  ['an element type that nobody knows', withTensor({ dims: [1], dataType: 99, rawData: new Uint8Array(4) }), /type 99/],
  ['data given twice', withTensor({ dims: [1], dataType: FLOAT, rawData: new Uint8Array(4), floatData: [1] }), /twice/],
  ['too many nodes', encode(model({ graph: graph({ node: many(MODEL_LIMITS.nodes + 1, { opType: 'Identity', input: ['x'], output: ['y'] }) }) })), /nodes/],
  ['too many stored tensors', encode(model({ graph: graph({ initializer: many(MODEL_LIMITS.initialisers + 1, floats([1])) }) })), /stored tensors/],
  ['a flood of empty fields', withNode({ opType: 'Identity', attribute: many(1000, {}) }), /fields/, { fields: 1000 }],
  ['a flood of loose numbers', withTensor({ dims: [1], dataType: 6, int32Data: many(1001, 0) }), /not raw data/, { looseData: 1000 }],
  ['metadata without end', encode(model({ metadataProps: [{ key: 'k', value: 'x'.repeat(MODEL_LIMITS.metadataBytes) }] })), /metadata/],
  ['the same metadata twice', encode(model({ metadataProps: many(2, { key: 'labels', value: '[]' }) })), /"labels" twice/],
  ['two graphs, of which decoders keep one or both', join(encode(model()), encode({ graph: graph({ name: 'h' }) })), /field 7 of a model twice/],
  ['an opset from the future', encode(model({ opsetImport: [{ version: 999 }] })), /opset 999/],
  ['no opset', encode(model({ opsetImport: [] })), /opset 0/],
  ['no graph', encode({ irVersion: 8, opsetImport: [{ version: 18 }] }), /no graph/],
  ['an input that is no tensor', encode(model({ graph: graph({ input: [{ name: 'x', type: { sequenceType: { elemType: {} } } }] }) })), /not a tensor/],
]

describe('hostile models', () => {
  it('an honest model passes, is described, and keeps its meaning when written anew', () => {
    const inspection = inspectModel(encode(model({ metadataProps: [{ key: '__proto__', value: 'x' }] })))
    expect(inspection).toMatchObject({ ok: true, value: { opset: 18, operators: { Add: 1 }, storedElements: 2 } })
    if (!inspection.ok) return
    expect(inspection.value.inputs).toEqual([{ name: 'x', type: 'float', shape: [2] }])
    expect(Object.getPrototypeOf(inspection.value.metadata)).toBeNull()
    expect(onnx.ModelProto.decode(inspection.value.bytes).graph?.node).toHaveLength(1)
  })

  it.each(vectors.map(([what, bytes, reason, limits]) => ({ what, bytes, reason, limits })))('refuses $what', ({ bytes, reason, limits }) => {
    const result = inspectModel(bytes, { ...MODEL_LIMITS, ...limits })
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error.code).toBe('MODEL_REFUSED')
    expect(result.error.message).toMatch(reason)
  })

  it('refuses a file over the cap without reading it', () => {
    const result = inspectModel(encode(model()), { ...MODEL_LIMITS, bytes: 10 })
    expect(result).toMatchObject({ ok: false, error: { code: 'MODEL_REFUSED' } })
  })

  it('says of every truncation and of noise that it is no whole model, and never throws', () => {
    const whole = encode(model())
    for (let length = 0; length < whole.length; length++) {
      const result = inspectModel(whole.subarray(0, length))
      if (!result.ok) expect(['MODEL_INVALID', 'MODEL_REFUSED']).toContain(result.error.code)
    }
    for (let at = 0; at < whole.length; at++)
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Uint8Array.from(whole)
        changed[at]! ^= flip
        const result = inspectModel(changed)
        if (!result.ok) expect(['MODEL_INVALID', 'MODEL_REFUSED']).toContain(result.error.code)
      }
    expect(inspectModel(Buffer.from('this is a text file\n'))).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID' } })
    expect(inspectModel(new Uint8Array(0))).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID' } })
  })

  it('a number of 64 bits survives being written anew', () => {
    const min = Buffer.alloc(8)
    min.writeBigInt64LE(-(2n ** 63n))
    const bytes = withTensor({ dims: [1], dataType: 7, rawData: min })
    const result = inspectModel(bytes)
    expect(result.ok && Buffer.from(result.value.bytes).equals(bytes)).toBe(true)
  })

  it('no operator that reads files, runs subgraphs or draws random numbers is on the list', () => {
    for (const name of ['If', 'Loop', 'Scan', 'SequenceMap', 'RandomNormal', 'RandomUniformLike', 'Bernoulli', 'Multinomial', 'StringConcat', 'ImageDecoder'])
      expect(ALLOWED_OPERATORS.has(name)).toBe(false)
  })
})
