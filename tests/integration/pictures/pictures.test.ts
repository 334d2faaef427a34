import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDecodePool, decodeAudio, encodeWav, sampleExtremes, type DecodePool } from '../../../src-main/audio/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createBoundedFolder, createByteCache, createPictures, type MeasureProgress, type Pictures, type PictureSource } from '../../../src-main/pictures/index.ts'

const RATE = 8000
let folder: string
let pool: DecodePool
let pictures: Pictures
const open = (): Pictures => createPictures({ pool, cache: join(folder, 'cache'), peaks: { bucket: 256, factor: 4 } })
const sourceOf = (name: string, frames: number, container = 'wav'): PictureSource =>
  ({ id: Buffer.from(name.padEnd(32)).toString('hex').slice(0, 64), path: join(folder, name), container, sampleRate: RATE, frames })

/** Silence but for one sample. */
const CLICK = 3_456_789
const LENGTH = 5_000_000
const click = (): PictureSource => sourceOf('click.wav', LENGTH)
const graph = { window: 'hann', size: 256, fftSize: 256, windows: 1, floor: -120, step: 0.5 } as const

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-pictures-'))
  const samples = new Float32Array(LENGTH)
  samples[CLICK] = 1
  writeFileSync(join(folder, 'click.wav'), encodeWav(samples, RATE))
  pool = createDecodePool({ workers: 2 })
  pictures = open()
})
afterAll(async () => {
  await pictures[Symbol.asyncDispose]()
  await pool[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('peaks', () => {
  it('grow from the start of the recording, and end with all of it', async () => {
    const steps: MeasureProgress[] = []
    for await (const step of pictures.peaks.measure(click())) steps.push(unwrap(step))
    expect(steps.at(-1)).toEqual({ stage: 'done', done: LENGTH, total: LENGTH })
    expect(steps.length).toBeGreaterThan(3)
    expect(steps.map((s) => s.done)).toEqual(steps.map((s) => s.done).toSorted((a, b) => a - b))
    for (const [level, bucket] of [[0, 256], [2, 4096], [4, 65_536]] as const) {
      const { pairs, whole } = unwrap(await pictures.peaks.pairs(click(), level, 0, 1e6))!
      expect(whole).toBe(true)
      const loud = [...pairs.keys()].filter((i) => pairs[i] !== 0)
      expect(loud).toEqual([2 * Math.floor(CLICK / bucket) + 1])
    }
  })

  it('are read from the disk the next time, and measured again where that is damaged', async () => {
    const cached = join(folder, 'cache', 'peaks')
    await expect.poll(() => readdirSync(cached).filter((name) => !name.endsWith('.part'))).toHaveLength(1)
    const file = join(cached, readdirSync(cached)[0]!)
    const first = async (): Promise<MeasureProgress> => {
      await using again = open()
      for await (const step of again.peaks.measure(click())) return unwrap(step)
      throw new Error('no step')
    }
    expect((await first()).done).toBe(LENGTH)
    const bytes = readFileSync(file)
    bytes[1000]! ^= 1
    writeFileSync(file, bytes)
    expect((await first()).done).toBeLessThan(LENGTH)
  })

  it('say what is wrong with a file, and try again when they are asked again', async () => {
    const source = sourceOf('missing.wav', 1000)
    const failed = async (): Promise<string | undefined> => {
      for await (const step of pictures.peaks.measure(source)) if (!step.ok) return step.error.code
      return undefined
    }
    expect(await failed()).toBe('NOT_FOUND')
    writeFileSync(source.path, encodeWav(new Float32Array(1000).fill(0.5), RATE))
    expect(await failed()).toBeUndefined()
    expect(unwrap(await pictures.peaks.pairs(source, 0, 0, 1))?.pairs[1]).toBe(16384)
  })

  it('of a compressed file are those of its decoded copy, which is made once', async () => {
    const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'audio', 'mono16k.flac')
    const sound = unwrap(await decodeAudio(readFileSync(fixture), 'x')).channels[0]!
    const source = { ...sourceOf('x.flac', sound.length, 'flac'), path: fixture, sampleRate: 16_000 }
    for await (const step of pictures.peaks.measure(source)) unwrap(step)
    const { pairs } = unwrap(await pictures.peaks.pairs(source, 0, 0, 1e6))!
    const wanted = sampleExtremes(sound, 256)
    expect(pairs).toHaveLength(wanted.length)
    for (const [i, value] of pairs.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1)
    const copy = unwrap(await pictures.copies.path(source))
    const made = statSync(copy).ino
    expect(unwrap(await pictures.copies.path(source))).toBe(copy)
    expect(statSync(copy).ino).toBe(made)
    expect(unwrap(await pictures.copies.path(click()))).toBe(click().path)
  })
})

describe('tiles', () => {
  it.each([0, 1, 2, 3])('of level %d show a click in its column', async (level) => {
    const hop = 64 * 2 ** level
    const windows = Math.min(8, 2 ** level)
    const first = Math.floor(CLICK / hop) - 100
    const tile = unwrap(await pictures.tiles.tile(click(), { ...graph, windows }, { first, columns: 256, hop, windows, size: 256 }))
    const loudest = Array.from({ length: 256 }, (_, c) => tile.subarray(129 * c, 129 * (c + 1)).reduce((a, b) => Math.max(a, b), 0))
    const column = loudest.indexOf(Math.max(...loudest))
    expect(Math.abs((first + column) * hop - CLICK)).toBeLessThanOrEqual(hop / 2)
    // Beyond the windows that hold it there is silence.
    for (const [c, level] of loudest.entries()) if (Math.abs((first + c) * hop - CLICK) > hop / 2 + 128 + 1) expect(level).toBe(0)
  })

  it('come from memory and from the disk as they were computed', async () => {
    const plan = { first: 54_000, columns: 64, hop: 64, windows: 1, size: 256 }
    const made = unwrap(await pictures.tiles.tile(click(), graph, plan))
    const again = unwrap(await pictures.tiles.tile(click(), graph, plan))
    expect(again).toBe(made)
    await using other = open()
    await expect.poll(() => readdirSync(join(folder, 'cache', 'spectrogram')).filter((name) => !name.endsWith('.part')).length).toBeGreaterThanOrEqual(5)
    const kept = unwrap(await other.tiles.tile({ ...click(), path: join(folder, 'gone.wav') }, graph, plan))
    expect([...kept]).toEqual([...made])
  })

  it('that nobody wants any more are not computed, and a file that is gone is an error of its own', async () => {
    const stop = new AbortController()
    const plans = Array.from({ length: 20 }, (_, i) => ({ first: 256 * i, columns: 256, hop: 64, windows: 1, size: 256 }))
    const results = plans.map((plan) => pictures.tiles.tile(click(), { ...graph, window: 'blackman' }, plan, stop.signal))
    stop.abort()
    const codes = (await Promise.all(results)).map((r) => (r.ok ? 'ok' : r.error.code))
    expect(codes.filter((code) => code === 'CANCELLED').length).toBeGreaterThan(15)
    const gone = await pictures.tiles.tile(sourceOf('never.wav', 1000), graph, plans[0]!)
    expect(gone).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect((await pictures.tiles.tile(click(), { ...graph, window: 'hamming' }, plans[0]!)).ok).toBe(true)
  })
})

describe('the cache on the disk', () => {
  it('keeps to its limit, and what was used last stays', async () => {
    const path = join(folder, 'bounded')
    const cache = createByteCache(path, 5000)
    for (let i = 0; i < 4; i++) await cache.put(`file${i}`, new Uint8Array(1000).fill(i))
    expect(await cache.get('file0')).toEqual(new Uint8Array(1000).fill(0))
    await cache.put('file4', new Uint8Array(1000).fill(4))
    const left = readdirSync(path)
    expect(left.reduce((sum, name) => sum + statSync(join(path, name)).size, 0)).toBeLessThanOrEqual(5000)
    expect(left).toContain('file0')
    expect(left).toContain('file4')
    expect(await cache.get('file1')).toBeNull()
  })

  it('finds what was there before, oldest first, and what a person removed is simply missing', async () => {
    const path = join(folder, 'before')
    const first = createByteCache(path, 1e6)
    for (const name of ['a', 'b', 'c']) await first.put(name, new Uint8Array(1000))
    utimesSync(join(path, 'b'), 1, 1)
    const second = createBoundedFolder(path, 3000)
    writeFileSync(second.path('d'), new Uint8Array(1000))
    await second.added('d')
    expect(readdirSync(path)).not.toContain('b')
    rmSync(join(path, 'd'))
    expect(await second.use('d')).toBe(false)
    writeFileSync(join(path, 'e'), 'x')
    expect(await createByteCache(path, 1e6).get('e')).toBeNull()
  })
})
