import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListenEvent } from '../../../src-contract/index.ts'
import { recordModel } from '../../../src-main/catalog/index.ts'
import { createRandom, hashBytes, unwrap } from '../../../src-main/kit/index.ts'
import { readModel, writeModel } from '../../../src-main/models/index.ts'
import { everything, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'
import { addTone, toneFrequency, toneModel } from '../../support/tone-model.ts'

const RATE = 16_000
const options = { mode: 'sounds', hop: 0.02, smoothing: 8, smoothings: {}, threshold: 0.5, thresholds: {}, refractory: 0.25, gate: 9 } as const
const toBase64 = (samples: Float32Array): string =>
  Buffer.from(Int16Array.from(samples, (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32767)).buffer).toString('base64')

describe.each(TRANSPORTS)('listening over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  const bytes = toneModel()
  const id = hashBytes(bytes)

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    const { library } = test.studio.services
    const file = join(library.folder.models, `${id}.onnx`)
    unwrap(await writeModel(file, bytes))
    const { labels, sampleRate, clipSeconds, parameters, metrics } = unwrap(await readModel(file))
    unwrap(recordModel(library, { id, runId: null, name: 'tones', file, bytes: bytes.length, metadata: { labels, sampleRate, clipSeconds, parameters, metrics } }))
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })

  /** Sends a signal in pieces of 20 ms, as a microphone does, and gathers what is said until it has all been heard. */
  async function listen(signal: Float32Array, more: object = {}): Promise<ListenEvent[]> {
    const events: ListenEvent[] = []
    const seconds = signal.length / RATE
    for await (const event of await connected.client.recognition.listen({ model: id, options: { ...options, ...more } })) {
      events.push(event)
      if (event.type === 'ready') {
        const send = async () => {
          for (let at = 0; at < signal.length; at += 320)
            await connected.client.recognition.hear({ session: event.session, samples: toBase64(signal.subarray(at, at + 320)) })
        }
        // What is sent after the last event finds nobody.
        send().catch(() => undefined)
      }
      if (event.type === 'scores' && event.time >= seconds - 0.05) break
    }
    return events
  }

  function signal(seconds: number): Float32Array {
    const random = createRandom(1)
    return Float32Array.from({ length: seconds * RATE }, () => 0.0005 * random.normal())
  }

  it('lists the model and gives its file', async () => {
    expect(await connected.client.models.list()).toMatchObject([{ id, name: 'tones', run: null, labels: ['low', 'high', '_silence_'], sampleRate: RATE, present: true }])
    const response = await test.studio.answer(new Request(`http://x/models/${id}.onnx`))
    expect(hashBytes(new Uint8Array(await response.arrayBuffer()))).toBe(id)
    expect(response.headers.get('content-disposition')).toContain('tones.onnx')
    expect((await test.studio.answer(new Request(`http://x/models/${'0'.repeat(64)}.onnx`))).status).toBe(404)
  })

  it('detects each sound once, where it was, soon after its end, and says what the work costs', async () => {
    const sound = signal(4)
    addTone(sound, RATE, toneFrequency.low, 1, 0.4)
    addTone(sound, RATE, toneFrequency.high, 2.2, 0.3)
    const events = await listen(sound)
    expect(events[0]).toMatchObject({ type: 'ready', labels: ['low', 'high', '_silence_'], sampleRate: RATE })
    const detections = events.filter((e) => e.type === 'detection')
    expect(detections.map((d) => d.label)).toEqual(['low', 'high'])
    for (const [i, [start, end]] of [[1, 1.4], [2.2, 2.5]].entries()) {
      expect(Math.abs(detections[i]!.start - start!)).toBeLessThan(0.03)
      expect(Math.abs(detections[i]!.end - end!)).toBeLessThan(0.03)
      expect(detections[i]!.time - end!).toBeLessThan(0.15)
    }
  })

  it('slides windows where that is asked, with a threshold for each label', async () => {
    const sound = signal(4)
    addTone(sound, RATE, toneFrequency.low, 1, 0.4)
    addTone(sound, RATE, toneFrequency.high, 2.5, 0.4)
    const found = await listen(sound, { mode: 'windows', hop: 0.05, smoothing: 2, thresholds: { high: 1 }, refractory: 1 })
    expect(found.filter((e) => e.type === 'detection').map((d) => d.label)).toEqual(['low'])
  })

  it('makes a clip of what was heard, with the label that was right', async () => {
    const sound = signal(2)
    addTone(sound, RATE, toneFrequency.low, 0.8, 0.4)
    let kept: { clip: number; added: boolean } | undefined
    for await (const event of await connected.client.recognition.listen({ model: id, options })) {
      if (event.type === 'ready') {
        const { session } = event
        await connected.client.recognition.hear({ session, samples: toBase64(sound) })
        kept = await connected.client.recognition.keep({ session, start: 0.8, end: 1.2, dataset: 'corrections', label: 'hum' })
        await expect(connected.client.recognition.keep({ session, start: 1.5, end: 9, dataset: 'corrections', label: null })).rejects.toMatchObject({ code: 'NOT_FOUND' })
        break
      }
    }
    expect(kept).toMatchObject({ added: true })
    const dataset = (await connected.client.datasets.list()).find((d) => d.name === 'corrections')!
    const { clips } = await connected.client.clips.page({ filter: everything(dataset.id), sort: { by: 'name', descending: false }, offset: 0, limit: 10 })
    expect(clips).toHaveLength(1)
    expect(clips[0]!.seconds).toBeCloseTo(0.5, 3)
    expect((await connected.client.history.undo()).name).toBe('keep detection')
  })

  it('refuses models and sessions that are not there, and sound that is none', async () => {
    const gone = connected.client.recognition.listen({ model: '0'.repeat(64), options })
    await expect((async () => { for await (const _ of await gone); })()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.recognition.hear({ session: 'A'.repeat(22), samples: 'AAAA' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(connected.client.recognition.hear({ session: 'A'.repeat(22), samples: 'not base64!' })).rejects.toMatchObject({ code: 'INVALID' })
  })
})
