import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom, ok, unwrap } from '../../../src-main/kit/index.ts'
import { encodeWav } from '../../../src-main/audio/index.ts'
import { writeModel } from '../../../src-main/models/index.ts'
import { recogniseFiles, scoreRecording, startModelProcess, type RecogniseProgress } from '../../../src-main/recognition/index.ts'
import { addTone, toneFrequency, toneModel } from '../../support/tone-model.ts'

const folder = mkdtempSync(join(tmpdir(), 'espectro-recognise-'))
const modelPath = join(folder, 'tones.onnx')
const at = (name: string) => join(folder, name)

function noise(seconds: number, sampleRate: number, seed = 1): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => 0.0005 * random.normal())
}

/** A clip of noise with one tone in its middle. */
function clip(kind: keyof typeof toneFrequency, sampleRate: number): Float32Array {
  const samples = noise(1, sampleRate)
  addTone(samples, sampleRate, toneFrequency[kind], 0.35, 0.3)
  return samples
}

beforeAll(async () => {
  unwrap(await writeModel(modelPath, toneModel()))
  writeFileSync(at('low.wav'), encodeWav(clip('low', 16_000), 16_000))
  writeFileSync(at('high.wav'), encodeWav(clip('high', 44_100), 44_100, 'float32'))
  writeFileSync(at('corrupt.wav'), 'RIFF, and nothing more')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('clips', () => {
  it('each gets its label, at any sample rate, in the order given; unreadable files are reported', async () => {
    const seen: RecogniseProgress[] = []
    const files = [at('high.wav'), at('corrupt.wav'), at('missing.wav'), at('low.wav')]
    const report = unwrap(await recogniseFiles(modelPath, files, {}, { onProgress: (p) => seen.push(p) }))
    expect(report.recognitions.map((r) => [r.file, r.kind === 'clip' && r.label])).toEqual([
      [at('high.wav'), 'high'],
      [at('low.wav'), 'low'],
    ])
    const [first] = report.recognitions
    if (first?.kind !== 'clip') throw new Error('a clip was expected')
    expect(first.probability).toBeGreaterThan(0.9)
    expect(Object.values(first.scores).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    expect(first.scores['high']).toBe(first.probability)
    expect(report.failed.map((f) => f.file)).toEqual([at('corrupt.wav'), at('missing.wav')])
    expect(report.failed[1]!.code).toBe('NOT_FOUND')
    expect(seen.map((p) => [p.done, p.total, p.result.file])).toEqual(files.map((file, i) => [i + 1, 4, file]))
    expect(report.model).toMatchObject({ name: 'tones', sampleRate: 16_000 })
  })

  it('cancelling ends it with CANCELLED', async () => {
    const controller = new AbortController()
    const files = Array.from({ length: 50 }, () => at('low.wav'))
    const result = await recogniseFiles(modelPath, files, {}, { signal: controller.signal, onProgress: () => controller.abort() })
    expect(result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  })

  it('a file that is no model is an error with its name', async () => {
    expect(await recogniseFiles(at('low.wav'), [at('low.wav')])).toMatchObject({ ok: false, error: { code: 'MODEL_INVALID', file: at('low.wav') } })
    expect(await recogniseFiles(at('nothing.onnx'), [])).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(await recogniseFiles(modelPath, [], { threshold: 2 })).toMatchObject({ ok: false, error: { code: 'USAGE' } })
  })
})

describe('streams', () => {
  /** Long enough to be read in pieces of a minute; one tone lies across the first border. */
  const tones = [
    { label: 'low', start: 3.2 },
    { label: 'high', start: 20 },
    { label: 'low', start: 59.85 },
    { label: 'high', start: 61.5 },
    { label: 'low', start: 119.3 },
    { label: 'high', start: 140 },
  ] as const
  const rate = 22_050
  const samples = noise(141, rate)
  for (const { label, start } of tones) addTone(samples, rate, toneFrequency[label], start, 0.3)

  it('finds every tone with its label and time, and nothing else', async () => {
    writeFileSync(at('long.wav'), encodeWav(samples, rate))
    const report = unwrap(await recogniseFiles(modelPath, [at('long.wav')], { stream: true }))
    const [result] = report.recognitions
    if (result?.kind !== 'stream') throw new Error('a stream was expected')
    expect(result.duration).toBeCloseTo(141, 1)
    expect(result.detections.map((d) => d.label)).toEqual(tones.map((t) => t.label))
    for (const [i, { start }] of tones.entries()) {
      const { start: s, end: e } = result.detections[i]!
      expect(Math.abs((s + e) / 2 - (start + 0.15)), `tone ${i}`).toBeLessThan(0.1)
    }
  })

  it('pieces of any size give the scores of the whole', async () => {
    await using model = unwrap(await startModelProcess(modelPath, { threads: 1 }))
    const part = samples.subarray(0, 8 * 16_000)
    const options = { hop: 0.07, gate: 10 }
    const whole = unwrap(await scoreRecording(model, [ok(part)], options))
    for (const size of [1_000, 16_256, 40_001]) {
      const pieces = Array.from({ length: Math.ceil(part.length / size) }, (_, i) => ok(part.subarray(i * size, (i + 1) * size)))
      const pieced = unwrap(await scoreRecording(model, pieces, options))
      expect({ ...pieced, scores: [] }).toEqual({ ...whole, scores: [] })
      // Batches of other sizes round differently in the last digits.
      expect(pieced.scores).toHaveLength(whole.scores.length)
      expect(Math.max(...pieced.scores.map((p, i) => Math.abs(p - whole.scores[i]!)))).toBeLessThan(1e-6)
    }
    // 0.07 s are 4.4 frames of the front end; windows start on whole ones.
    expect(whole.hop).toBe(1024 / 16_000)
    expect(whole.windows).toBe(1 + Math.ceil((part.length - 16_256) / 1024))
  })

  it('a recording shorter than a window is one window, judged as a clip is', async () => {
    await using model = unwrap(await startModelProcess(modelPath))
    const short = clip('high', 16_000).subarray(3_000, 13_000)
    const track = unwrap(await scoreRecording(model, [ok(short)], { hop: 0.1, gate: null }))
    expect(track).toMatchObject({ windows: 1, duration: 0.625, length: 0.625 })
    expect([...track.scores]).toEqual([...unwrap(await model.classify(short))])
    expect(await scoreRecording(model, [], { hop: 0.1, gate: null })).toMatchObject({ ok: false, error: { code: 'AUDIO_EMPTY' } })
  })

  it('the gate keeps quiet windows from having a say', async () => {
    await using model = unwrap(await startModelProcess(modelPath))
    const gated = unwrap(await scoreRecording(model, [ok(noise(3, 16_000))], { hop: 0.1, gate: 10 }))
    expect(gated.scores.every((p) => p === 0)).toBe(true)
    const open = unwrap(await scoreRecording(model, [ok(noise(3, 16_000))], { hop: 0.1, gate: null }))
    expect(open.scores.some((p) => p > 0)).toBe(true)
  })

  it('windows that the gate lets through have the scores that they have without it; only those are judged', async () => {
    await using model = unwrap(await startModelProcess(modelPath, { threads: 1 }))
    let judged = 0
    const counted = { ...model, slide: (request: Parameters<typeof model.slide>[0]) => ((judged += request.windows), model.slide(request)) }
    const resampled = noise(30, 16_000)
    for (const start of [4, 12.1, 25.7]) addTone(resampled, 16_000, toneFrequency.low, start, 0.3)
    const open = unwrap(await scoreRecording(model, [ok(resampled)], { hop: 0.1, gate: null }))
    // In pieces, so that active windows lie across their borders.
    const pieces = Array.from({ length: 10 }, (_, i) => ok(resampled.subarray(i * 48_700, (i + 1) * 48_700)))
    const gated = unwrap(await scoreRecording(counted, pieces, { hop: 0.1, gate: 10 }))
    const { windows } = gated
    const rows = (scores: Float32Array) => Array.from({ length: windows }, (_, w) => [...scores.subarray(3 * w, 3 * w + 3)])
    const active = rows(gated.scores).flatMap((row, w) => (row.some((p) => p > 0) ? [w] : []))
    // The tone is in the middle half of eight windows or so.
    expect(active.length).toBeGreaterThanOrEqual(3 * 6)
    expect(judged).toBeLessThan(2 * active.length)
    for (const w of active) for (const [i, p] of rows(open.scores)[w]!.entries()) expect(Math.abs(p - rows(gated.scores)[w]![i]!)).toBeLessThan(1e-6)
  })
})

describe('the process', () => {
  it('its death is an error, at once and for whatever is asked later', async () => {
    await using model = unwrap(await startModelProcess(modelPath))
    const asked = model.slide({ samples: noise(60, 16_000), hop: 16, windows: 10_000 })
    process.kill(model.pid!, 'SIGKILL')
    expect(await asked).toMatchObject({ ok: false, error: { code: 'WORKER_DIED' } })
    expect(model.ended?.code).toBe('WORKER_DIED')
    expect(await model.classify(noise(1, 16_000))).toMatchObject({ ok: false, error: { code: 'WORKER_DIED' } })
  })

  it('a request over its time limit ends the process with a reason', async () => {
    await using model = unwrap(await startModelProcess(modelPath, { runLimit: 50 }))
    const late = await model.slide({ samples: noise(60, 16_000), hop: 16, windows: 50_000 })
    expect(late).toMatchObject({ ok: false, error: { code: 'MODEL_REFUSED', message: expect.stringContaining('took longer') } })
  })

  it('disposing ends the process', async () => {
    const model = unwrap(await startModelProcess(modelPath))
    const pid = model.pid!
    await model[Symbol.asyncDispose]()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})
