import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkDeclaration } from '../../src-contract/index.ts'
import { recogniseFiles } from '../../src-main/recognition/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { foreignNetwork } from '../support/foreign-network.ts'
import { connectByPort, testStudio, type Connected, type TestStudio } from '../support/studio.ts'

/** 8 kHz, half a second, 24 bands: 32 frames of 16 ms. */
const frontEnd = { version: 1, kind: 'logmel', sampleRate: 8000, clip: { seconds: 0.5 }, mel: { bands: 24 } }
const shape = ['N', 1, 24, 32]
const declaration = (more: Partial<NetworkDeclaration> = {}): NetworkDeclaration => ({ name: 'Theirs', frontEnd, layout: 'N1FT', labels: ['low', 'high'], outputs: 'logits', output: null, ...more })

describe('model files from elsewhere', () => {
  let test: TestStudio
  let connected: Connected
  let place = ''
  const files: Readonly<Record<string, Uint8Array>> = {
    'good.onnx': foreignNetwork({ shape, axis: 2 }),
    'one-clip.onnx': foreignNetwork({ shape: [1, 1, 24, 32], axis: 2 }),
    'not-finite.onnx': foreignNetwork({ shape, axis: 2, change: (m) => (m.graph!.node![0]!.opType = 'Log') }),
    // The file says two classes and gives one.
    'liar.onnx': foreignNetwork({ shape, axis: 2, change: (m) => (m.graph!.node = [{ opType: 'ReduceMax', input: ['input.1'], output: ['waveform'], attribute: [{ name: 'axes', type: 7, ints: [2, 3] }, { name: 'keepdims', type: 2, i: 0 }] }]) }),
    'huge.onnx': foreignNetwork({
      shape, axis: 2,
      change(m) {
        m.graph!.initializer!.push({ name: 'size', dims: [2], dataType: 7, int64Data: [40_000, 40_000] })
        m.graph!.node!.splice(0, 0, { opType: 'ReduceMax', input: ['input.1'], output: ['one'], attribute: [{ name: 'keepdims', type: 2, i: 0 }] }, { opType: 'Expand', input: ['one', 'size'], output: ['wide'] }, { opType: 'ReduceMax', input: ['wide'], output: ['back'], attribute: [{ name: 'keepdims', type: 2, i: 0 }] })
        m.graph!.node!.find((n) => n.opType === 'Abs')!.input = ['added']
        m.graph!.node!.splice(3, 0, { opType: 'Add', input: ['input.1', 'back'], output: ['added'] })
      },
    }),
    'text.onnx': new TextEncoder().encode('hello'),
  }

  beforeAll(async () => {
    test = testStudio()
    connected = await connectByPort(test)
    const folder = join(test.folder, 'given')
    mkdirSync(folder)
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    place = (await connected.client.imports.open({ path: folder })).here.token
  })
  afterAll(async () => {
    // What was tried has left nothing behind.
    expect(readdirSync(join(test.folder, 'library', 'inbox'))).toEqual([])
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('say what they take and give before anything of them runs', async () => {
    expect(await connected.client.files.inspectModel({ place, name: 'good.onnx' })).toMatchObject({
      own: false, opset: 17, producer: 'pytorch 2.4.0', inputs: [{ name: 'input.1', type: 'float', shape }], outputs: [{ name: 'waveform', shape: ['N', 2] }],
    })
    await expect(connected.client.files.openModel({ place, name: 'good.onnx' })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })

  it.each(['good.onnx', 'one-clip.onnx'])('%s becomes a model of the library that recognises, in windows too', async (name) => {
    const model = await connected.client.files.adoptModel({ place, name, declaration: declaration({ name }) })
    expect(model).toMatchObject({ name, run: null, labels: ['low', 'high'], sampleRate: 8000, provenance: { sourceFile: name } })
    const file = join(test.folder, 'library', 'models', `${model.id}.onnx`)
    const sounds = readdirSync(test.recordings).map((f) => join(test.recordings, f))
    const report = unwrap(await recogniseFiles(file, sounds))
    expect(report.failed).toEqual([])
    expect(report.recognitions).toHaveLength(12)
    expect(unwrap(await recogniseFiles(file, sounds.slice(0, 2), { stream: true })).failed).toEqual([])
    expect((await connected.client.models.card({ model: model.id, language: 'en' })).markdown).toContain(`the file “${name}”`)
  })

  it.each([
    ['good.onnx', { outputs: 'probabilities' }, /no probabilities: they sum to/],
    ['good.onnx', { labels: ['a', 'b', 'c'] }, /2 classes, and there are 3 labels/],
    ['good.onnx', { frontEnd: { ...frontEnd, mel: { bands: 40 } } }, /takes \[N, 1, 24, 32\]/],
    ['good.onnx', { frontEnd: { version: 1, kind: 'cepstrogram' } }, /front end is not valid/],
    ['not-finite.onnx', {}, /not finite/],
    ['liar.onnx', {}, /./],
    ['huge.onnx', {}, /./],
    ['text.onnx', {}, /ONNX/],
  ] as const)('%s is refused where %o', async (name, more, reason) => {
    const before = (await connected.client.models.list()).length
    await expect(connected.client.files.adoptModel({ place, name, declaration: declaration(more as Partial<NetworkDeclaration>) })).rejects.toMatchObject({
      defined: true, message: expect.stringMatching(reason),
    })
    expect(await connected.client.models.list()).toHaveLength(before)
  })
})
