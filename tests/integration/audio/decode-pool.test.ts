import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDecodePool, encodeWav, probeAudio } from '../../../src-main/audio/index.ts'
import { hashBytes, unwrap } from '../../../src-main/kit/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'espectro-audio-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ramp = Float32Array.from({ length: 1000 }, (_, i) => i / 1024)
const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}
const bytes = encodeWav(ramp, 8000)
const good = file('good.wav', bytes)
const workerEntry = new URL('./bad-worker.ts', import.meta.url)

describe('a decode pool', () => {
  it('decodes, cuts spans at the own rate of the file, resamples, probes and inspects', async () => {
    await using pool = createDecodePool({ workers: 2 })
    expect(unwrap(await pool.decode({ path: good, sampleRate: null }))).toEqual({ samples: ramp, sampleRate: 8000 })
    const span = unwrap(await pool.decode({ path: good, sampleRate: 8000, startSample: 200, endSample: 300 }))
    expect(span.samples).toEqual(ramp.slice(200, 300))
    const doubled = unwrap(await pool.decode({ path: good, sampleRate: 16_000, startSample: 200, endSample: 300 }))
    expect(doubled).toMatchObject({ sampleRate: 16_000, samples: { length: 200 } })
    const info = { container: 'wav', codec: 'pcm_s16le', sampleRate: 8000, channels: 1, frames: 1000, durationSeconds: 0.125 }
    expect(unwrap(await pool.probe(good))).toEqual(info)
    expect(unwrap(await probeAudio(good))).toEqual(info)
    expect(unwrap(await pool.inspect(good))).toEqual({ sha256: hashBytes(bytes), bytes: bytes.length, info })
  })

  it('measures a whole file from frame to frame, in pieces and in one', async () => {
    await using pool = createDecodePool({ workers: 1 })
    // Longer than a piece: a second of silence, a second of sound, over and over.
    const long = Float32Array.from({ length: 700_000 }, (_, i) => (Math.floor(i / 8000) % 2 === 0 ? 0 : Math.sin(i) / 2))
    const measured = unwrap(await pool.measure(file('long.wav', encodeWav(long, 8000))))
    expect(measured).toMatchObject({ sampleRate: 8000, frames: 700_000, hop: 80 })
    expect(measured.levels).toHaveLength(8750)
    for (const at of [50, 6650, 8650]) expect(measured.levels[at]).toBe(-120)
    // The frame over the border of the two pieces, at 524,288 samples, is like its neighbours.
    for (const at of [150, 6550, 6553, 6554, 8550]) expect(measured.levels[at]).toBeCloseTo(20 * Math.log10(0.5 / Math.SQRT2), 0)
    const coded = unwrap(await pool.measure(join(import.meta.dirname, '../../fixtures/audio/mono16k.flac')))
    expect(coded.levels).toHaveLength(Math.ceil(coded.frames / 160))
    const bad = await pool.measure(file('short.wav', bytes.slice(0, 500)))
    expect(bad).toMatchObject({ ok: false, error: { code: 'AUDIO_TRUNCATED', file: join(folder, 'short.wav') } })
  })

  it('gives each bad file its own error and goes on', async () => {
    await using pool = createDecodePool({ workers: 2 })
    const paths = [good, join(folder, 'absent.wav'), folder, file('empty.wav', new Uint8Array(0)), file('cut.wav', bytes.slice(0, 500)), file('text.wav', Buffer.from('hello\n')), good]
    const codes: string[] = []
    for await (const result of pool.inspectAll(paths)) {
      codes.push(result.ok ? 'fine' : result.error.code)
      if (!result.ok) expect(result.error.file).toBe(paths[codes.length - 1])
    }
    expect(codes).toEqual(['fine', 'NOT_FOUND', 'IO', 'AUDIO_EMPTY', 'AUDIO_TRUNCATED', 'AUDIO_UNSUPPORTED', 'fine'])
  })

  it('finds NaN in float files when it inspects', async () => {
    await using pool = createDecodePool({ workers: 1 })
    const result = await pool.inspect(file('nan.wav', encodeWav(Float32Array.of(0, Number.NaN), 8000, 'float32')))
    expect(result.ok ? 'fine' : result.error.message).toBe('1 sample is not finite (NaN or infinity)')
  })

  it('keeps the order of many requests, and does not run ahead of a slow reader', async () => {
    await using pool = createDecodePool({ workers: 2, workerEntry })
    let begun = 0
    const requests = function* () {
      for (let i = 1; i <= 200; i++) {
        begun = i
        yield { path: 'x'.repeat(i), sampleRate: null }
      }
    }
    let expected = 1
    for await (const result of pool.decodeAll(requests())) {
      expect(unwrap(result).samples.length).toBe(expected++)
      expect(begun - expected).toBeLessThan(20)
    }
    expect(expected).toBe(201)
  })

  it('uses all its threads', async () => {
    await using pool = createDecodePool({ workers: 2, workerEntry })
    const seen = new Set<number>()
    for (const result of await Promise.all(Array.from({ length: 50 }, () => pool.decode({ path: 'x', sampleRate: null }))))
      seen.add(unwrap(result).samples[0]!)
    expect(seen.size).toBe(2)
  })

  it.each(['throw', 'exit', 'hang'])('makes a decoder that does %s one error, replaces it, and does the others', async (how) => {
    // Only what hangs is waited for; a new thread may take a second or more to start on a busy machine.
    await using pool = createDecodePool({ workers: 1, workerEntry, timeLimit: how === 'hang' ? 5000 : 60_000 })
    const names = ['a', 'b', how, 'c', 'd', how, 'e']
    const results = await Promise.all(names.map((path) => pool.decode({ path, sampleRate: null })))
    for (const [i, result] of results.entries()) {
      if (names[i] !== how) expect(unwrap(result).samples).toHaveLength(1)
      else if (result.ok) throw new Error('decoded')
      else expect(result.error).toMatchObject({ code: 'WORKER_DIED', file: how, hint: expect.any(String) as string })
    }
  })

  it('answers CANCELLED at once when aborted, before and during the work', async () => {
    await using pool = createDecodePool({ workers: 1, workerEntry, timeLimit: 60_000 })
    const controller = new AbortController()
    const { signal } = controller
    const results = ['hang', 'a', 'b'].map((path) => pool.decode({ path, sampleRate: null }, { signal }))
    setTimeout(() => controller.abort(), 50)
    for (const result of [...(await Promise.all(results)), await pool.decode({ path: 'c', sampleRate: null }, { signal })])
      expect(result.ok ? 'decoded' : result.error.code).toBe('CANCELLED')
  })

  it('is not held up by a cancelled job that hangs: its thread is replaced', async () => {
    await using pool = createDecodePool({ workers: 1, workerEntry, timeLimit: 60_000 })
    const controller = new AbortController()
    const hanging = pool.decode({ path: 'hang', sampleRate: null }, { signal: controller.signal })
    const waiting = pool.decode({ path: 'fine', sampleRate: null })
    setTimeout(() => controller.abort(), 50)
    expect((await hanging).ok).toBe(false)
    expect(unwrap(await waiting).samples).toHaveLength(4)
  })

  it('settles what is left when it is disposed, and refuses more', async () => {
    const pool = createDecodePool({ workers: 1, workerEntry })
    const left = ['hang', 'a', 'b'].map((path) => pool.decode({ path, sampleRate: null }))
    await pool[Symbol.asyncDispose]()
    for (const result of [...(await Promise.all(left)), await pool.decode({ path: 'c', sampleRate: null })])
      expect(result.ok ? 'decoded' : result.error.code).toBe('CANCELLED')
  })

  it('leaves no thread and no timer behind', async () => {
    const living = () => process.getActiveResourcesInfo().filter((r) => /MessagePort|Worker/.test(r)).length
    const before = living()
    for (let i = 0; i < 3; i++) {
      await using pool = createDecodePool({ workers: 2 })
      await Promise.all([pool.probe(good), pool.probe(good)])
    }
    expect(living()).toBe(before)
  })
})
