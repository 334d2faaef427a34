import { describe, expect, it } from 'vitest'
import { FRONT_ENDS, frontEndHash, frontEndShape, loadFrontEnd, parseFrontEnd, validFrames, withSampleRate, type FrontEndConfig } from '../../../src-main/features/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

const config = (value: unknown): FrontEndConfig => unwrap(parseFrontEnd(value))
const problem = (value: unknown) => {
  const result = parseFrontEnd(value)
  return result.ok ? 'accepted' : `${result.error.code} ${result.error.message}`
}

describe('front-end presets', () => {
  const shapes = {
    'logmel-64x64': [1, 64, 64],
    'lenet-32x32': [1, 32, 32],
    'logmel-40x101': [1, 40, 101],
    'mfcc-40x101': [1, 40, 101],
    'spectrogram-224x224': [1, 224, 224],
    waveform: [1, 1, 16000],
  }
  it('have the sizes in their names', () => {
    expect(Object.fromEntries(Object.entries(FRONT_ENDS).map(([name, c]) => [name, [...frontEndShape(c)]]))).toEqual(shapes)
  })

  it.each([8000, 9600, 10_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])('logmel-64x64 stays 64 × 64 at %i Hz', (rate) => {
    expect(frontEndShape(unwrap(withSampleRate(FRONT_ENDS['logmel-64x64'], rate)))).toEqual([1, 64, 64])
  })

  it('survive JSON', () => {
    for (const preset of Object.values(FRONT_ENDS)) {
      const again = unwrap(loadFrontEnd(JSON.stringify(preset)))
      expect(again).toEqual(preset)
      expect(frontEndHash(again)).toBe(frontEndHash(preset))
    }
  })
})

describe('loadFrontEnd', () => {
  it('follows the dataset down, never above 16 kHz, and leaves files alone', () => {
    const rate = (text: string, datasetSampleRate?: number) => unwrap(loadFrontEnd(text, { datasetSampleRate })).sampleRate
    expect(rate('logmel-64x64')).toBe(16_000)
    expect(rate('logmel-64x64', 8000)).toBe(8000)
    expect(rate('logmel-64x64', 48_000)).toBe(16_000)
    expect(rate('{"version":1,"kind":"logmel","sampleRate":22050}', 8000)).toBe(22_050)
  })

  it.each([
    ['logmel-65x65', 'NOT_FOUND', 'logmel-64x64'],
    ['{"version":1', 'INVALID', ''],
    ['constructor', 'NOT_FOUND', ''],
  ])('refuses %s', (text, code, hint) => {
    const result = loadFrontEnd(text)
    expect(result.ok).toBe(false)
    if (result.ok) return
    expect(result.error.code).toBe(code)
    expect(result.error.hint ?? '').toContain(hint)
  })
})

describe('front-end settings', () => {
  it.each([
    ['an unknown key', { version: 1, kind: 'logmel', windowMs: 3 }, 'windowMs'],
    ['an unknown nested key', { version: 1, kind: 'logmel', mel: { band: 3 } }, 'mel'],
    ['another version', { version: 2, kind: 'logmel' }, 'version'],
    ['fmax above half the rate', { version: 1, kind: 'logmel', sampleRate: 8000, mel: { fmax: 4001 } }, 'mel.fmax'],
    ['fmin above fmax', { version: 1, kind: 'logmel', mel: { fmin: 500, fmax: 400 } }, 'mel.fmin'],
    ['too many coefficients', { version: 1, kind: 'mfcc', mel: { bands: 20 }, mfcc: { count: 21 } }, 'mfcc.count'],
    ['a short transform', { version: 1, kind: 'spectrogram', frames: { windowMs: 32, fftSize: 256 } }, 'frames.fftSize'],
    ['topDb without dB', { version: 1, kind: 'logmel', log: { unit: 'ln', topDb: 80 } }, 'log.topDb'],
    ['an empty scale', { version: 1, kind: 'logmel', scale: { low: 0, high: 0 } }, 'scale'],
    ['a clip shorter than a frame', { version: 1, kind: 'logmel', clip: { seconds: 0.01 }, frames: { padding: 'none' } }, 'clip.seconds'],
    ['not a number', { version: 1, kind: 'logmel', sampleRate: NaN }, 'sampleRate'],
    ['mels of a waveform', { version: 1, kind: 'waveform', mel: {} }, 'mel'],
  ])('refuses %s', (_, value, where) => {
    expect(problem(value)).toMatch(/^INVALID/)
    expect(problem(value)).toContain(where)
  })

  it('give one hash for one meaning', () => {
    const short = config({ version: 1, kind: 'logmel' })
    const long = config({ kind: 'logmel', version: 1, sampleRate: 16_000, mel: { scale: 'slaney', bands: 64 } })
    expect(frontEndHash(long)).toBe(frontEndHash(short))
    expect(frontEndHash(config({ version: 1, kind: 'logmel', mel: { bands: 65 } }))).not.toBe(frontEndHash(short))
  })
})

describe('validFrames', () => {
  const base = { version: 1, kind: 'logmel', sampleRate: 1000, clip: { seconds: 1 }, frames: { windowMs: 40, hopMs: 10 } }
  it.each([
    [{}, 1000, [0, 101]],
    [{}, 5000, [0, 101]],
    [{}, 0, [0, 0]],
    [{}, 500, [25, 75]], // samples 250 … 749: frames centred on 250 … 740
    [{}, 1, [50, 51]],
    [{ clip: { seconds: 1, pad: 'end' } }, 500, [0, 50]],
    [{ clip: { seconds: 1, pad: 'end' } }, 3, [0, 1]],
  ])('%j with %i samples', (change, samples, expected) => {
    expect(validFrames(config({ ...base, ...change }), samples)).toEqual(expected)
  })

  it('follows a resize', () => {
    const [start, end] = validFrames(config({ ...base, resize: { height: 32, width: 202 } }), 500)
    expect([start, end]).toEqual([51, 151]) // column 51 stands for frame 25.25, sample 252.5; column 50 for sample 247.5
  })
})
