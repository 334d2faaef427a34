/**
 * The columns of spectrogram tiles against librosa (tiles.json, made by make-reference.py), from a WAV file through
 * the process that draws them, and the very numbers of the front end's power spectrogram.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDecodePool, encodeWav } from '../../../src-main/audio/index.ts'
import { createFrontEndModel, frontEndShape, parseFrontEnd } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createPictures, createStftModel, gatherWindows, type StftGraph } from '../../../src-main/pictures/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'

interface Packed {
  readonly shape: readonly number[]
  readonly float32: string
}
interface Case {
  readonly window: StftGraph['window']
  readonly size: number
  readonly fft_size: number
  readonly hop: number
  readonly windows: number
  readonly power: Packed
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'tiles.json'), 'utf8')) as {
  readonly rate: number
  readonly signal: Packed
  readonly cases: Readonly<Record<string, Case>>
}
const numbers = ({ float32 }: Packed): Float32Array => {
  const bytes = Uint8Array.from(Buffer.from(float32, 'base64'))
  return new Float32Array(bytes.buffer)
}
const signal = numbers(reference.signal)
const silent = { read: (start: number, end: number) => Float32Array.from({ length: end - start }, (_, i) => signal[start + i] ?? 0) }

const folder = mkdtempSync(join(tmpdir(), 'espectro-tiles-'))
const path = join(folder, 'signal.wav')
writeFileSync(path, encodeWav(signal, reference.rate))
const pool = createDecodePool({ workers: 1 })
const pictures = createPictures({ pool, cache: join(folder, 'cache'), peaks: { bucket: 256, factor: 4 } })
afterAll(async () => {
  await pictures[Symbol.asyncDispose]()
  await pool[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(Object.entries(reference.cases))('%s', (_, { window, size, fft_size: fftSize, hop, windows, power: packed }) => {
  const power = numbers(packed)
  const columns = packed.shape[0]!
  const graph = { window, size, fftSize, windows, floor: -120, step: 0.5 }
  const plan = { first: 0, columns, hop, windows, size }

  it('has the power that librosa finds', async () => {
    await using session = unwrap(await createSession(createStftModel(graph), { device: 'cpu' }))
    const frames = gatherWindows(silent, plan, 0, columns)
    const run = await session.run({ frames: tensor(frames, [columns * windows, size]) }, ['power'])
    const made = floats(run['power']!)
    expect(made).toHaveLength(power.length)
    const largest = power.reduce((a, b) => Math.max(a, b), 0)
    for (const [i, wanted] of power.entries()) expect(Math.abs(made[i]! - wanted)).toBeLessThanOrEqual(1e-6 * largest + 1e-5 * wanted)
  })

  it('reaches the window as bytes within half a step of it', async () => {
    const source = { id: 'a'.repeat(64), path, container: 'wav', sampleRate: reference.rate, frames: signal.length }
    const bytes = unwrap(await pictures.tiles.tile(source, graph, plan))
    expect(bytes).toHaveLength(power.length)
    for (const [i, wanted] of power.entries()) {
      const level = Math.max(-120, 10 * Math.log10(wanted))
      // What lies in the runtime's rounding, a hundred dB below full scale, may fall on either side.
      expect(Math.abs(bytes[i]! / 2 - 120 - level)).toBeLessThanOrEqual(level > -100 ? 0.2501 : 1)
    }
  })
})

it('is the front end\'s power spectrogram, but for the scale of the window', async () => {
  const config = unwrap(parseFrontEnd({ version: 1, kind: 'spectrogram', sampleRate: 8000, clip: { seconds: signal.length / 8000 }, frames: { windowMs: 32, hopMs: 8, padding: 'zero' } }))
  const [, bins, columns] = frontEndShape(config)
  await using frontEnd = unwrap(await createSession(createFrontEndModel(config), { device: 'cpu' }))
  const features = floats((await frontEnd.run({ waveform: tensor(signal, [1, signal.length]) }, ['features']))['features']!)
  const graph = { window: 'hann', size: 256, fftSize: 256, windows: 1, floor: -120, step: 0.5 } as const
  await using stft = unwrap(await createSession(createStftModel(graph), { device: 'cpu' }))
  const frames = gatherWindows(silent, { first: 0, columns, hop: 64, windows: 1, size: 256 }, 0, columns)
  const made = floats((await stft.run({ frames: tensor(frames, [columns, 256]) }, ['power']))['power']!)
  const scale = (2 / 128) ** 2
  for (let c = 0; c < columns; c++)
    for (let b = 0; b < bins; b++) expect(made[c * bins + b]).toBeCloseTo(features[b * columns + c]! * scale, 6)
})
