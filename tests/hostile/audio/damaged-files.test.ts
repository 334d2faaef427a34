import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudio, encodeWav, type Pcm } from '../../../src-main/audio/index.ts'
import { probeSource } from '../../../src-main/audio/readers.ts'
import { memorySource } from '../../../src-main/audio/byte-source.ts'
import { AppError, createRandom, type Result } from '../../../src-main/kit/index.ts'
import { aiffFile, codeSamples } from '../../unit/audio/make-files.ts'
import { constantFlac } from './constant-flac.ts'
import { signal } from '../../fixtures/audio/signal.ts'

/** A copy: a Buffer's `slice` would share its bytes. */
const fixture = (name: string) => Uint8Array.from(readFileSync(join(import.meta.dirname, '../../fixtures/audio', name)))
const mono = signal(16_000, 0.1)

/** Everything that is decoded without another program. */
const FILES: [string, Uint8Array][] = [
  ['int16.wav', encodeWav(mono, 16_000)],
  ['float32.wav', encodeWav(mono, 16_000, 'float32')],
  ['int16.aiff', aiffFile(codeSamples([mono], 'int', 2, false), { frames: mono.length, sampleRate: 16_000 })],
  ...['mono16k.flac', 'six16k.flac', 'mono16k.mp3', 'plain44k.mp3', 'mono16k.ogg', 'stereo44k.ogg', 'mono16k.opus', 'six16k.opus', 'stereo44k.webm', 'live16k.webm'].map(
    (name): [string, Uint8Array] => [name, fixture(name)],
  ),
]

/** Either sound that can be used or one error that says what is wrong, in words. */
function expectOutcome(result: Result<Pcm>, what: string): void {
  if (result.ok) {
    const { sampleRate, channels } = result.value
    expect(sampleRate, what).toBeGreaterThanOrEqual(1)
    expect(sampleRate, what).toBeLessThanOrEqual(768_000)
    expect(channels.length, what).toBeGreaterThan(0)
    expect(channels[0]!.length, what).toBeGreaterThan(0)
    for (const channel of channels) {
      expect(channel.length, what).toBe(channels[0]!.length)
      expect(channel.every(Number.isFinite), what).toBe(true)
    }
  } else {
    expect(result.error, what).toBeInstanceOf(AppError)
    expect(result.error.code, `${what}: ${result.error.message}\n${String((result.error.cause as Error | undefined)?.stack)}`).toMatch(/^AUDIO_/)
    expect(result.error.message.length, what).toBeGreaterThan(10)
    expect(result.error.hint, what).toBeTypeOf('string')
  }
}

function expectProbe(bytes: Uint8Array, what: string): void {
  try {
    const info = probeSource(memorySource(bytes))
    expect(info.sampleRate, what).toBeGreaterThan(0)
    expect(info.channels, what).toBeGreaterThan(0)
  } catch (error) {
    expect(error, what).toBeInstanceOf(AppError)
  }
}

const startMemory = process.memoryUsage().rss
describe.each(FILES)('%s', (name, whole) => {
  it('cut at many places is an error or shorter sound, and never sound where the format tells', async () => {
    const original = await decodeAudio(whole, name)
    if (!original.ok) throw original.error
    const frames = original.value.channels[0]!.length
    const places = new Set([0, 1, 3, 4, 7, 8, 12, 20, 27, 28, 40, 44, 58, whole.length - 1, whole.length - 2])
    for (let i = 1; i < 40; i++) places.add(Math.floor((i * whole.length) / 40))
    for (const length of places) {
      const what = `${name} cut to ${length} of ${whole.length} bytes`
      const result = await decodeAudio(whole.slice(0, length), name)
      expectOutcome(result, what)
      expectProbe(whole.slice(0, length), what)
      if (result.ok) expect(result.value.channels[0]!.length, what).toBeLessThanOrEqual(frames)
      // A live WebM and an MP3 without a summary have no word on where they end.
      // With one it is true to a frame: encoders differ in whether they count the frame that holds it.
      const slack = name === 'mono16k.mp3' ? 216 : 0
      if (!/live|plain/.test(name) && length < whole.length - slack) expect(result.ok, what).toBe(false)
    }
  })

  it('with flipped bits is an error or sound', async () => {
    const random = createRandom(name)
    for (let round = 0; round < 60; round++) {
      const bytes = whole.slice()
      const flips = 1 + random.int(8)
      const reach = round % 2 === 0 ? bytes.length : Math.min(bytes.length, 120)
      const where = Array.from({ length: flips }, () => random.int(reach))
      for (const at of where) bytes[at] = bytes[at]! ^ (1 << random.int(8))
      const what = `${name}, round ${round}, bits flipped in ${where.join(' ')}`
      expectOutcome(await decodeAudio(bytes, name), what)
      expectProbe(bytes, what)
    }
  })

  it('with a stretch of noise, of zeros, or doubled is an error or sound', async () => {
    const random = createRandom(`${name} stretches`)
    for (let round = 0; round < 20; round++) {
      const at = random.int(whole.length)
      const length = random.int(Math.min(2000, whole.length - at)) + 1
      const noise = Uint8Array.from({ length }, () => random.int(256))
      const kinds = [noise, new Uint8Array(length), whole.slice(at, at + length)]
      for (const [k, stretch] of kinds.entries()) {
        const bytes = k === 2 ? Buffer.concat([whole.slice(0, at), stretch, whole.slice(at)]) : whole.slice()
        if (k < 2) bytes.set(stretch, at)
        expectOutcome(await decodeAudio(bytes, name), `${name}, stretch ${k} of ${length} at ${at}`)
      }
    }
  })
})

describe('what checksums cover', () => {
  it.each(['mono16k.flac', 'mono16k.ogg', 'mono16k.opus'])('every damaged block of %s is an error', async (name) => {
    const whole = fixture(name)
    for (let at = Math.floor(whole.length / 2); at < whole.length - 200; at += 53) {
      const bytes = whole.slice()
      bytes[at] = bytes[at]! ^ 0x10
      const result = await decodeAudio(bytes, name)
      expect(result.ok ? 'decoded' : result.error.code, `byte ${at}`).toMatch(/^AUDIO_(CORRUPT|TRUNCATED)/)
    }
  })
})

describe('headers that lie about size', () => {
  it('cannot make the decoder take memory that the file does not fill', async () => {
    const wav = encodeWav(new Float32Array(100), 8000)
    new DataView(wav.buffer).setUint32(40, 0x7fffffff, true)
    const flac = fixture('mono16k.flac').slice()
    flac.set([0x0f, 0xff, 0xff, 0xff, 0xff], 21)
    const aiff = aiffFile(new Uint8Array(10), { frames: 0xffffffff })
    const ogg = fixture('mono16k.ogg').slice()
    const lastPage = Buffer.from(ogg).lastIndexOf('OggS')
    ogg.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], lastPage + 6)
    for (const bytes of [wav, flac, aiff, ogg]) {
      const result = await decodeAudio(bytes, 'lie')
      expect(result.ok ? 'decoded' : result.error.code).toMatch(/^AUDIO_(TRUNCATED|CORRUPT)$/)
    }
  })

  it('nothing above has taken much memory', () => {
    const grown = (process.memoryUsage().rss - startMemory) / 2 ** 20
    expect(grown, 'MiB more than at the start').toBeLessThan(600)
  })

  it('a small FLAC that would unfold to hours is stopped at the limit', async () => {
    // Constant blocks of 65,535 samples in 8 channels take some 30 bytes each.
    const bomb = constantFlac(5000)
    expect(bomb.length).toBeLessThan(300_000)
    const result = await decodeAudio(bomb, 'bomb.flac')
    expect(result.ok ? 'decoded' : result.error.code).toBe('AUDIO_UNSUPPORTED')
  })
})
