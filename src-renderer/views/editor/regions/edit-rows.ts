import type { Edit } from '@contract'

export type EditKind = Edit['kind']

export interface EditSlider {
  /** Members of the edit, one for each thumb. */
  readonly members: readonly string[]
  readonly min: number
  readonly max: number
  readonly step: number
  /** Moves by ratios: what the ear hears as equal steps. */
  readonly log?: boolean
  readonly unit: 'Hz' | 'dB' | 'dBFS' | 'ms' | 'σ'
}

export interface EditRow {
  readonly kind: EditKind
  readonly start: Edit
  readonly sliders: readonly EditSlider[]
  /** A member that is one of some names. */
  readonly choice?: { readonly member: string; readonly options: readonly string[] }
}

const FADES = ['linear', 'equal-power', 's-curve'] as const

/** What can be done to a clip's sound, in the order in which it is done. `nyquist` in Hz bounds the filters. */
export const editRows = (nyquist: number): readonly EditRow[] => {
  const edge = { min: 20, max: Math.floor(0.95 * nyquist), step: 1, log: true, unit: 'Hz' } as const
  const fade = [{ members: ['ms'], min: 1, max: 2000, step: 1, log: true, unit: 'ms' }] as const
  return [
    { kind: 'remove-dc', start: { kind: 'remove-dc' }, sliders: [] },
    { kind: 'high-pass', start: { kind: 'high-pass', hz: 80 }, sliders: [{ members: ['hz'], ...edge }] },
    { kind: 'low-pass', start: { kind: 'low-pass', hz: Math.round(0.75 * nyquist) }, sliders: [{ members: ['hz'], ...edge }] },
    { kind: 'band-pass', start: { kind: 'band-pass', low: 100, high: Math.round(0.8 * nyquist) }, sliders: [{ members: ['low', 'high'], ...edge }] },
    {
      kind: 'denoise',
      start: { kind: 'denoise', reduction: 20, threshold: 1.5 },
      sliders: [{ members: ['reduction'], min: 1, max: 40, step: 1, unit: 'dB' }, { members: ['threshold'], min: 0, max: 4, step: 0.1, unit: 'σ' }],
    },
    { kind: 'gain', start: { kind: 'gain', db: 6 }, sliders: [{ members: ['db'], min: -30, max: 30, step: 0.5, unit: 'dB' }] },
    {
      kind: 'normalise',
      start: { kind: 'normalise', to: 'peak', level: -1 },
      sliders: [{ members: ['level'], min: -40, max: 0, step: 0.5, unit: 'dBFS' }],
      choice: { member: 'to', options: ['peak', 'rms', 'loudness'] },
    },
    { kind: 'fade-in', start: { kind: 'fade-in', ms: 10, curve: 's-curve' }, sliders: fade, choice: { member: 'curve', options: FADES } },
    { kind: 'fade-out', start: { kind: 'fade-out', ms: 10, curve: 's-curve' }, sliders: fade, choice: { member: 'curve', options: FADES } },
  ]
}

/** Places of a slider's thumbs for values, and back: ratios become steps of a thousandth. */
export const thumbsOf = (slider: EditSlider, values: readonly number[]): number[] =>
  slider.log ? values.map((v) => Math.round((1000 * Math.log(v / slider.min)) / Math.log(slider.max / slider.min))) : [...values]

export const valuesOf = (slider: EditSlider, thumbs: readonly number[]): number[] =>
  slider.log ? thumbs.map((t) => Math.round(slider.min * (slider.max / slider.min) ** (t / 1000))) : [...thumbs]
