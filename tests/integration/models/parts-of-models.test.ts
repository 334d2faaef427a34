import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { createFrontEndModel, FRONT_ENDS, frontEndShape, parseFrontEnd } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { exportModel, inspectModel, loadModel, verifyExport, withoutFrontEnd } from '../../../src-main/models/index.ts'
import { OPSETS } from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { exportInput, labels, pairs, sound, testedArchitectures } from './parts.ts'

/** All but the one of 57 million weights. */
const all = pairs((a) => a.name !== 'alexnet')
/** Every operator that any network or front end writes occurs in one of these. */
const wanted = ['lenet5-1998', 'resnet-small', 'tc-resnet8', 'bc-resnet-1', 'gru', 'kwt-1', 'matchboxnet-3x1x64', 'ds-cnn-s']
const varied = [...wanted.map((name) => all.find((p) => p.input.architecture.name === name)!), ...all.filter((p) => p.input.architecture.name === 'small-normalised')]

async function run(bytes: Uint8Array, feeds: Parameters<Awaited<ReturnType<typeof open>>['run']>[0], output = 'probabilities'): Promise<number[]> {
  await using session = await open(bytes)
  return Array.from(floats((await session.run(feeds, [output]))[output]!))
}
const open = async (bytes: Uint8Array) => unwrap(await createSession(bytes, { device: 'cpu' }))

describe('opsets', () => {
  it('the tried models hold every operator that exports use', () => {
    const operatorsOf = (some: typeof all) => new Set(some.flatMap(({ input }) => Object.keys(unwrap(inspectModel(unwrap(exportModel(input)))).operators)))
    const tried = operatorsOf(varied)
    // Numbers of these are written the same way in all opsets; their networks are large.
    expect([...operatorsOf(all)].filter((o) => !tried.has(o))).toEqual(['MaxPool'])
  })

  it.each(OPSETS)('%i: runs, and gives the probabilities of the training graph', async (opset) => {
    for (const { name, input } of varied) {
      const bytes = unwrap(exportModel({ ...input, opset }))
      expect(unwrap(inspectModel(bytes)).opset).toBe(opset)
      const compared = unwrap(await verifyExport(bytes, input, [sound(0.7, input.frontEnd.sampleRate, 3)]))
      expect(compared.maxDifference, name).toBeLessThanOrEqual(1e-4)
    }
  })

  it('other opsets are an error of the caller', () => {
    const { input } = varied[0]!
    expect(() => exportModel({ ...input, opset: 12 as never })).toThrow(/opset 12/)
  })
})

describe('without the front end', () => {
  it.each(varied)('$name: features in give what the waveform gave', async ({ input }) => {
    const whole = unwrap(exportModel(input))
    const cut = unwrap(withoutFrontEnd(whole))
    const { inputs, metadata } = unwrap(inspectModel(cut))
    expect(inputs).toEqual([{ name: 'features', type: 'float', shape: ['N', ...frontEndShape(input.frontEnd)] }])
    expect(JSON.parse(metadata['frontEnd']!)).toEqual(input.frontEnd)
    const heard = sound(0.8, input.frontEnd.sampleRate, 5)
    const waveform = tensor(heard, [1, heard.length])
    const features = await run(createFrontEndModel(input.frontEnd, { normalisation: null }), { waveform }, 'features')
    const got = await run(cut, { features: tensor(Float32Array.from(features), [1, ...frontEndShape(input.frontEnd)]) })
    const expected = await run(whole, { waveform })
    for (const [c, p] of got.entries()) expect(p).toBeCloseTo(expected[c]!, 5)
    // Opened again it takes waveforms: its settings say which front end belongs before it.
    const { info, bytes } = unwrap(await loadModel(cut))
    expect(info.input).toBe('features')
    const again = await run(bytes, { waveform })
    for (const [c, p] of again.entries()) expect(p).toBeCloseTo(expected[c]!, 5)
  })

  it('cutting twice changes nothing, and another front end in the metadata is refused', async () => {
    const { input } = varied[0]!
    const cut = unwrap(withoutFrontEnd(unwrap(exportModel(input))))
    expect(Buffer.from(unwrap(withoutFrontEnd(cut))).equals(cut)).toBe(true)
    const model = onnxProto.onnx.ModelProto.decode(cut)
    const other = unwrap(parseFrontEnd({ ...FRONT_ENDS['logmel-40x101'] }))
    for (const entry of model.metadataProps) if (entry.key === 'frontEnd') entry.value = JSON.stringify(other)
    expect(await loadModel(onnxProto.onnx.ModelProto.encode(model).finish())).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID' } })
  })
})

describe('temperature', () => {
  const { input } = varied[0]!
  it('divides the logits and leaves the most probable label', async () => {
    const heard = sound(0.9, input.frontEnd.sampleRate, 8)
    const waveform = tensor(heard, [1, heard.length])
    const plain = await run(unwrap(exportModel(input)), { waveform }, 'logits')
    const warm = unwrap(exportModel({ ...input, temperature: 2.5 }))
    const logits = await run(warm, { waveform }, 'logits')
    for (const [c, x] of logits.entries()) expect(x).toBeCloseTo(plain[c]! / 2.5, 5)
    const probabilities = await run(warm, { waveform })
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(plain.indexOf(Math.max(...plain)))
    expect(unwrap(await loadModel(warm)).info.temperature).toBe(2.5)
    expect(unwrap(await verifyExport(warm, { ...input, temperature: 2.5 }, [heard])).maxDifference).toBeLessThanOrEqual(1e-4)
  })
  it.each([0, -1, NaN, Infinity, 1e6])('%d is refused', (temperature) => {
    expect(exportModel({ ...input, temperature })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  })
})

describe('names that a person reads in Netron', () => {
  const input = exportInput(testedArchitectures[0]!, FRONT_ENDS['logmel-64x64'])!
  const model = onnxProto.onnx.ModelProto.decode(unwrap(exportModel(input)))
  const graph = model.graph!
  it('weights have the paths of the layers, nodes the layer that they belong to', () => {
    const stored = graph.initializer!.map((t) => t.name!)
    expect(stored).toEqual(expect.arrayContaining([...input.weights.keys()]))
    const parts = new Set(graph.node!.map((n) => n.name!.split('/')[0]!))
    expect([...parts].filter((p) => !/_\d+$/.test(p))).toEqual(expect.arrayContaining(['frontEnd', [...input.weights.keys()][0]!.split('.')[0]!]))
    expect(new Set(graph.node!.map((n) => n.name)).size).toBe(graph.node!.length)
  })
  it('the file, its input and its outputs say what they are', () => {
    expect(model.docString).toContain(`${input.frontEnd.sampleRate} Hz`)
    expect(graph.input![0]!.docString).toContain('mono')
    expect(graph.output!.find((o) => o.name === 'probabilities')!.docString).toContain(labels[0])
  })
})
