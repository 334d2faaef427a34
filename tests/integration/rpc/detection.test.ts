import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectedSoundUrl, type CalibrationEvent, type Clip, type DetectSettings, type FilesEvent } from '../../../src-contract/index.ts'
import { encodeWav } from '../../../src-main/audio/index.ts'
import { recordModel } from '../../../src-main/catalog/index.ts'
import { createRandom, hashBytes, unwrap } from '../../../src-main/kit/index.ts'
import { readModel, writeModel } from '../../../src-main/models/index.ts'
import { recogniseFiles } from '../../../src-main/recognition/index.ts'
import { everything, importWords, testStudio, TRANSPORTS, type Connected, type TestStudio } from '../../support/studio.ts'
import { addTone, toneFrequency, toneModel } from '../../support/tone-model.ts'

const RATE = 16_000
const SETTINGS: DetectSettings = { threshold: 0.5, smoothing: 3, thresholds: {}, smoothings: {}, minimumDuration: 0.2, suppression: 0.4 }
type Said = { readonly label: 'low' | 'high'; readonly at: number }

function recording(seconds: number, said: readonly Said[], seed = 1): Uint8Array {
  const random = createRandom(seed)
  const samples = Float32Array.from({ length: seconds * RATE }, () => 0.0005 * random.normal())
  for (const { label, at } of said) addTone(samples, RATE, toneFrequency[label], at, 0.3)
  return encodeWav(samples, RATE)
}

// What differs between transports is in the conformance suite and the fuzz of every call; this runs over one.
describe.each(TRANSPORTS.slice(1))('detection in files over a %s', (_, connect) => {
  let test: TestStudio
  let connected: Connected
  const bytes = toneModel()
  const model = hashBytes(bytes)
  let folder = ''
  let file = ''

  beforeAll(async () => {
    test = testStudio()
    connected = await connect(test)
    const { library } = test.studio.services
    file = join(library.folder.models, `${model}.onnx`)
    unwrap(await writeModel(file, bytes))
    const { labels, sampleRate, clipSeconds, parameters, metrics, precision } = unwrap(await readModel(file))
    unwrap(recordModel(library, { id: model, runId: null, name: 'tones', file, bytes: bytes.length, metadata: { labels, sampleRate, clipSeconds, parameters, metrics, precision } }))
    folder = join(library.folder.root, '..', 'heard')
    mkdirSync(join(folder, 'deep'), { recursive: true })
    writeFileSync(join(folder, 'one.wav'), recording(6, [{ label: 'low', at: 2 }, { label: 'high', at: 4 }]))
    writeFileSync(join(folder, 'deep', 'two.wav'), recording(4, [{ label: 'high', at: 1.5 }], 2))
    writeFileSync(join(folder, 'broken.wav'), 'RIFF and nothing more')
  })
  afterAll(async () => {
    await connected[Symbol.asyncDispose]()
    await test[Symbol.asyncDispose]()
    expect(test.bugs).toEqual([])
  })
  const place = async (path = folder): Promise<string> => unwrap(await test.studio.services.places.admit(path))

  async function judge(path = folder): Promise<{ job: string; events: FilesEvent[] }> {
    const events: FilesEvent[] = []
    for await (const event of await connected.client.detection.files({ model, place: await place(path), hop: 0.1, watch: false, csv: null })) events.push(event)
    const [ready] = events
    if (ready?.type !== 'ready') throw new Error('the first event tells the job')
    return { job: ready.job, events }
  }

  it('judges a folder and those below it, says what failed, and applies thresholds without judging again', async () => {
    const { job, events } = await judge()
    expect(events.filter((e) => e.type === 'file').map((e) => [e.file, e.name])).toEqual([[0, 'deep/two.wav'], [1, 'one.wav']])
    expect(events.filter((e) => e.type === 'failed')).toMatchObject([{ name: 'broken.wav', message: expect.stringMatching(/./) }])
    expect(events.some((e) => e.type === 'progress')).toBe(true)
    const list = async (changes: Partial<DetectSettings> = {}) => (await connected.client.detection.list({ job, settings: { ...SETTINGS, ...changes } })).detections
    const found = await list()
    expect(found.map((d) => [d.file, d.label])).toEqual([[0, 'high'], [1, 'low'], [1, 'high']])
    for (const [i, at] of [1.65, 2.15, 4.15].entries()) expect(Math.abs((found[i]!.start + found[i]!.end) / 2 - at)).toBeLessThan(0.1)
    // Settings of one label leave the others alone.
    expect((await list({ thresholds: { high: 1 } })).map((d) => d.label)).toEqual(['low'])
    expect((await list({ smoothings: { low: 100 } })).map((d) => d.label)).toEqual(['high', 'high'])
    expect(await list({ threshold: 1 })).toEqual([])
    // The command line says the same of the same file.
    const report = unwrap(await recogniseFiles(file, [join(folder, 'one.wav')], { stream: true }))
    const [said] = report.recognitions
    expect(said?.kind === 'stream' && said.detections).toEqual(found.slice(1).map(({ file: _f, ...d }) => d))
  })

  it('writes CSV, Audacity labels and Raven selections', async () => {
    const { job } = await judge()
    const text = async (format: 'csv' | 'audacity' | 'raven') => (await connected.client.detection.export({ job, settings: SETTINGS, format })).text
    expect((await text('csv')).split('\r\n')).toHaveLength(5)
    expect((await text('audacity')).trim().split('\n').map((line) => line.split('\t')[2])).toEqual(['high', 'low', 'high'])
    expect((await text('raven')).split('\n')[0]).toContain('Begin Time (s)')
  })

  it('gives the sound of a detection with its surroundings, and keeps it as a clip', async () => {
    const { job } = await judge()
    const answer = await test.studio.answer(new Request(`http://x${detectedSoundUrl({ job, file: 1, start: 1.5, end: 2.75 })}`))
    expect(answer.status).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBe(44 + 2 * 1.25 * RATE)
    for (const wrong of [{ job, file: 9, start: 0, end: 1 }, { job: 'A'.repeat(22), file: 0, start: 0, end: 1 }]) expect((await test.studio.answer(new Request(`http://x${detectedSoundUrl(wrong)}`))).status).toBe(404)
    expect((await test.studio.answer(new Request(`http://x${detectedSoundUrl({ job, file: 1, start: 2, end: 2 })}`))).status).toBe(400)
    const kept = await connected.client.detection.keep({ job, file: 1, start: 2, end: 2.4, dataset: 'corrections', label: 'low' })
    expect(kept).toMatchObject({ added: true })
    const dataset = (await connected.client.datasets.list()).find((d) => d.name === 'corrections')!
    const { clips } = await connected.client.clips.page({ filter: everything(dataset.id), sort: { by: 'name', descending: false }, offset: 0, limit: 10 })
    expect(clips.map((c) => [c.name, c.seconds])).toEqual([['one-2.00.wav', 0.4]])
    await connected.client.detection.close({ job })
    await expect(connected.client.detection.list({ job, settings: SETTINGS })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('watches a folder: half-written files are waited for, deletion and a new file of the same name are survived, rows are added to a table', async () => {
    const watched = join(folder, '..', 'watched')
    mkdirSync(watched, { recursive: true })
    const whole = recording(4, [{ label: 'low', at: 1.5 }])
    const events: FilesEvent[] = []
    const stop = new AbortController()
    const heard = async (count: number) => {
      while (events.filter((e) => e.type === 'file').length < count) await sleep(50)
    }
    const watching = (async () => {
      for await (const event of await connected.client.detection.files({ model, place: await place(watched), hop: 0.1, watch: true, csv: SETTINGS }, { signal: stop.signal })) events.push(event)
    })().catch(() => undefined)
    while (!events.some((e) => e.type === 'watching')) await sleep(50)
    // A recorder that writes for some seconds.
    const path = join(watched, 'night.wav')
    writeFileSync(path, whole.subarray(0, 20_000))
    for (let at = 20_000; at < whole.length; at += 20_000) {
      await sleep(400)
      appendFileSync(path, whole.subarray(at, at + 20_000))
    }
    await heard(1)
    expect(events.filter((e) => e.type === 'file' || e.type === 'failed')).toMatchObject([{ type: 'file', name: 'night.wav', seconds: 4 }])
    rmSync(path)
    writeFileSync(join(watched, 'other.wav'), recording(3, [{ label: 'high', at: 1 }], 3))
    await heard(2)
    rmSync(watched, { recursive: true })
    await sleep(2500)
    mkdirSync(watched)
    writeFileSync(path, whole)
    await heard(3)
    stop.abort()
    await watching
    // The folder that came back has a table of its own.
    expect(readFileSync(join(watched, 'espectro-detections.csv'), 'utf8')).toMatch(/^file,start,end,label,probability\r\nnight\.wav,[\d.]+,[\d.]+,low,[\d.]+\r\n$/)
  })

  it('calibrates on a recording with labels, and on background', async () => {
    const session = join(folder, '..', 'session')
    mkdirSync(session, { recursive: true })
    // The high tone at 20 s is in no label: a false accept at every threshold that it reaches; that at 30 s was labelled with nothing there.
    writeFileSync(join(session, 'long.wav'), recording(40, [{ label: 'low', at: 5 }, { label: 'low', at: 10 }, { label: 'high', at: 15 }, { label: 'high', at: 20 }]))
    writeFileSync(join(session, 'long.txt'), '5.0\t5.3\tlow\n10.0\t10.3\tlow\n15.0\t15.3\thigh\n30.0\t30.3\thigh\n33\t34\tbird\n')
    const calibrate = async (background: boolean) => {
      let result: Extract<CalibrationEvent, { type: 'result' }> | undefined
      for await (const event of await connected.client.detection.calibrate({ model, source: { from: 'place', place: await place(session), background }, hop: 0.1, tolerance: 0.25 })) if (event.type === 'result') result = event
      return result!
    }
    const labelled = await calibrate(false)
    expect(labelled).toMatchObject({ recordings: 1, seconds: 40, foreign: ['bird'] })
    const at = (label: string, result = labelled) => {
      const curve = result.curves.find((c) => c.label === label && c.smoothing === 3)!
      return { events: curve.events, ...curve.points.find((p) => p.threshold === 0.5)! }
    }
    expect(at('low')).toEqual({ events: 2, threshold: 0.5, falseAccepts: 0, falseRejects: 0 })
    expect(at('high')).toEqual({ events: 2, threshold: 0.5, falseAccepts: 1, falseRejects: 1 })
    const silent = await calibrate(true)
    expect(at('low', silent)).toEqual({ events: 0, threshold: 0.5, falseAccepts: 2, falseRejects: 0 })
    const empty = connected.client.detection.calibrate({ model, source: { from: 'place', place: await place(join(folder, 'deep')), background: false }, hop: 0.1, tolerance: 0.25 })
    await expect((async () => { for await (const _ of await empty); })()).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('label file') })
  })

  it('offers recordings with several labelled clips as sessions, and calibrates on one', async () => {
    const { client } = connected
    const recordings = join(folder, '..', 'said')
    mkdirSync(recordings, { recursive: true })
    writeFileSync(join(recordings, 'low_ana_0.wav'), recording(12, [{ label: 'low', at: 2 }, { label: 'low', at: 5 }, { label: 'high', at: 8 }], 4))
    writeFileSync(join(recordings, 'high_ana_1.wav'), recording(1, [{ label: 'high', at: 0.3 }], 5))
    const dataset = await importWords(client, recordings)
    expect(await client.detection.sessions({ dataset })).toEqual([])
    const { clips } = await client.clips.page({ filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 10 })
    const [high, long] = clips as [Clip, Clip]
    const add = (label: number | null, ...at: number[]) =>
      client.regions.create({ dataset, recording: long.recording, label, spans: at.map((second) => ({ start: second * RATE, end: (second + 0.3) * RATE })) })
    // With the whole recording, which is a clip too, these would be three: but one has no label.
    await add(long.label, 2)
    await add(null, 11)
    expect(await client.detection.sessions({ dataset })).toEqual([])
    await add(long.label, 5)
    await add(high.label, 8)
    expect(await client.detection.sessions({ dataset })).toEqual([{ recording: long.recording, name: 'low_ana_0.wav', clips: 4 }])
    let result: Extract<CalibrationEvent, { type: 'result' }> | undefined
    for await (const event of await client.detection.calibrate({ model, source: { from: 'recording', dataset, recording: long.recording }, hop: 0.1, tolerance: 0.25 })) if (event.type === 'result') result = event
    const at = (label: string) => {
      const curve = result!.curves.find((c) => c.label === label && c.smoothing === 3)!
      return { events: curve.events, ...curve.points.find((p) => p.threshold === 0.5)! }
    }
    expect(at('high')).toEqual({ events: 1, threshold: 0.5, falseAccepts: 0, falseRejects: 0 })
    // The clip of the whole recording is an event as well; both detections lie within it and within their own.
    expect(at('low')).toEqual({ events: 3, threshold: 0.5, falseAccepts: 0, falseRejects: 1 })
  })

  it('remembers a working point, and writes it into a copy of the file, which brings it along', async () => {
    const point = { threshold: 0.55, smoothing: 0.3, labels: { high: { threshold: 1, smoothing: 0.1 } } }
    const before = connected.client.detection
    expect(await before.workingPoint({ model })).toBeNull()
    expect(await before.setWorkingPoint({ model, point, inFile: false })).toEqual({ model })
    expect(await before.workingPoint({ model })).toEqual(point)
    const { model: other } = await before.setWorkingPoint({ model, point, inFile: true })
    expect(other).not.toBe(model)
    const copy = join(test.studio.services.library.folder.models, `${other}.onnx`)
    expect(unwrap(await readModel(copy)).workingPoint).toEqual(point)
    expect(unwrap(await readModel(file)).workingPoint).toBeNull()
    // The command line starts from it: `high` never reaches 1.
    const labelsOf = async (path: string, options = {}) =>
      unwrap(await recogniseFiles(path, [join(folder, 'one.wav')], { stream: true, ...options })).recognitions.flatMap((r) => (r.kind === 'stream' ? r.detections.map((d) => d.label) : []))
    expect(await labelsOf(file)).toEqual(['low', 'high'])
    expect(await labelsOf(copy)).toEqual(['low'])
    expect(await labelsOf(copy, { thresholds: {}, threshold: 0.5 })).toEqual(['low', 'high'])
    await before.setWorkingPoint({ model, point: null, inFile: false })
    expect(await before.workingPoint({ model })).toBeNull()
  })

  it('the microphone, a file and the exported file give the same scores', async () => {
    const parity = await connected.client.detection.parity({ model })
    expect(parity.windows).toBeGreaterThan(20)
    for (const difference of [parity.microphoneAndFile, parity.microphoneAndModel, parity.fileAndModel]) expect(difference).toBeLessThanOrEqual(parity.limit)
    expect(parity.limit).toBe(1e-4)
    // Microphone and file share frames, which the exported file cannot; and a way that is one window late would be found.
    expect(parity.shared).toBe(true)
    expect(parity.oneHopLate).toBeGreaterThan(0.1)
  })
})
