import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipAudioUrl, clipPeaksUrl, type Clip } from '../../../src-contract/index.ts'
import { decodeAudio, encodeWav, renderEdits, waveformPeaks, type Edit } from '../../../src-main/audio/index.ts'
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

  it.each([
    ['edits that are none', () => `${clipAudioUrl(clips[0]!)}?edits=1:%5B%7B%22kind%22%3A%22reverb%22%7D%5D`, 400],
    ['edits that are not JSON', () => `${clipAudioUrl(clips[0]!)}?edits=1:x`, 400],
    ['edits of another version', () => `${clipAudioUrl(clips[0]!)}?edits=2:%5B%5D`, 400],
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
