import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  decodeAudio, fingerprint, FINGERPRINT_SIZE, mixToMono, NEAR_SIMILARITY, nearPairs, similarity,
} from '../../../src-main/audio/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'
import { fsddFiles, fsddFolder, NO_FSDD } from '../../support/fsdd.ts'

/** The threshold was chosen on the other three speakers. */
const SPEAKERS = ['nicolas', 'theo', 'yweweler']
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0
const missing = fsddFolder === null ? NO_FSDD : hasFfmpeg ? null : 'no ffmpeg'

async function printOf(path: string): Promise<Int8Array> {
  const pcm = unwrap(await decodeAudio(readFileSync(path), path))
  return fingerprint(mixToMono(pcm), pcm.sampleRate)!
}
const stack = (prints: readonly Int8Array[]): Int8Array => {
  const all = new Int8Array(prints.length * FINGERPRINT_SIZE)
  for (const [i, print] of prints.entries()) all.set(print, i * FINGERPRINT_SIZE)
  return all
}

/** What is done to a copy, and the part of the copies that must be found. */
const COPIES: readonly [string, string, readonly string[], number][] = [
  ['MP3 of 16 kbit/s', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '16k'], 0.98],
  ['MP3 of 32 kbit/s', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '32k'], 1],
  ['Opus of 24 kbit/s', 'opus', ['-c:a', 'libopus', '-b:a', '24k'], 0.98],
  ['Opus of 16 kbit/s', 'opus', ['-c:a', 'libopus', '-b:a', '16k'], 0.9],
  ['Vorbis at 16 kHz', 'ogg', ['-c:a', 'libvorbis', '-q:a', '0', '-ar', '16000'], 0.98],
  ['12 dB softer and 40 ms later', 'wav', ['-af', 'adelay=40,apad=pad_dur=0.06,volume=-12dB'], 1],
  ['softer, later, at 16 kHz, as MP3', 'mp3', ['-af', 'adelay=15,volume=-6dB', '-ar', '16000', '-c:a', 'libmp3lame', '-b:a', '24k'], 0.98],
]

describe.skipIf(missing !== null)(`near duplicates of spoken digits${missing === null ? '' : ` (${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'espectro-copies-'))
  const originals = fsddFiles((_, speaker, take) => SPEAKERS.includes(speaker) && take % 10 === 3)
  let prints: Int8Array[] = []
  beforeAll(async () => {
    prints = await Promise.all(originals.map(printOf))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(COPIES)('finds copies in %s', async (_, extension, options, wanted) => {
    const copies = originals.map((path) => join(folder, `${basename(path, '.wav')}.${extension}`))
    // One ffmpeg for all of them: starting it costs more than encoding a word.
    execFileSync('ffmpeg', [
      '-nostdin', '-loglevel', 'error', '-y', ...originals.flatMap((path) => ['-i', path]),
      ...copies.flatMap((path, i) => ['-map', `${i}`, ...options, path]),
    ])
    const copyPrints = await Promise.all(copies.map(printOf))
    const found = copyPrints.filter((print, i) => similarity(print, prints[i]!) >= NEAR_SIMILARITY).length
    expect(found / originals.length).toBeGreaterThanOrEqual(wanted)
  })

  it('takes another take of the same word by the same speaker for a copy once in a hundred thousand pairs at most', async () => {
    const all = await Promise.all(fsddFiles((_, speaker) => SPEAKERS.includes(speaker)).map(printOf))
    const pairs = nearPairs(stack(all))
    expect(pairs.length).toBeLessThanOrEqual((all.length * (all.length - 1)) / 2 / 100_000)
  })
})

describe('the index of fingerprints', () => {
  const random = createRandom('index')
  const picture = (): Int8Array => Int8Array.from({ length: FINGERPRINT_SIZE }, () => Math.round(40 * random.normal()))
  const near = (print: Int8Array, noise: number): Int8Array => print.map((x) => x + noise * 40 * random.normal())

  it('finds the pairs that comparing all with all finds', () => {
    const prints = Array.from({ length: 600 }, picture)
    // Every third has a copy, from nearly the same to just beyond the threshold.
    for (let i = 0; i < 600; i += 3) prints.push(near(prints[i]!, 0.001 * i))
    const slow: string[] = []
    for (let a = 0; a < prints.length; a++)
      for (let b = a + 1; b < prints.length; b++) if (similarity(prints[a]!, prints[b]!) >= NEAR_SIMILARITY) slow.push(`${a} ${b}`)
    expect(slow.length).toBeGreaterThan(60)
    const fast = nearPairs(stack(prints)).map(({ a, b }) => `${a} ${b}`)
    expect(slow).toEqual(expect.arrayContaining(fast))
    expect(fast.length).toBeGreaterThanOrEqual(0.98 * slow.length)
  })

  it('knows no silence, and no pattern in it', () => {
    expect(fingerprint(new Float32Array(8000), 8000)).toBeNull()
    expect(fingerprint(new Float32Array(0), 8000)).toBeNull()
    expect(nearPairs(new Int8Array(0))).toEqual([])
  })
})
