import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import onnxProto, { type onnx as Onnx } from 'onnx-proto'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeWav } from '../../src-main/audio/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { loadModel } from '../../src-main/models/index.ts'
import { recogniseFiles, startModelProcess } from '../../src-main/recognition/index.ts'
import { toneModel } from '../support/tone-model.ts'

const { onnx } = onnxProto
const folder = mkdtempSync(join(tmpdir(), 'espectro-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An honest export, changed by the attacker, on disk. */
function attack(name: string, change: (model: Onnx.ModelProto) => void): string {
  const model = onnx.ModelProto.decode(toneModel())
  change(model)
  const path = join(folder, `${name}.onnx`)
  writeFileSync(path, onnx.ModelProto.encode(model).finish())
  return path
}

const int64 = (name: string, ...values: number[]): Onnx.ITensorProto => ({
  name,
  dims: [values.length],
  dataType: onnx.TensorProto.DataType.INT64,
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
})

/** Replaces the probabilities by what `nodes` compute, whose last output is `evil` [1]: added to them. */
function addWork(model: Onnx.ModelProto, nodes: Onnx.INodeProto[], stored: Onnx.ITensorProto[]): void {
  const graph = model.graph!
  const last = graph.node!.find((n) => n.output![0] === 'probabilities')!
  const honest = last.input![0]!
  graph.initializer!.push(...stored)
  graph.node!.splice(graph.node!.indexOf(last), 1, ...nodes, { opType: 'Add', input: [honest, 'evil'], output: ['probabilities'] })
}

const metadata = (key: string, value: string | null) => (model: Onnx.ModelProto): void => {
  model.metadataProps = model.metadataProps.filter((p) => p.key !== key)
  if (value !== null) model.metadataProps.push({ key, value })
}

describe('metadata that lies', () => {
  it.each([
    ['none of ours', metadata('espectro.version', null), /not exported by Espectro/],
    ['a later version', metadata('espectro.version', '9'), /version "9"/],
    ['labels that are no JSON', metadata('labels', '['), /at labels: is not JSON/],
    ['labels of another number', metadata('labels', '["a","b"]'), /probabilities of its 2 labels/],
    ['a label twice', metadata('labels', '["a","a","b"]'), /twice/],
    ['labels that are no texts', metadata('labels', '[1,2,3]'), /at labels/],
    ['a sample rate of zero', metadata('sampleRate', '0'), /not a rate/],
    ['another sample rate', metadata('sampleRate', '8000'), /contradicts itself: a sample rate/],
    ['a front end with an unknown setting', metadata('frontEnd', '{"kind":"logmel","version":1,"evil":1}'), /at frontEnd/],
    ['a front end that is not the one of the hash', metadata('frontEnd', '{"kind":"waveform","version":1}'), /hash of the front end/],
    ['an architecture for another input', metadata('architecture', '{"name":"x","title":"x","input":[1,2,2],"layers":[{"type":"flatten"}]}'), /architecture does not fit/],
    ['a metric that is no number', metadata('metrics', '{"accuracy":"good"}'), /at metrics/],
    ['another input', (m: Onnx.ModelProto): void => void (m.graph!.input![0]!.name = 'wave'), /one tensor waveform/],
    ['two inputs', (m: Onnx.ModelProto): void => void m.graph!.input!.push({ ...m.graph!.input![0]!, name: 'more' }), /one tensor waveform/],
    ['no probabilities', (m: Onnx.ModelProto): void => void (m.graph!.output = m.graph!.output!.slice(1)), /probabilities/],
  ] as const)('%s is named', async (_, change, reason) => {
    const path = attack('lies', change)
    const read = await loadModel(path)
    expect(read).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID', file: path, message: expect.stringMatching(reason) } })
  })
})

describe('models that pass inspection and misbehave when they run', () => {
  it('one that fills the memory is stopped; the caller lives and hears why', async () => {
    const path = attack('memory', (model) =>
      addWork(
        model,
        [
          { opType: 'ConstantOfShape', input: ['huge'], output: ['full'] },
          { opType: 'ReduceMax', input: ['full'], output: ['evil'], attribute: [{ name: 'keepdims', type: 2, i: 0 }] },
        ],
        [int64('huge', 1 << 15, 1 << 14)],
      ),
    )
    await using model = unwrap(await startModelProcess(path, { memory: 600 * 2 ** 20 }))
    const asked = await model.classify(new Float32Array(16_000))
    expect(asked).toMatchObject({ ok: false, error: { code: 'WORKER_DIED', message: expect.stringContaining('600 MiB of memory') } })
  })

  it('one that computes for ever is stopped at the time limit', async () => {
    const work: Onnx.INodeProto[] = [{ opType: 'ConstantOfShape', input: ['side'], output: ['m0'] }]
    for (let i = 1; i < 2_000; i++) work.push({ opType: 'MatMul', input: [`m${i - 1}`, `m${i - 1}`], output: [`m${i}`] })
    work.push({ opType: 'ReduceMax', input: ['m1999'], output: ['evil'], attribute: [{ name: 'keepdims', type: 2, i: 0 }] })
    const path = attack('slow', (model) => addWork(model, work, [int64('side', 2048, 2048)]))
    const started = await startModelProcess(path, { loadLimit: 8_000, threads: 1 })
    expect(started).toMatchObject({ ok: false, error: { code: 'MODEL_REFUSED', message: expect.stringContaining('took longer'), file: path } })
  })

  const reshape = (name: string, ...shape: number[]) =>
    attack(name, (model) => addWork(model, [{ opType: 'Reshape', input: ['waveform', 'side'], output: ['evil'] }], [int64('side', ...shape)]))

  it('one whose nodes contradict each other is an error, not a crash', async () => {
    expect(await startModelProcess(reshape('shapes', 3, 7))).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID' } })
  })

  it('one that fails only while running is an error, and its process lives on', async () => {
    await using model = unwrap(await startModelProcess(reshape('running', 1, 3)))
    expect(await model.classify(new Float32Array(16_000))).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID' } })
    expect(model.ended).toBeUndefined()
  })

  it('one that gives no numbers is an error', async () => {
    const path = attack('nan', (model) =>
      addWork(model, [{ opType: 'Log', input: ['minus'], output: ['evil'] }], [{ name: 'minus', dims: [1], dataType: 1, rawData: new Uint8Array(Float32Array.of(-1).buffer) }]),
    )
    const sound = join(folder, 'sound.wav')
    writeFileSync(sound, encodeWav(new Float32Array(16_000).fill(0.1), 16_000))
    const result = await recogniseFiles(path, [sound])
    expect(result).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID', message: expect.stringContaining('no probability') } })
  })
})
