/** What a person can set on each step, for sliders: ranges that make sense, and what a new step starts with. */
import type { AugmentStep } from './steps.ts'
import { NOISE_SOURCES } from './steps.ts'

export type StepParameter =
  | {
      readonly kind: 'number'
      readonly name: string
      readonly min: number
      readonly max: number
      readonly step: number
      readonly initial: number
      /** Of the number; null where it has none. */
      readonly unit: 'dB' | 's' | 'Hz' | 'semitones' | 'frames' | 'bins' | null
    }
  | { readonly kind: 'choice'; readonly name: string; readonly choices: readonly string[]; readonly initial: string }
  | { readonly kind: 'choices'; readonly name: string; readonly choices: readonly string[]; readonly initial: readonly string[] }
  | { readonly kind: 'text'; readonly name: string; readonly initial: string | null }

type Unit = Extract<StepParameter, { kind: 'number' }>['unit']
const number = (name: string, [min, max]: readonly [number, number], step: number, initial: number, unit: Unit = null): StepParameter => ({
  kind: 'number', name, min, max, step, initial, unit,
})
const factor = (name: string, initial: number): StepParameter => number(name, [1, 1.5], 0.01, initial)
const fill: StepParameter = { kind: 'choice', name: 'fill', choices: ['mean', 'zero'], initial: 'mean' }
const count: StepParameter = number('count', [1, 5], 1, 1)

/** By type; every step has a probability besides. */
export const STEP_PARAMETERS: Readonly<Record<AugmentStep['type'], readonly StepParameter[]>> = {
  speed: [factor('factor', 1.1)],
  timeStretch: [factor('factor', 1.1)],
  pitchShift: [number('semitones', [0, 12], 0.5, 2, 'semitones')],
  timeShift: [number('seconds', [0, 0.5], 0.005, 0.1, 's'), { kind: 'choice', name: 'mode', choices: ['pad', 'roll'], initial: 'pad' }],
  gain: [number('low', [-24, 24], 0.5, -6, 'dB'), number('high', [-24, 24], 0.5, 6, 'dB')],
  parametricEqualiser: [number('bands', [1, 8], 1, 3), number('gain', [0, 18], 0.5, 6, 'dB')],
  bandPass: [number('lowCut', [20, 1000], 10, 300, 'Hz'), number('highCut', [1000, 8000], 50, 3400, 'Hz')],
  reverb: [
    number('rt60Low', [0.05, 2], 0.05, 0.1, 's'), number('rt60High', [0.05, 2], 0.05, 0.4, 's'),
    number('ratioLow', [-10, 30], 1, 0, 'dB'), number('ratioHigh', [-10, 30], 1, 15, 'dB'),
  ],
  telephone: [],
  noise: [
    { kind: 'choices', name: 'sources', choices: NOISE_SOURCES, initial: ['white', 'pink', 'brown'] },
    number('snrLow', [-10, 60], 1, 5, 'dB'), number('snrHigh', [-10, 60], 1, 30, 'dB'),
    number('voices', [1, 8], 1, 4), { kind: 'text', name: 'label', initial: null },
  ],
  affine: [number('shift', [0, 32], 1, 4, 'frames'), factor('stretch', 1.1), factor('frequencyScale', 1.06)],
  equalise: [number('deviation', [0, 2], 0.01, 0.1)],
  noiseFloor: [number('low', [-5, 5], 0.05, -1), number('high', [-5, 5], 0.05, -0.4)],
  timeWarp: [number('width', [0, 32], 1, 4, 'frames')],
  frequencyMask: [number('width', [0, 64], 1, 8, 'bins'), count, fill],
  timeMask: [number('width', [0, 64], 1, 8, 'frames'), count, number('maxFraction', [0, 1], 0.05, 0.2), fill],
  mixup: [number('alpha', [0.05, 2], 0.05, 0.2)],
}
