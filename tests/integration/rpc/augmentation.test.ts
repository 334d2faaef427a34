import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewUrl, type AugmentationPreview, type Clip, type JsonObject, type Policy } from '../../../src-contract/index.ts'
import { decodeAudio, encodeWav } from '../../../src-main/audio/index.ts'
import { keepClip, parsePolicy, type KeptClip } from '../../../src-main/augment/index.ts'
import { frontEndShape, loadFrontEnd } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createAugmentedRows } from '../../../src-main/training/augmenting/augmented-rows.ts'
import { writeClipStore } from '../../../src-main/training/augmenting/clip-store.ts'
import { createBatchOrder } from '../../../src-main/training/batch-order.ts'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'

const POLICY: Policy = {
  version: 1,
  renewEvery: 3,
  steps: [
    { type: 'speed', factor: 1.2 },
    { type: 'noise', sources: ['babble', 'pink'], snrLow: 5, snrHigh: 20, probability: 0.8 },
    { type: 'affine', frequencyScale: 1.1 },
    { type: 'frequencyMask', width: 12 },
  ],
}

// What differs between transports is in the conformance suite and the fuzz of every call; this runs over one.
describe.each(TRANSPORTS.slice(1))('augmentation over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  let clips: readonly Clip[]
  let dataset = 0
  const fetchBytes = async (key: string): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await test.studio.answer(new Request(`http://studio${previewUrl(key)}`))
    expect(response.status).toBe(200)
    return new Uint8Array(await response.arrayBuffer())
  }
  const floats = async (key: string) => new Float32Array((await fetchBytes(key)).buffer)
  const preview = (more: object = {}): Promise<AugmentationPreview> =>
    connected.client.augmentation.preview({ clip: clips[0]!.id, frontEnd: 'logmel-64x64', policy: POLICY, seed: 7, draws: 4, ...more })

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    dataset = await importWords(connected.client, test.recordings)
    await connected.client.clips.setSplit({ clips: { filter: everything(dataset), except: [] }, split: 'train' })
    clips = (await connected.client.clips.page({ filter: everything(dataset), sort: { by: 'added', descending: false }, offset: 0, limit: 100 })).clips
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  it('fits the policies of Espectro to the features of a front end', async () => {
    const fitted = async (name: 'logmel-64x64' | 'logmel-40x101') =>
      connected.client.augmentation.fitted({ frontEnd: JSON.parse(JSON.stringify(unwrap(loadFrontEnd(name)))) as JsonObject })
    const [usual, other] = [await fitted('logmel-64x64'), await fitted('logmel-40x101')]
    expect(usual.policies.map(({ name, own, policy }) => ({ name, own, policy }))).toEqual((await connected.client.augmentation.policies()).policies)
    expect(usual.policies.some((p) => p.scaled)).toBe(false)
    expect(other.shape).toEqual([1, 40, 101])
    // F 27 of 80 bands, T 100 of 1,230 frames.
    expect(other.policies.find((p) => p.name === 'LB')).toMatchObject({ scaled: true, policy: { steps: [{ width: 7 }, { width: 14 }, { width: 8 }] } })
    await expect(connected.client.augmentation.fitted({ frontEnd: { kind: 'ears' } })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('shows the very tensor that a training with the seed sees, before and after, bit for bit', async () => {
    const shown = await preview({ clip: clips[4]!.id })
    expect(shown.shape).toEqual([1, 64, 64])
    const frontEnd = unwrap(loadFrontEnd('logmel-64x64', { datasetSampleRate: 8000 }))
    const size = frontEndShape(frontEnd).reduce((a, b) => a * b, 1)
    // The training's threads on the same twelve clips, their batches searched for the fifth clip.
    const kept: KeptClip[] = []
    for (const clip of clips) {
      const path = join(test.recordings, clip.name)
      kept.push(keepClip(unwrap(await decodeAudio(new Uint8Array(readFileSync(path)), path)).channels[0]!, frontEnd))
    }
    const order = { clips: clips.length, batch: 4, seed: 7 }
    const batches = createBatchOrder(order)
    const seen = async (steps: readonly object[]): Promise<Map<string, Float32Array>> => {
      const store = await writeClipStore(join(test.folder, 'store'), kept.length, (async function* () {
        yield* kept
      })())
      const labels = await connected.client.labels.list({ dataset })
      await using rows = await createAugmentedRows({
        threads: 2, batches, size, from: 0, end: 36, order, seed: 7, store, frontEnd, normalisation: null,
        policy: unwrap(parsePolicy({ ...POLICY, steps })),
        labels: Int32Array.from(clips, (c) => labels.findIndex((l) => l.id === c.label)), labelNames: labels.map((l) => l.name),
      })
      const found = new Map<string, Float32Array>()
      for (let step = 0; step < 36; step++) {
        const x = new Float32Array(4 * size)
        const { clip, pass } = batches.at(step)
        await rows.fill(step, batches.at(step), x)
        clip.forEach((c, i) => found.set(`${c}/${pass[i]}`, x.slice(i * size, (i + 1) * size)))
      }
      return found
    }
    const [varied, plain] = [await seen(POLICY.steps), await seen([])]
    expect(await floats(shown.before.features)).toEqual(plain.get('4/0'))
    for (const [draw, { features }] of shown.draws.entries()) expect(await floats(features), `draw ${draw}`).toEqual(varied.get(`4/${3 * draw}`))
    expect(new Set(shown.draws.map((d) => d.features)).size).toBe(4)
  })

  it('tells which steps were taken and what was drawn, and gives the sound to hear', async () => {
    const shown = await preview()
    for (const { taken, sound } of shown.draws) {
      const speed = taken.find((t) => t.step === 0)!
      expect(Math.abs(Math.log(Number(speed.values['factor'])))).toBeLessThanOrEqual(Math.log(1.2))
      expect(taken.map((t) => t.step)).toEqual(expect.arrayContaining([0, 2, 3]))
      const heard = unwrap(await decodeAudio(await fetchBytes(sound), 'preview.wav'))
      expect(heard.channels[0]!.length).toBe(Math.round(shown.seconds * 8000))
    }
    expect(shown.before.taken).toEqual([])
    const clean = unwrap(await decodeAudio(await fetchBytes(shown.before.sound), 'before.wav')).channels[0]!
    const original = unwrap(await decodeAudio(new Uint8Array(readFileSync(join(test.recordings, clips[0]!.name))), 'x.wav')).channels[0]!
    const start = Math.floor((clean.length - original.length) / 2)
    expect(encodeWav(clean.slice(start, start + original.length), 8000)).toEqual(encodeWav(original, 8000))
  })

  it('is the same for a seed and another for another; a clip that is not trained on is shown too', async () => {
    expect(await preview()).toEqual(await preview())
    expect((await preview({ seed: 8 })).draws[0]!.features).not.toBe((await preview()).draws[0]!.features)
    await connected.client.clips.setSplit({ clips: { dataset, ids: [clips[2]!.id] }, split: null })
    expect((await preview({ clip: clips[2]!.id })).draws).toHaveLength(4)
    await connected.client.history.undo()
  })

  it('says what is wrong with a policy, a front end, a clip', async () => {
    const refused = (more: object) => expect(preview(more)).rejects
    await refused({ policy: { version: 1, steps: [{ type: 'speed', factor: 9 }] } }).toMatchObject({ code: 'INVALID', message: expect.stringContaining('steps.0.factor') })
    await refused({ policy: { version: 1, steps: [{ type: 'backwards' }] } }).toMatchObject({ code: 'INVALID', message: expect.stringContaining('steps.0') })
    await refused({ frontEnd: 'nothing' }).toMatchObject({ code: 'NOT_FOUND' })
    await refused({ clip: 4242 }).toMatchObject({ code: 'NOT_FOUND' })
    expect((await test.studio.answer(new Request(`http://studio${previewUrl('0'.repeat(64))}`))).status).toBe(404)
  })

  it('lists policies with their steps, and keeps those of the person, undone and redone', async () => {
    const { client } = connected
    const before = await client.augmentation.policies()
    expect(before.policies.map((p) => p.name)).toEqual(['none', 'standard', 'speakers', 'waveform', 'specaugment', 'LB', 'LD', 'SM', 'SS'])
    expect(before.steps.map((s) => s.type)).toContain('reverb')
    await client.augmentation.save({ name: 'mine', policy: POLICY })
    const { policy } = (await client.augmentation.policies()).policies.find((p) => p.own)!
    expect(policy).toMatchObject({ renewEvery: 3, steps: [{ type: 'speed', factor: 1.2, probability: 1 }, {}, {}, {}] })
    await client.augmentation.save({ name: 'mine', policy: { version: 1, steps: [] } })
    await client.history.undo()
    expect((await client.augmentation.policies()).policies.at(-1)).toEqual({ name: 'mine', own: true, policy })
    await client.augmentation.remove({ name: 'mine' })
    expect(await client.augmentation.policies()).toEqual(before)
    await client.history.undo()
    expect((await client.augmentation.policies()).policies.at(-1)?.name).toBe('mine')
    await expect(client.augmentation.save({ name: 'standard', policy: POLICY })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await expect(client.augmentation.remove({ name: 'standard' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
