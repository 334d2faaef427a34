import { describe, expect, it } from 'vitest'
import { decodeAudio } from '../../../src-main/audio/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { aiffFile, type AiffShape, type Bytes, codeSamples, steps } from './make-files.ts'

const sound = [steps(51), steps(51, 1)]

describe('AIFF', () => {
  it.each<[string, 'int' | 'uint' | 'float', number, boolean, Partial<AiffShape>]>([
    ['8-bit', 'int', 1, false, { bits: 8 }],
    ['16-bit', 'int', 2, false, { bits: 16 }],
    ['24-bit', 'int', 3, false, { bits: 24 }],
    ['32-bit', 'int', 4, false, { bits: 32 }],
    ['AIFF-C NONE', 'int', 2, false, { bits: 16, compression: 'NONE' }],
    ['AIFF-C twos', 'int', 3, false, { bits: 24, compression: 'twos' }],
    ['AIFF-C sowt', 'int', 2, true, { bits: 16, compression: 'sowt' }],
    ['AIFF-C in24', 'int', 3, false, { bits: 24, compression: 'in24' }],
    ['AIFF-C in32', 'int', 4, false, { bits: 32, compression: 'in32' }],
    ['AIFF-C raw', 'uint', 1, false, { bits: 8, compression: 'raw ' }],
    ['AIFF-C fl32', 'float', 4, false, { bits: 32, compression: 'fl32' }],
    ['AIFF-C FL64', 'float', 8, false, { bits: 64, compression: 'FL64' }],
  ])('reads %s exactly', async (_, kind, width, little, shape) => {
    const file = aiffFile(codeSamples(sound, kind, width, little), { channels: 2, sampleRate: 22_050, frames: 51, ...shape })
    expect(unwrap(await decodeAudio(file, 'x'))).toEqual({ sampleRate: 22_050, channels: sound })
  })

  it('reads AIFF-C A-law and µ-law', async () => {
    const first = async (compression: string) =>
      unwrap(await decodeAudio(aiffFile(Uint8Array.of(0x80), { compression, bits: 8, frames: 1 }), 'x')).channels[0]![0]! * 32768
    expect(await first('ulaw')).toBe(32124)
    expect(await first('alaw')).toBe(5504)
  })

  const data = codeSamples([steps(100)], 'int', 2, false)
  const whole = aiffFile(data, { frames: 100 })
  it.each<[string, Bytes, string]>([
    ['cut short', whole.slice(0, -50), 'AUDIO_TRUNCATED'],
    ['cut inside its header', whole.slice(0, 30), 'AUDIO_TRUNCATED'],
    ['with a lying frame count', aiffFile(data, { frames: 5000 }), 'AUDIO_TRUNCATED'],
    ['with no samples', aiffFile(new Uint8Array(0), { frames: 0 }), 'AUDIO_EMPTY'],
    ['with a rate of zero', aiffFile(data, { frames: 100, sampleRate: 0 }), 'AUDIO_CORRUPT'],
    ['with no channels', aiffFile(data, { frames: 100, channels: 0 }), 'AUDIO_CORRUPT'],
    ['with 48-bit samples', aiffFile(data, { frames: 10, bits: 48 }), 'AUDIO_CORRUPT'],
    ['in a coding that is not read', aiffFile(data, { frames: 10, compression: 'ima4' }), 'AUDIO_UNSUPPORTED'],
  ])('refuses a file %s', async (_, file, code) => {
    const result = await decodeAudio(file, 'x.aiff')
    expect(result.ok ? 'decoded' : result.error.code).toBe(code)
  })
})
