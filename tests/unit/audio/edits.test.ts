import { describe, expect, it } from 'vitest'
import { EDITS_VERSION as CONTRACT_VERSION, Edits } from '../../../src-contract/index.ts'
import { EDIT_KINDS, EDITS_VERSION, editsHash, parseEdits, readEdits, renderEdits, type Edit } from '../../../src-main/audio/index.ts'
import { createRandom, unwrap } from '../../../src-main/kit/index.ts'

const RATE = 16_000
const tone = (hertz: number, seconds: number, level = 0.5): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: Math.round(RATE * seconds) }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / RATE))
const render = (samples: Float32Array<ArrayBuffer>, ...edits: Edit[]): Float32Array =>
  renderEdits({ samples, sampleRate: RATE, start: 0, end: samples.length }, edits)
const peak = (x: Float32Array): number => x.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
const rms = (x: Float32Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length)
const db = (x: number): number => 20 * Math.log10(x)

const ALL: Edit[] = [
  { kind: 'remove-dc' }, { kind: 'high-pass', hz: 80 }, { kind: 'low-pass', hz: 7000 }, { kind: 'band-pass', low: 100, high: 6000 },
  { kind: 'denoise', reduction: 12, threshold: 1.5 }, { kind: 'gain', db: -3 }, { kind: 'normalise', to: 'peak', level: -1 },
  { kind: 'fade-in', ms: 10, curve: 'linear' }, { kind: 'fade-out', ms: 20, curve: 's-curve' },
]

describe('edits of a clip', () => {
  it('fade by exact values', () => {
    const flat = new Float32Array(1000).fill(1)
    const faded = render(flat, { kind: 'fade-in', ms: 10, curve: 'linear' }, { kind: 'fade-out', ms: 20, curve: 'equal-power' })
    for (let i = 0; i < 160; i++) expect(faded[i]).toBeCloseTo(i / 160, 6)
    expect(faded[160]).toBe(1)
    expect(faded[679]).toBe(1)
    for (let i = 0; i < 320; i++) expect(faded[999 - i]).toBeCloseTo(Math.sin((Math.PI / 2) * (i / 320)), 6)
    const curved = render(flat, { kind: 'fade-in', ms: 10, curve: 's-curve' })
    expect(curved[80]).toBeCloseTo(0.5, 6)
    expect(curved[40]).toBeCloseTo(0.5 - Math.SQRT1_2 / 2, 6)
    // Longer than the clip: over all of it.
    expect(render(flat, { kind: 'fade-in', ms: 60_000, curve: 'linear' })[500]).toBeCloseTo(0.5, 6)
  })

  it('gain, DC and normalising reach what they promise', () => {
    expect(db(peak(render(tone(440, 0.5), { kind: 'gain', db: -6 })))).toBeCloseTo(db(0.5) - 6, 4)
    const shifted = tone(400, 0.5).map((x) => 0.3 * x + 0.2)
    const centred = render(shifted, { kind: 'remove-dc' })
    expect(Math.abs(centred.reduce((a, b) => a + b, 0) / centred.length)).toBeLessThan(1e-7)
    expect(db(peak(render(tone(440, 0.5, 0.1), { kind: 'normalise', to: 'peak', level: -1 })))).toBeCloseTo(-1, 4)
    expect(db(rms(render(tone(440, 0.5, 0.01), { kind: 'normalise', to: 'rms', level: -20 })))).toBeCloseTo(-20, 4)
    // Never beyond full scale, and silence stays silence.
    expect(peak(render(tone(440, 0.5, 0.1), { kind: 'normalise', to: 'rms', level: 0 }))).toBeCloseTo(1, 6)
    expect(peak(render(new Float32Array(100), { kind: 'normalise', to: 'loudness', level: -14 }))).toBe(0)
  })

  it('filters let through what a Butterworth of order 4 does, from a sweep of tones', () => {
    const response = (hertz: number, edit: Edit): number => {
      const out = render(tone(hertz, 1), edit)
      // The second half: the beginning holds the transient.
      return db(rms(out.subarray(8000)) / (0.5 / Math.SQRT2))
    }
    const warp = (hz: number): number => Math.tan((Math.PI * hz) / RATE)
    const expected = (ratio: number): number => -10 * Math.log10(1 + ratio ** 8)
    for (const hertz of [100, 200, 400, 1000, 2000, 3000, 4000, 6000]) {
      expect(response(hertz, { kind: 'low-pass', hz: 2000 })).toBeCloseTo(expected(warp(hertz) / warp(2000)), 1)
      expect(response(hertz, { kind: 'high-pass', hz: 400 })).toBeCloseTo(expected(warp(400) / warp(hertz)), 1)
    }
    const band: Edit = { kind: 'band-pass', low: 400, high: 2000 }
    expect(response(900, band)).toBeGreaterThan(-0.2)
    expect(response(100, band)).toBeLessThan(-40)
    expect(response(6000, band)).toBeLessThan(-40)
    // An edge that the rate cannot hold takes nothing away.
    expect(response(1000, { kind: 'low-pass', hz: 100_000 })).toBeCloseTo(0, 6)
  })

  it('filters see the sound around the clip, so that its edges do not ring', () => {
    const samples = tone(60, 1.5)
    const edits: Edit[] = [{ kind: 'high-pass', hz: 300 }]
    const clip = renderEdits({ samples, sampleRate: RATE, start: 8000, end: 16_000 }, edits)
    const alone = renderEdits({ samples: samples.slice(8100, 16_000), sampleRate: RATE, start: 0, end: 7900 }, edits)
    expect(clip).toHaveLength(8000)
    expect(peak(clip)).toBeLessThan(0.001)
    expect(peak(alone)).toBeGreaterThan(0.01)
  })

  it('denoising lowers noise between words by what it is told and keeps loud tones', () => {
    const random = createRandom('noise')
    const noisy = Float32Array.from({ length: 2 * RATE }, (_, i) =>
      0.005 * random.normal() + (i > 0.8 * RATE && i < 1.2 * RATE ? 0.5 * Math.sin((2 * Math.PI * 500 * i) / RATE) : 0))
    const clean = render(noisy, { kind: 'denoise', reduction: 20, threshold: 2 })
    expect(clean).toHaveLength(noisy.length)
    const pause = (x: Float32Array) => db(rms(x.subarray(1000, 11_000)))
    expect(pause(noisy) - pause(clean)).toBeGreaterThan(15)
    expect(pause(noisy) - pause(clean)).toBeLessThan(20.5)
    const word = (x: Float32Array) => rms(x.subarray(14_000, 18_000))
    expect(Math.abs(db(word(clean) / word(noisy)))).toBeLessThan(0.2)
    // Nothing to lower: the frames put together again are the sound.
    const same = render(tone(500, 1), { kind: 'denoise', reduction: 40, threshold: 0 })
    expect(same.every(Number.isFinite)).toBe(true)
  })

  it('are the same in whatever order they were chosen, change no input and no length', () => {
    const samples = tone(440, 0.7)
    const before = samples.slice()
    const forward = render(samples, ...ALL)
    expect(render(samples, ...ALL.toReversed())).toEqual(forward)
    expect(samples).toEqual(before)
    expect(forward).toHaveLength(samples.length)
    expect(editsHash(ALL.toReversed())).toBe(editsHash(ALL))
    expect(editsHash([])).toBeUndefined()
    expect(editsHash(ALL.slice(1))).not.toBe(editsHash(ALL))
    expect(render(samples)).toEqual(before)
  })

  it.each([1, 2, 3, 31, 400])('render a clip of %i samples', (length) => {
    const out = render(tone(440, 1).slice(0, length), ...ALL)
    expect(out).toHaveLength(length)
    expect(out.every(Number.isFinite)).toBe(true)
  })
})

describe('edits from outside', () => {
  it('come back in the order in which they are applied', () => {
    expect(unwrap(parseEdits(ALL.toReversed())).map((e) => e.kind)).toEqual(EDIT_KINDS)
    expect(unwrap(readEdits(JSON.stringify(ALL)))).toEqual(ALL)
    expect(readEdits('[').ok).toBe(false)
  })

  it('mean the same to the contract and to the audio room, right or wrong', () => {
    expect(CONTRACT_VERSION).toBe(EDITS_VERSION)
    const values: unknown[] = [-1, 0, 0.05, 0.1, 1, 5, 6, 7, 9, 10, 40, 41, 60, 61, -60, -61, 60_000, 60_001, 384_000, 384_001, null, '1', NaN, Infinity, true,
      'linear', 'equal-power', 's-curve', 'peak', 'rms', 'loudness', 'x', {}, []]
    const lists: unknown[] = [null, {}, 'x', [], [null], [1], [{}], [{ kind: 'x' }], [{ kind: '__proto__' }], [ALL[0], ALL[0]], ALL, [...ALL, ALL[0]]]
    for (const edit of ALL) {
      lists.push([edit], [{ ...edit, more: 1 }])
      for (const name of Object.keys(edit)) {
        lists.push([Object.fromEntries(Object.entries(edit).filter(([key]) => key !== name))])
        for (const value of values) lists.push([{ ...edit, [name]: value }])
      }
    }
    for (const list of lists) expect(parseEdits(list).ok, JSON.stringify(list)).toBe(Edits.safeParse(list).success)
  })

  it('say what is wrong with them', () => {
    const message = (value: unknown): string => {
      const parsed = parseEdits(value)
      return parsed.ok ? '' : parsed.error.message
    }
    expect(message([{ kind: 'gain', db: 100 }])).toBe('"db" of the edit "gain" must be a number from -60 to 60')
    expect(message([{ kind: 'reverb' }])).toBe('There is no edit "reverb"')
    expect(message([{ kind: 'gain', db: 1, wet: 1 }])).toBe('The edit "gain" has no "wet"')
  })
})
