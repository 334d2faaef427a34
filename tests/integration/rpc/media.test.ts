import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clipAudioUrl, clipPeaksUrl, columnsOf, PEAK_BUCKET, peakBlockUrl, reversedAudioUrl, spectrogramTileUrl, TILE_FLOOR, TILE_STEP, type Clip,
} from '../../../src-contract/index.ts'
import { decodeAudio, encodeWav, renderEdits, sampleExtremes, waveformPeaks, type Edit } from '../../../src-main/audio/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { connectByPort, everything, importWords, testStudio, tone, type Connected, type TestStudio } from '../../support/studio.ts'

let test: TestStudio
let connected: Connected
let clips: readonly Clip[]
const get = (path: string, init: RequestInit = {}) => test.studio.answer(new Request(`http://studio${path}`, init))

beforeAll(async () => {
  test = testStudio()
  connected = await connectByPort(test)
  const dataset = await importWords(connected.client, test.recordings)
  clips = (await connected.client.clips.page({ filter: everything(dataset), sort: { by: 'name', descending: false }, offset: 0, limit: 100 })).clips
})
afterAll(async () => {
  await connected[Symbol.asyncDispose]()
  await test[Symbol.asyncDispose]()
  expect(test.bugs).toEqual([])
})

describe('media', () => {
  it('gives a span as WAV, the samples that are in the file', async () => {
    const clip = clips[0]!
    const response = await get(clipAudioUrl({ ...clip, start: 100, end: 900 }))
    expect(response.headers.get('content-type')).toBe('audio/wav')
    const sound = unwrap(await decodeAudio(new Uint8Array(await response.arrayBuffer()), 'span.wav'))
    expect(sound.sampleRate).toBe(8000)
    // no_ana_0 is the first tone that was written: 200 Hz for 0.2 s.
    const wanted = unwrap(await decodeAudio(encodeWav(tone(200, 0.2).subarray(100, 900), 8000), 'x.wav')).channels[0]!
    expect(sound.channels[0]).toEqual(wanted)
  })

  it('plays parts, as a browser that seeks asks for them', async () => {
    const address = clipAudioUrl(clips[0]!)
    const whole = new Uint8Array(await (await get(address)).arrayBuffer())
    const part = await get(address, { headers: { range: 'bytes=100-199' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 100-199/${whole.length}`)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(100, 200))
  })

  it('draws peaks as they are in the sound', async () => {
    const response = await get(clipPeaksUrl(clips[0]!, 20))
    const peaks = new Int8Array(await response.arrayBuffer())
    expect(peaks).toHaveLength(40)
    const { min, max } = waveformPeaks(tone(200, 0.2), 20)
    for (let bin = 0; bin < 20; bin++) {
      expect(Math.abs(peaks[2 * bin]! - 127 * min[bin]!)).toBeLessThanOrEqual(1)
      expect(Math.abs(peaks[2 * bin + 1]! - 127 * max[bin]!)).toBeLessThanOrEqual(1)
    }
    expect(response.headers.get('cache-control')).toContain('immutable')
  })

  it('gives the sound after its edits, under an address that names them', async () => {
    const edits: Edit[] = [{ kind: 'high-pass', hz: 500 }, { kind: 'gain', db: 6 }, { kind: 'fade-out', ms: 20, curve: 'linear' }]
    const span = { ...clips[0]!, start: 400, end: 1200, edits }
    const response = await get(clipAudioUrl(span))
    const sound = unwrap(await decodeAudio(new Uint8Array(await response.arrayBuffer()), 'span.wav')).channels[0]!
    const whole = unwrap(await decodeAudio(encodeWav(tone(200, 0.2), 8000), 'x.wav')).channels[0]!
    const wanted = renderEdits({ samples: whole, sampleRate: 8000, start: 400, end: 1200 }, edits)
    expect(sound).toHaveLength(800)
    expect(Math.max(...sound.map((x, i) => Math.abs(x - wanted[i]!)))).toBeLessThan(1 / 32_000)
    const peaks = new Int8Array(await (await get(clipPeaksUrl(span, 10))).arrayBuffer())
    const { max } = waveformPeaks(wanted, 10)
    for (let bin = 0; bin < 10; bin++) expect(Math.abs(peaks[2 * bin + 1]! - 127 * max[bin]!)).toBeLessThanOrEqual(1)
    // The whole clip has no sound around it to look at.
    expect((await get(clipAudioUrl({ ...clips[0]!, edits: [{ kind: 'denoise', reduction: 12, threshold: 1 }] }))).status).toBe(200)
  })

  it('plays parts of a long sound without decoding the rest, forwards and backwards', async () => {
    const clip = clips[0]!
    const whole = new Int16Array((await (await get(clipAudioUrl(clip))).arrayBuffer()).slice(44))
    const backwards = new Uint8Array(await (await get(reversedAudioUrl(clip))).arrayBuffer())
    expect([...new Int16Array(backwards.slice(44).buffer)]).toEqual(Array.from(whole).toReversed())
    // Any bytes, also half samples and across the header.
    for (const [from, to] of [[0, 0], [40, 50], [43, 45], [45, 101], [300, 1000]] as const) {
      const part = await get(reversedAudioUrl(clip), { headers: { range: `bytes=${from}-${to}` } })
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(backwards.subarray(from, to + 1))
    }
    const beyond = await get(clipAudioUrl(clip), { headers: { range: 'bytes=9999999-' } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${backwards.length}`])
  })

  it('gives peaks in blocks and tiles of a spectrogram, both kept by the browser', async () => {
    const clip = clips[0]!
    for await (const step of await connected.client.recordings.measure({ recording: clip.recording })) expect(step.total).toBe(clip.end)
    const peaks = await get(peakBlockUrl(clip.recording, 0, 0))
    expect(peaks.headers.get('cache-control')).toContain('immutable')
    expect([...new Int16Array(await peaks.arrayBuffer())]).toEqual([...sampleExtremes(tone(200, 0.2), PEAK_BUCKET)].map((v) => expect.closeTo(v, -1)))
    const stft = { window: 'hann', size: 256, hop: 64, fftSize: 1024 } as const
    const tile = await get(spectrogramTileUrl(clip.recording, stft, 0, 0))
    expect(tile.headers.get('cache-control')).toContain('immutable')
    const bytes = new Uint8Array(await tile.arrayBuffer())
    expect(bytes).toHaveLength(columnsOf(stft, 0, clip.end) * 513)
    // 200 Hz at half of full scale: −6 dB in bin 25.6.
    const column = bytes.subarray(12 * 513, 13 * 513)
    expect(column.indexOf(Math.max(...column))).toBeCloseTo(25.6, -0.5)
    expect(TILE_FLOOR + TILE_STEP * Math.max(...column)).toBeCloseTo(-6, 0)
  })

  it.each([
    ['edits that are none', () => `${clipAudioUrl(clips[0]!)}?edits=1:%5B%7B%22kind%22%3A%22reverb%22%7D%5D`, 400],
    ['edits that are not JSON', () => `${clipAudioUrl(clips[0]!)}?edits=1:x`, 400],
    ['edits of another version', () => `${clipAudioUrl(clips[0]!)}?edits=2:%5B%5D`, 400],
    ['a block beyond the recording', () => peakBlockUrl(clips[0]!.recording, 0, 1), 404],
    ['a level beyond the whole', () => peakBlockUrl(clips[0]!.recording, 9, 0), 404],
    ['a tile beyond the recording', () => spectrogramTileUrl(clips[0]!.recording, { window: 'hann', size: 256, hop: 64, fftSize: 256 }, 0, 5), 404],
    ['a coarser level than the whole', () => spectrogramTileUrl(clips[0]!.recording, { window: 'hann', size: 256, hop: 64, fftSize: 256 }, 5, 0), 404],
    ['a window that nobody knows', () => `/media/${clips[0]!.recording}/spectrogram/kaiser-256-64-256/0/0`, 400],
    ['lengths that are no powers of two', () => `/media/${clips[0]!.recording}/spectrogram/hann-255-64-256/0/0`, 400],
    ['a hop of nothing', () => `/media/${clips[0]!.recording}/spectrogram/hann-256-0-256/0/0`, 400],
    ['a window longer than its transform', () => `/media/${clips[0]!.recording}/spectrogram/hann-512-64-256/0/0`, 400],
    ['a transform without end', () => `/media/${clips[0]!.recording}/spectrogram/hann-512-64-65536/0/0`, 400],
    ['an unknown recording\'s tile', () => `/media/${'0'.repeat(64)}/spectrogram/hann-256-64-256/0/0`, 404],
    ['an unknown recording', () => `/media/${'0'.repeat(64)}/0-10.wav`, 404],
    ['an end beyond the recording', () => clipAudioUrl({ ...clips[0]!, end: 1_000_000 }), 400],
    ['an empty span', () => clipAudioUrl({ ...clips[0]!, start: 5, end: 5 }), 400],
    ['a span turned round', () => clipAudioUrl({ ...clips[0]!, start: 9, end: 5 }), 400],
    ['no bins', () => clipPeaksUrl(clips[0]!, 0), 400],
    ['too many bins', () => clipPeaksUrl(clips[0]!, 1e9), 400],
    ['half a bin', () => clipPeaksUrl(clips[0]!, 0.5), 400],
    ['a name that is no hash', () => '/media/..%2f..%2fcatalog.sqlite/0-1.wav', 404],
    ['the catalog itself', () => '/media/../catalog.sqlite', 404],
    ['another kind', () => `/media/${clips[0]!.recording}/0-10.mp3`, 404],
    ['a negative start', () => `/media/${clips[0]!.recording}/-5-10.wav`, 404],
  ])('refuses %s', async (_, path, status) => {
    const response = await get(path())
    expect(response.status).toBe(status)
    expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'`)
    expect(await response.text()).not.toContain(test.folder)
  })

  it('takes nothing but GET and HEAD', async () => {
    expect((await get(clipAudioUrl(clips[0]!), { method: 'POST' })).status).toBe(405)
    const head = await get(clipAudioUrl(clips[0]!), { method: 'HEAD' })
    expect([head.status, (await head.arrayBuffer()).byteLength]).toEqual([200, 0])
  })
})
