import { describe, expect, it } from 'vitest'
import { decodeAudio, encodeWav } from '../../../src-main/audio/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { type Bytes, chunk, codeSamples, join, le, steps, text, wavFile, type WavShape } from './make-files.ts'

const errorOf = async (bytes: Uint8Array) => {
  const result = await decodeAudio(bytes, 'x.wav')
  if (result.ok) throw new Error(`decoded to ${result.value.channels[0]?.length} samples`)
  expect(result.error.file).toBe('x.wav')
  expect(result.error.hint).toBeTypeOf('string')
  return `${result.error.code}: ${result.error.message}`
}

const one = steps(101)
const two = [steps(51), steps(51, 1)]
const int16 = codeSamples([one], 'int', 2, true)

describe('WAV', () => {
  it.each<[string, 'int' | 'uint' | 'float', number, WavShape]>([
    ['8-bit', 'uint', 1, { bits: 8 }],
    ['16-bit', 'int', 2, { bits: 16 }],
    ['24-bit', 'int', 3, { bits: 24 }],
    ['32-bit', 'int', 4, { bits: 32 }],
    ['12 bits in 2 bytes', 'int', 2, { bits: 12, width: 2 }],
    ['20 bits in 3 bytes, extensible', 'int', 3, { bits: 20, width: 3, extensible: true }],
    ['32-bit float', 'float', 4, { bits: 32, tag: 3 }],
    ['64-bit float', 'float', 8, { bits: 64, tag: 3 }],
    ['32-bit float, extensible', 'float', 4, { bits: 32, tag: 3, extensible: true }],
  ])('reads %s, mono and stereo, exactly', async (_, kind, width, shape) => {
    const mono = unwrap(await decodeAudio(wavFile(codeSamples([one], kind, width, true), shape), 'x'))
    expect(mono).toEqual({ sampleRate: 8000, channels: [one] })
    const file = wavFile(codeSamples(two, kind, width, true), { ...shape, channels: 2, sampleRate: 44_100 })
    expect(unwrap(await decodeAudio(file, 'x'))).toEqual({ sampleRate: 44_100, channels: two })
  })

  it('reads A-law and µ-law by the values of ITU-T G.711', async () => {
    const codes = Uint8Array.from([0x00, 0x7f, 0x80, 0xff, 0x55, 0xd5, 0x2a, 0xaa])
    const decoded = async (tag: number) =>
      [...unwrap(await decodeAudio(wavFile(codes, { tag, bits: 8 }), 'x')).channels[0]!].map((x) => x * 32768 + 0)
    expect(await decoded(7)).toEqual([-32124, 0, 32124, 0, -716, 716, -5372, 5372])
    expect(await decoded(6)).toEqual([-5504, -848, 5504, 848, -8, 8, -32256, 32256])
  })

  it('reads eighteen channels', async () => {
    const many = Array.from({ length: 18 }, (_, c) => steps(20, c))
    const file = wavFile(codeSamples(many, 'int', 2, true), { channels: 18, extensible: true })
    expect(unwrap(await decodeAudio(file, 'x')).channels).toEqual(many)
  })

  it.each<[string, Bytes]>([
    ['RF64 with 64-bit sizes', wavFile(int16, { ds64: true })],
    ['an odd chunk with its padding before the samples', wavFile(int16, { before: chunk('LIST', text('INFOodd')) })],
    ['chunks after the samples', wavFile(int16, { after: chunk('LIST', text('INFO')) })],
    ['sizes of 0 left by a writer that was killed', wavFile(int16, { riffSize: 0, dataSize: 0 })],
    ['sizes of all ones written by a stream', wavFile(int16, { riffSize: 0xffffffff, dataSize: 0xffffffff })],
    ['the sizes of SoX writing to a pipe', wavFile(int16, { riffSize: 0x7ffff024, dataSize: 0x7ffff000 })],
    ['one stray byte after the last sample', wavFile(join(int16, [7]))],
  ])('reads a file with %s', async (_, file) => {
    expect(unwrap(await decodeAudio(file, 'x')).channels[0]).toEqual(one)
  })

  it('says how much of a truncated file is missing', async () => {
    const file = wavFile(codeSamples([steps(8000)], 'int', 2, true))
    expect(await errorOf(file.subarray(0, 44 + 4000))).toBe(
      'AUDIO_TRUNCATED: The header promises 16,000 bytes of samples and the file holds 4,000 bytes: 12,000 bytes (0.75 s) are missing',
    )
    for (const length of [5, 11, 12, 20, 36, 43]) expect(await errorOf(file.subarray(0, length))).toMatch(/^AUDIO_TRUNCATED/)
  })

  it.each<[string, Bytes, RegExp]>([
    ['no bytes', new Uint8Array(0), /^AUDIO_EMPTY: The file is empty/],
    ['no samples', wavFile(new Uint8Array(0)), /^AUDIO_EMPTY/],
    ['text', text('label,start,end\nyes,0,1\n'), /^AUDIO_UNSUPPORTED: The file holds text/],
    ['zeros', new Uint8Array(4096), /^AUDIO_UNSUPPORTED: The file holds only zeros/],
    ['a rate of zero', wavFile(int16, { sampleRate: 0 }), /^AUDIO_CORRUPT.* 0 Hz/],
    ['a rate of 4 GHz', wavFile(int16, { sampleRate: 4e9 }), /^AUDIO_CORRUPT.*4000000000 Hz/],
    ['no channels', wavFile(int16, { channels: 0 }), /^AUDIO_CORRUPT.*no channels/],
    ['65,535 channels', wavFile(int16, { channels: 65_535, width: 1 }), /^AUDIO_CORRUPT.*65535 channels/],
    ['frames that do not fit the format', wavFile(int16, { bits: 16, width: 3, tag: 3 }), /^AUDIO_CORRUPT/],
    ['a coding that is not read', wavFile(int16, { tag: 2, bits: 4, width: 1 }), /^AUDIO_UNSUPPORTED.*Microsoft ADPCM/],
    ['samples before the format', join(text('RIFF'), le(99, 4), text('WAVE'), chunk('data', int16)), /^AUDIO_CORRUPT/],
    ['more chunks than a walk takes', join(text('RIFF'), le(99, 4), text('WAVE'), new Uint8Array(100_000)), /^AUDIO_CORRUPT.*chunks/],
    ['NaN', wavFile(codeSamples([Float32Array.of(0, Number.NaN, 1)], 'float', 4, true), { bits: 32, tag: 3 }), /^AUDIO_CORRUPT: 1 sample is not finite/],
    ['infinity', wavFile(codeSamples([Float32Array.of(-Infinity, Infinity)], 'float', 4, true), { bits: 32, tag: 3 }), /^AUDIO_CORRUPT: 2 samples/],
  ])('refuses a file with %s', async (_, file, message) => {
    expect(await errorOf(file)).toMatch(message)
  })
})

describe('encodeWav', () => {
  it('is read back: exactly as floats, to half a step as 16-bit integers, clipped at full scale', async () => {
    const sound = Float32Array.from({ length: 999 }, (_, i) => 1.2 * Math.sin(i / 7))
    const float = unwrap(await decodeAudio(encodeWav(sound, 11_025, 'float32'), 'x'))
    expect(float).toEqual({ sampleRate: 11_025, channels: [sound] })
    const int = unwrap(await decodeAudio(encodeWav(sound, 16_000), 'x'))
    expect(int.sampleRate).toBe(16_000)
    for (const [i, x] of int.channels[0]!.entries())
      expect(Math.abs(x - Math.max(-1, Math.min(32767 / 32768, sound[i]!)))).toBeLessThanOrEqual(0.5 / 32768 + 1e-9)
  })
})
