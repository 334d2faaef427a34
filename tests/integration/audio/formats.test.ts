import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDecodePool, decodeAudio, probeAudio, resample } from '../../../src-main/audio/index.ts'
import { findFfmpeg } from '../../../src-main/audio/ffmpeg.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { channelsOf, SOURCES } from '../../fixtures/audio/signal.ts'

const folder = join(import.meta.dirname, '../../fixtures/audio')
const path = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(path(name))

/** Signal to error in dB, of the channel that is worst, `offset` samples later in what was decoded. */
function fidelity(decoded: readonly Float32Array[], original: readonly Float32Array[], offset = 0): number {
  const ratios = original.map((channel, c) => {
    let error = 0
    let power = 0
    for (const [i, x] of channel.entries()) {
      power += x * x
      error += (x - (decoded[c]![i + offset] ?? 0)) ** 2
    }
    return 10 * Math.log10(power / error)
  })
  return Math.min(...ratios)
}

const original = (name: string, rate: number) => {
  const source = SOURCES[name]!
  return channelsOf(source).map((c) => resample(c, source.sampleRate, rate))
}

describe('FLAC', () => {
  it.each([
    ['mono16k.flac', 'mono16k'],
    ['stream16k.flac', 'mono16k'],
    ['deep44k.flac', 'deep44k'],
    ['wide32.flac', 'wide32'],
    ['low8k.flac', 'low8k'],
    ['six16k.flac', 'six16k'],
  ])('%s is decoded to the very integers that were encoded', async (name, sourceName) => {
    const source = SOURCES[sourceName]!
    const half = 2 ** (source.bits - 1)
    const expected = channelsOf(source).map((c) => c.map((x) => Math.round(x * half) / half + 0))
    expect(unwrap(await decodeAudio(read(name), name))).toEqual({ sampleRate: source.sampleRate, channels: expected })
    expect(unwrap(await probeAudio(path(name)))).toEqual({
      container: 'flac',
      codec: 'flac',
      sampleRate: source.sampleRate,
      channels: source.channels,
      frames: expected[0]!.length,
      durationSeconds: source.seconds,
    })
  })

  it('of ffmpeg, with mid-side stereo and long predictors, too', async () => {
    const { channels } = unwrap(await decodeAudio(read('short44k.flac'), 'x'))
    expect(channels[0]).toHaveLength(4410)
    expect(fidelity(channels, channelsOf(SOURCES['stereo44k']!).map((c) => c.subarray(0, 4410)))).toBeGreaterThan(60)
  })
})

describe('MP3, Vorbis and Opus', () => {
  // Thresholds are a few dB below what the encoders left at their bit rates; a lag of one sample costs 15 dB and more.
  it.each<[string, string, string, number, number, number]>([
    ['mono16k.mp3', 'mono16k', 'mp3', 16_000, 0, 25],
    ['stereo44k.mp3', 'stereo44k', 'mp3', 44_100, 0, 25],
    ['tagged44k.mp3', 'stereo44k', 'mp3', 44_100, 0, 25],
    ['low8k.mp3', 'low8k', 'mp3', 8_000, 1105, 20],
    ['plain44k.mp3', 'stereo44k', 'mp3', 44_100, 1105, 25],
    ['mono16k.ogg', 'mono16k', 'vorbis', 16_000, 0, 20],
    ['stereo44k.ogg', 'stereo44k', 'vorbis', 44_100, 0, 20],
    ['mono16k.opus', 'mono16k', 'opus', 48_000, 0, 12],
    ['stereo44k.opus', 'stereo44k', 'opus', 48_000, 0, 20],
    ['stereo44k.webm', 'stereo44k', 'opus', 48_000, 0, 20],
    ['live16k.webm', 'mono16k', 'opus', 48_000, 0, 15],
  ])('%s holds the sound of %s, in its place', async (name, sourceName, codec, rate, offset, least) => {
    const pcm = unwrap(await decodeAudio(read(name), name))
    const expected = original(sourceName, rate)
    expect(pcm.sampleRate).toBe(rate)
    expect(pcm.channels).toHaveLength(expected.length)
    expect(fidelity(pcm.channels, expected, offset)).toBeGreaterThan(least)
    expect(unwrap(await probeAudio(path(name)))).toMatchObject({ codec, sampleRate: rate, channels: expected.length, frames: pcm.channels[0]!.length })
    if (offset === 0) expect(Math.abs(pcm.channels[0]!.length - expected[0]!.length)).toBeLessThan(rate / 40)
  })

  it('MPEG audio of another layer is refused by name', async () => {
    const result = await decodeAudio(read('layer2.mp3'), 'x.mp3')
    expect(result.ok ? 'decoded' : result.error.message).toContain('layer 2')
  })

  it('Opus of six channels keeps them apart', async () => {
    const { channels } = unwrap(await decodeAudio(read('six16k.opus'), 'x'))
    expect(channels).toHaveLength(6)
    expect(unwrap(await probeAudio(path('six16k.opus')))).toMatchObject({ channels: 6, frames: channels[0]!.length })
  })

  it('spans are cut at the own rate of the file', async () => {
    await using pool = createDecodePool({ workers: 1 })
    const whole = unwrap(await pool.decode({ path: path('mono16k.ogg'), sampleRate: null }))
    const part = unwrap(await pool.decode({ path: path('mono16k.ogg'), sampleRate: null, startSample: 1000, endSample: 1500 }))
    expect(part.samples).toEqual(whole.samples.slice(1000, 1500))
  })

  it('the name of a file means nothing', async () => {
    expect(unwrap(await decodeAudio(read('mono16k.flac'), 'x.mp3')).channels[0]).toHaveLength(4800)
  })
})

describe('M4A and AAC', () => {
  it('their headers are read without ffmpeg', async () => {
    expect(unwrap(await probeAudio(path('stereo44k.m4a')))).toMatchObject({ container: 'mp4', codec: 'aac', sampleRate: 44_100, channels: 2 })
    expect(unwrap(await probeAudio(path('mono16k.aac')))).toMatchObject({ container: 'adts', codec: 'aac', sampleRate: 16_000, channels: 1 })
    expect(unwrap(await probeAudio(path('vorbis16k.webm')))).toMatchObject({ container: 'webm', codec: 'vorbis', sampleRate: 16_000 })
  })

  it('without ffmpeg there is one error, and its hint says the ways out', async () => {
    const before = process.env['PATH']
    process.env['PATH'] = folder
    try {
      for (const name of ['stereo44k.m4a', 'mono16k.aac', 'vorbis16k.webm']) {
        const decoded = await decodeAudio(read(name), name)
        if (decoded.ok) throw new Error('decoded without ffmpeg')
        expect(decoded.error).toMatchObject({ code: 'AUDIO_NEEDS_FFMPEG', file: name })
        expect(decoded.error.hint).toMatch(/Install ffmpeg.*in the studio.*convert/s)
      }
      await using pool = createDecodePool({ workers: 1 })
      const inspected = await pool.inspect(path('stereo44k.m4a'))
      expect(inspected.ok ? 'fine' : inspected.error.code).toBe('AUDIO_NEEDS_FFMPEG')
    } finally {
      process.env['PATH'] = before
    }
  })

  const ffmpeg = findFfmpeg()
  it.skipIf(ffmpeg === undefined)(`by ffmpeg they hold the sound${ffmpeg === undefined ? ' (skipped: no ffmpeg on the PATH)' : ''}`, async () => {
    const m4a = unwrap(await decodeAudio(read('stereo44k.m4a'), 'x'))
    expect(fidelity(m4a.channels, original('stereo44k', 44_100))).toBeGreaterThan(20)
    const aac = unwrap(await decodeAudio(read('mono16k.aac'), 'x'))
    expect(fidelity(aac.channels, original('mono16k', 16_000), 1024)).toBeGreaterThan(20)
    const webm = unwrap(await decodeAudio(read('vorbis16k.webm'), 'x'))
    expect(fidelity(webm.channels, original('mono16k', 16_000))).toBeGreaterThan(15)
    await using pool = createDecodePool({ workers: 1 })
    expect(unwrap(await pool.decode({ path: path('stereo44k.m4a'), sampleRate: null })).samples).toHaveLength(m4a.channels[0]!.length)
  })
})
