import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyBiquad, FOURTH_ORDER, highPass, lowPass, peaking, type Biquad } from '../../../src-main/augment/waveform/filters.ts'
import { muLaw } from '../../../src-main/augment/waveform/mu-law.ts'

interface Reference {
  readonly rate: number
  readonly frequencies: readonly number[]
  readonly highPass300: readonly number[]
  readonly lowPass3400: readonly number[]
  readonly peaking: readonly { readonly frequency: number; readonly quality: number; readonly gain: number; readonly decibels: readonly number[] }[]
  readonly muLaw: readonly (readonly [number, number])[]
}
const reference = JSON.parse(readFileSync(new URL('waveform.json', import.meta.url), 'utf8')) as Reference
const { rate, frequencies } = reference

/** dB at the reference's frequencies, from the impulse response that the filters really give. */
function response(filters: readonly Biquad[]): number[] {
  const impulse = new Float32Array(1 << 15)
  impulse[0] = 1
  for (const filter of filters) applyBiquad(impulse, filter)
  return frequencies.map((f) => {
    let [re, im] = [0, 0]
    impulse.forEach((v, n) => {
      re += v * Math.cos((2 * Math.PI * f * n) / rate)
      im += v * Math.sin((2 * Math.PI * f * n) / rate)
    })
    return 10 * Math.log10(re * re + im * im)
  })
}

function expectNear(values: readonly number[], wanted: readonly number[]): void {
  // Single-precision samples end about 120 dB down.
  values.forEach((v, i) => wanted[i]! > -80 && expect(v).toBeCloseTo(wanted[i]!, 2))
}

describe('filters have the response that scipy computes', () => {
  it('fourth-order Butterworth', () => {
    expectNear(response(FOURTH_ORDER.map((q) => highPass(300, rate, q))), reference.highPass300)
    expectNear(response(FOURTH_ORDER.map((q) => lowPass(3400, rate, q))), reference.lowPass3400)
  })

  it.each(reference.peaking)('peaking at $frequency Hz, $gain dB', ({ frequency, quality, gain, decibels }) => {
    expectNear(response([peaking(frequency, rate, quality, gain)]), decibels)
  })
})

describe('µ-law', () => {
  it.each(reference.muLaw)('takes %i to %i, as G.711 says', (sample, coded) => {
    expect(muLaw(sample / 32768) * 32768).toBe(coded)
  })
})
