import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFrontEndModel, FRONT_ENDS, frontEndShape, parseFrontEnd, type FrontEndConfig } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { loadModel, withoutFrontEnd, wrapNetwork, type Layout, type NetworkDeclaration } from '../../../src-main/models/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { anotherInput, foreignNetwork, integerInput } from '../../support/foreign-network.ts'
import { sound } from './parts.ts'

const spectral: FrontEndConfig = unwrap(parseFrontEnd({ version: 1, kind: 'logmel', sampleRate: 8000, clip: { seconds: 0.5 }, mel: { bands: 24 } }))
const raw: FrontEndConfig = unwrap(parseFrontEnd({ version: 1, kind: 'waveform', sampleRate: 8000, clip: { seconds: 0.25 } }))
const declare = (more: Partial<NetworkDeclaration> = {}): NetworkDeclaration => ({
  name: 'theirs', file: 'net.onnx', frontEnd: spectral, layout: 'N1FT', labels: ['low', 'high'], outputs: 'logits', ...more,
})

async function run(bytes: Uint8Array, waveform: Float32Array, output: string, batch = 1): Promise<number[]> {
  await using session = unwrap(await createSession(bytes, { device: 'cpu' }))
  return Array.from(floats((await session.run({ waveform: tensor(waveform, [batch, waveform.length / batch]) }, [output]))[output]!))
}

/** The mean of |x| over each half of the frequencies, from the features that our own front end gives. */
async function expectedLogits(frontEnd: FrontEndConfig, waveform: Float32Array): Promise<number[]> {
  const features = await run(createFrontEndModel(frontEnd), waveform, 'features')
  const [, f, t] = frontEndShape(frontEnd)
  const rows = frontEnd.kind === 'waveform' ? t : f
  const columns = features.length / rows
  const means = Array.from({ length: rows }, (_, r) => features.slice(r * columns, (r + 1) * columns).reduce((sum, x) => sum + Math.abs(x), 0) / columns)
  return [0, 1].map((half) => means.filter((_, r) => (r < rows / 2) === (half === 0)).reduce((a, b) => a + b, 0) * (2 / rows))
}

const [, F, T] = frontEndShape(spectral)
const [, , S] = frontEndShape(raw)
const shapes: readonly (readonly [Layout, FrontEndConfig, (number | string)[], number])[] = [
  ['N1FT', spectral, ['batch', 1, F, T], 2],
  ['N1FT', spectral, [1, 1, F, T], 2],
  ['NFT', spectral, ['batch', F, T], 1],
  ['NTF', spectral, ['batch', T, F], 2],
  ['N1TF', spectral, ['batch', 1, T, F], 3],
  ['NFT1', spectral, ['batch', F, T, 1], 1],
  ['NTF1', spectral, ['batch', T, F, 1], 2],
  ['NS', raw, ['batch', S], 1],
  ['N1S', raw, ['batch', 1, S], 2],
]

describe('a network from elsewhere behind a front end of ours', () => {
  it.each(shapes)('%s: sees each value where it belongs', async (layout, frontEnd, shape, axis) => {
    for (const opset of [13, 17]) {
      const whole = unwrap(wrapNetwork(foreignNetwork({ shape, axis, opset }), declare({ frontEnd, layout })))
      const { info, bytes } = unwrap(await loadModel(whole))
      expect(info).toMatchObject({ name: 'theirs', labels: ['low', 'high'], frontEnd, architecture: null, opset, batch: shape[0] === 1 ? 1 : null, provenance: { source: { file: 'net.onnx' } } })
      const heard = sound(0.4, 8000, 4)
      const [logits, probabilities] = [await run(bytes, heard, 'logits'), await run(bytes, heard, 'probabilities')]
      const expected = await expectedLogits(frontEnd, heard)
      for (const [c, x] of logits.entries()) expect(x).toBeCloseTo(expected[c]!, 3)
      expect(probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(expected[1]! - expected[0]!)), 4)
    }
  })

  it('outputs that are probabilities already stay as they are', async () => {
    const network = foreignNetwork({ shape: ['N', 1, F, T], axis: 2, softmax: true })
    const { bytes } = unwrap(await loadModel(unwrap(wrapNetwork(network, declare({ outputs: 'probabilities' })))))
    const heard = sound(0.5, 8000, 9)
    const [first, second] = await expectedLogits(spectral, heard)
    expect((await run(bytes, heard, 'probabilities'))[0]).toBeCloseTo(1 / (1 + Math.exp(second! - first!)), 4)
  })

  it('its front end can be cut off again, for a file that takes features', async () => {
    const whole = unwrap(wrapNetwork(foreignNetwork({ shape: ['N', T, F], axis: 2 }), declare({ layout: 'NTF' })))
    const { bytes } = unwrap(await loadModel(unwrap(withoutFrontEnd(whole))))
    const heard = sound(0.4, 8000, 2)
    const [before, after] = [await run(unwrap(await loadModel(whole)).bytes, heard, 'logits'), await run(bytes, heard, 'logits')]
    for (const [c, x] of after.entries()) expect(x).toBeCloseTo(before[c]!, 4)
  })

  it.each([
    ['a shape that the front end does not give', foreignNetwork({ shape: ['N', 1, 40, 98], axis: 2 }), {}, /takes \[N, 1, 40, 98\], and this front end gives \[N, 1, 24, \d+\]/],
    ['another number of axes', foreignNetwork({ shape: ['N', F, T], axis: 1 }), {}, /and this front end gives/],
    ['an order that raw samples do not have', foreignNetwork({ shape: ['N', 1, F, T], axis: 2 }), { frontEnd: raw, layout: 'NTF' }, /order NTF does not go/],
    ['two inputs', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => m.graph!.input!.push(anotherInput('lengths')) }), {}, /2 inputs \(input\.1, lengths\)/],
    ['no input', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => (m.graph!.input = []) }), {}, /no input/],
    ['integers', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => (m.graph!.input = [integerInput('input.1', ['N', 1, F, T])]) }), {}, /takes int64/],
    ['two outputs', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => m.graph!.output!.push({ ...m.graph!.output![0]!, name: '/Mean_output_0' }) }), {}, /2 outputs/],
    ['an output that is not there', foreignNetwork({ shape: ['N', 1, F, T], axis: 2 }), { output: 'scores' }, /no output scores/],
    ['too few labels', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => (m.graph!.output![0]!.type!.tensorType!.shape!.dim![1] = { dimValue: 35 }) }), {}, /35 classes, and there are 2 labels/],
    ['the same label twice', foreignNetwork({ shape: ['N', 1, F, T], axis: 2 }), { labels: ['a', 'a'] }, /twice/],
    ['a batch of eight', foreignNetwork({ shape: [8, 1, F, T], axis: 2 }), {}, /exactly 8 clips/],
    ['an opset from long ago', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, opset: 11 }), {}, /opset 11/],
    ['a front end that needs a dataset', foreignNetwork({ shape: ['N', 1, F, T], axis: 2 }), { frontEnd: { ...spectral, normalise: 'dataset' } }, /dataset/],
    ['an unsupported operator', foreignNetwork({ shape: ['N', 1, F, T], axis: 2, change: (m) => (m.graph!.node![0]!.opType = 'If') }), {}, /operator "If"/],
    ['no ONNX file', new TextEncoder().encode('not a model'), {}, /not a/],
  ] as const)('refuses %s, and says why', (_, bytes, more, reason) => {
    const refused = wrapNetwork(bytes, declare(more as Partial<NetworkDeclaration>))
    expect(refused.ok).toBe(false)
    expect((refused as { error: Error }).error.message).toMatch(reason)
  })
})

/** Written by PyTorch (make-torch-network.py), with the logits that PyTorch gives for features that it made. */
describe('a network that PyTorch exported', () => {
  const folder = join(import.meta.dirname, '..', '..', 'reference', 'models')
  const reference = JSON.parse(readFileSync(join(folder, 'torch-network.json'), 'utf8')) as { onnx: string; features: number[]; logits: number[] }
  it('gives PyTorch’s logits for PyTorch’s features, and takes waveforms behind a front end', async () => {
    const frontEnd = unwrap(parseFrontEnd({ ...FRONT_ENDS['logmel-64x64'], mel: { bands: 16 }, resize: { height: 16, width: 16 } }))
    const whole = unwrap(wrapNetwork(new Uint8Array(Buffer.from(reference.onnx, 'base64')), declare({ frontEnd, labels: ['a', 'b', 'c'] })))
    const cut = unwrap(withoutFrontEnd(unwrap(await loadModel(whole)).bytes))
    await using session = unwrap(await createSession(cut, { device: 'cpu' }))
    const { logits } = await session.run({ features: tensor(Float32Array.from(reference.features), [1, 1, 16, 16]) })
    for (const [c, x] of floats(logits!).entries()) expect(x).toBeCloseTo(reference.logits[c]!, 4)
    const probabilities = await run(unwrap(await loadModel(whole)).bytes, sound(1, 16_000, 1), 'probabilities')
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
  })
})
