import { describe, expect, it } from 'vitest'
import { encodeWav } from '../../../src-main/audio/index.ts'
import { decidedAt, perMinute, startPace, takenBack } from '../../../src-renderer/views/review/pace.ts'
import { readSound, spectrumPicture, wavePeaks } from '../../../src-renderer/views/review/spectrum.ts'

const RATE = 16_000
const tone = (hertz: number, seconds: number): Float32Array => Float32Array.from({ length: RATE * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / RATE))

describe('the pace of a review', () => {
  it('counts work, not pauses, and says nothing before it knows', () => {
    let pace = startPace(0)
    expect(perMinute(pace)).toBeNull()
    for (let i = 1; i <= 40; i++) pace = decidedAt(pace, i * 1500)
    expect(perMinute(pace)).toBe(40)
    // An hour away costs half a minute.
    pace = decidedAt(pace, 40 * 1500 + 3_600_000)
    expect(perMinute(pace)).toBe(Math.round((41 * 60_000) / 90_000))
    expect(takenBack(pace).decided).toBe(40)
    expect(takenBack(startPace(0)).decided).toBe(0)
  })
})

describe('the picture of a clip', () => {
  it('is read from the sound that the program sends', () => {
    const sound = tone(440, 0.1)
    const bytes = encodeWav(sound, RATE)
    const read = readSound(bytes.buffer)
    expect(read.sampleRate).toBe(RATE)
    expect(read.samples).toHaveLength(sound.length)
    expect(Math.max(...read.samples.map((x, i) => Math.abs(x - sound[i]!)))).toBeLessThan(1 / 32_000)
  })

  it.each([250, 1000, 3000, 7000])('has a tone of %i Hz at its height', (hertz) => {
    const { columns, bins, levels } = spectrumPicture(tone(hertz, 1), RATE)
    const middle = levels.subarray(Math.floor(columns / 2) * bins, (Math.floor(columns / 2) + 1) * bins)
    const brightest = middle.indexOf(Math.max(...middle))
    expect(Math.abs(((brightest + 0.5) / bins) * (RATE / 2) - hertz)).toBeLessThan(RATE / 2 / bins)
    expect(middle[brightest]).toBeGreaterThan(250)
    expect(middle[(brightest + bins / 2) % bins]).toBe(0)
  })

  it.each([0, 1, 100, 16_000 * 60])('of %i samples has a size that can be drawn', (length) => {
    const { columns, bins, levels } = spectrumPicture(new Float32Array(length), RATE)
    expect(columns).toBeGreaterThanOrEqual(1)
    expect(columns).toBeLessThanOrEqual(901)
    expect(levels).toHaveLength(columns * bins)
  })

  it('has the waveform from lowest to highest', () => {
    const peaks = wavePeaks(Float32Array.of(0, 0.5, -0.5, 1), 2)
    expect([...peaks]).toEqual([0, 64, -63, 127])
    expect([...wavePeaks(Float32Array.of(0.5, -1), 4)]).toEqual([64, 64, 64, 64, -127, -127, -127, -127])
    expect([...wavePeaks(new Float32Array(0), 1)]).toEqual([0, 0])
  })
})
