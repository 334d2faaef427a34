import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecodePool } from '../../../src-main/audio/index.ts'
import { createExplainer, describeSource, sourceOfRun, type Explainer, type NetworkSource } from '../../../src-main/explanation/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { evaluateRun, readPredictions, runSounds, trainRun, type RunSound } from '../../../src-main/runs/index.ts'
import { toneLibrary, type ToneLibrary } from '../../support/tone-library.ts'

describe('inside a trained network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-inside-'))
  const pool = createDecodePool({ workers: 1 })
  let tones: ToneLibrary
  let run = ''
  let network: NetworkSource
  let explainer: Explainer
  let sounds: readonly RunSound[]
  const ask: Explainer['ask'] = (request, options) => explainer.ask(request, options)

  beforeAll(async () => {
    tones = await toneLibrary()
    run = await tones.run({ epochs: 12 })
    unwrap(await trainRun(tones.library, run))
    network = unwrap(await sourceOfRun(tones.library, run))
    explainer = createExplainer()
    sounds = unwrap(await runSounds(tones.library, pool, run, 'test', 12))
  })
  afterAll(async () => {
    await explainer[Symbol.asyncDispose]()
    await pool[Symbol.asyncDispose]()
    tones[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
  })
  const look = (sound: RunSound, more: { class?: number; layer?: string } = {}) =>
    ask({ kind: 'look', network, samples: sound.samples, class: more.class ?? null, layer: more.layer ?? null })

  it('gives the probabilities that the evaluation found', async () => {
    const { predictions } = unwrap(await evaluateRun(tones.library, run, 'test', { threads: 1 }))
    const found = await Promise.all(sounds.map(async (s) => unwrap(await look(s)).probabilities[network.labels.indexOf(s.label)]!))
    // Sounds are drawn in another order than the predictions stand.
    const known = predictions.map((p) => p.probabilities[p.label]!)
    for (const p of found) expect(Math.min(...known.map((k) => Math.abs(k - p)))).toBeLessThan(1e-5)
    expect(unwrap(await readPredictions(tones.library, run, 'test')).id).toHaveLength(12)
  })

  it('gives what comes out of every layer, in short and in full', async () => {
    const seen = unwrap(await look(sounds[0]!))
    expect(seen.layers.map((l) => l.path)).toEqual(['conv1', 'norm1', 'relu1', 'pool1', 'flatten1', 'dropout1', 'linear1'])
    expect(seen.layers.map((l) => [l.path, l.shape])).toEqual(unwrap(describeSource(network)).map((l) => [l.path, l.output]))
    for (const { shape, values, summary } of seen.layers) {
      expect(values.length).toBe(shape.reduce((a, b) => a * b, 1))
      expect(summary.histogram.reduce((a, b) => a + b)).toBe(values.length)
      expect(summary.mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 5)
    }
    const [relu] = seen.layers.filter((l) => l.path === 'relu1')
    expect(relu!.summary.min).toBe(0)
    expect(relu!.summary.zeros).toBeGreaterThan(0)
    expect([...seen.layers.at(-1)!.values]).toEqual(seen.logits.map(Math.fround))
  })

  it('Grad-CAM looks at the last layer of images unless told, for any class', async () => {
    const [auto, first] = [unwrap(await look(sounds[0]!)), unwrap(await look(sounds[0]!, { layer: 'conv1', class: 1 }))]
    expect(auto.gradCam).toMatchObject({ layer: 'pool1' })
    expect(first.gradCam).toMatchObject({ layer: 'conv1' })
    expect(first.class).toBe(1)
    expect(auto.gradCam!.values.length).toBe(auto.shape[1]! * auto.shape[2]!)
    expect(Math.min(...auto.gradCam!.values)).toBeGreaterThanOrEqual(0)
  })

  it('occlusion: what is covered matters where the tone is, and everything is covered', async () => {
    const progress: number[] = []
    const sound = sounds.find((s) => s.label === 'high')!
    const request = { kind: 'occlude', network, samples: sound.samples, class: network.labels.indexOf('high'), settings: { size: [4, 6], stride: [2, 3] } } as const
    const map = unwrap(await ask(request, { onProgress: (p) => progress.push(p.done / p.total) }))
    expect(progress.at(-1)).toBe(1)
    const rows = Array.from({ length: map.height }, (_, y) => map.values.subarray(y * map.width, (y + 1) * map.width).reduce((a, b) => a + Math.abs(b), 0))
    expect(Math.max(...rows)).toBeGreaterThan(0)
    // Covering everything by its mean leaves what the network says of a flat picture: one patch is the whole.
    const whole = unwrap(await ask({ ...request, settings: { size: [map.height, map.width], stride: [1, 1] } }))
    expect(new Set(whole.values).size).toBe(1)
    expect(await ask({ ...request, settings: { size: [400, 6], stride: [2, 3] } })).toMatchObject({ ok: false, error: { code: 'INVALID', message: expect.stringContaining('larger than the features') } })
  })

  it('gradients of a batch: of every parameter, and the loss of the training step', async () => {
    const labelled = sounds.map(({ samples, label }) => ({ samples, label: network.labels.indexOf(label) }))
    const report = unwrap(await ask({ kind: 'gradients', network, sounds: labelled }))
    expect(report.parameters.map((p) => p.name)).toEqual(['conv1.weight', 'conv1.bias', 'norm1.scale', 'norm1.shift', 'linear1.weight', 'linear1.bias'])
    expect(report.clips).toBe(sounds.length)
    expect(Number.isFinite(report.loss)).toBe(true)
    expect(report.parameters.find((p) => p.name === 'linear1.weight')!.gradient.norm).toBeGreaterThan(0)
    // A bias before batch normalisation has no effect.
    expect(report.parameters.find((p) => p.name === 'conv1.bias')!.gradient.norm).toBeLessThan(1e-5)
  })

  it('describes its layers without computing: shapes, receptive fields, filters', () => {
    const layers = unwrap(describeSource(network))
    expect(layers.find((l) => l.path === 'conv1')).toMatchObject({ type: 'conv2d', filters: [4, 1, 3, 3], field: { rows: { start: 0, step: 1, size: 3 }, columns: { size: 3 } } })
    expect(layers.find((l) => l.path === 'pool1')).toMatchObject({ filters: null, field: { rows: { step: 2, size: 4 } } })
    expect(layers.find((l) => l.path === 'linear1')!.field.rows.step).toBe(0)
  })

  it('says what is wrong: an unknown layer, class, run', async () => {
    expect(await look(sounds[0]!, { layer: 'conv9' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', message: 'tiny has no layer conv9' } })
    expect(await look(sounds[0]!, { layer: 'linear1' })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(await look(sounds[0]!, { class: 7 })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
    expect(await ask({ kind: 'filters', network, layer: 'pool1' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(await sourceOfRun(tones.library, 'none')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(await ask({ kind: 'filters', network: { ...network, checkpoint: join(folder, 'none'), version: '' }, layer: 'conv1' })).toMatchObject({ ok: false })
  })

  it('is cancelled, and answers the next question from a new process', async () => {
    const stop = new AbortController()
    const given = ask({ kind: 'occlude', network, samples: sounds[0]!.samples, class: null, settings: { size: [2, 2], stride: [1, 1] } }, { onProgress: () => stop.abort(), signal: stop.signal })
    expect(await given).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect((await look(sounds[0]!)).ok).toBe(true)
  })

  it('a process that dies is an error that says so', async () => {
    const entry = join(folder, 'dies.mjs')
    writeFileSync(entry, "process.on('message', () => process.kill(process.pid, 'SIGKILL'))")
    await using dying = createExplainer({ entry })
    expect(await dying.ask({ kind: 'filters', network, layer: 'conv1' })).toMatchObject({ ok: false, error: { code: 'WORKER_DIED', message: expect.stringContaining('SIGKILL') } })
  })
})
