import { describe, expect, it } from 'vitest'
import type { StepKind } from '../../../src-contract/index.ts'
import { STEP_PARAMETERS, stageOf, type AugmentStep } from '../../../src-main/augment/index.ts'
import { commonScale, COLOURS, paint } from '../../../src-renderer/views/augment/colour-scale.ts'
import { drawnText } from '../../../src-renderer/views/augment/drawn-values.ts'
import { controlsOf, draftSteps, newStep, placeFor } from '../../../src-renderer/views/augment/settings.ts'

const kinds = (Object.keys(STEP_PARAMETERS) as AugmentStep['type'][]).map((type) => ({ type, stage: stageOf({ type }), settings: STEP_PARAMETERS[type] }) as unknown as StepKind)
const kind = (type: string): StepKind => kinds.find((k) => k.type === type)!

describe('the controls of a step', () => {
  it('join the ends of a range, and leave no setting out', () => {
    expect(controlsOf(kind('noise')).map((c) => [c.kind, c.name])).toEqual([['choices', 'sources'], ['range', 'snr'], ['number', 'voices'], ['text', 'label']])
    expect(controlsOf(kind('gain')).map((c) => c.name)).toEqual(['level'])
    expect(controlsOf(kind('bandPass')).map((c) => c.name)).toEqual(['lowCut', 'highCut'])
    for (const k of kinds) expect(controlsOf(k).reduce((sum, c) => sum + (c.kind === 'range' ? 2 : 1), 0)).toBe(k.settings.length)
  })

  it('put a new step behind those of its stage', () => {
    const steps = draftSteps({ version: 1, steps: ['speed', 'affine', 'mixup'].map((type) => ({ type })) })
    expect(['noise', 'timeMask', 'mixup'].map((type) => placeFor(steps, kind(type), kinds))).toEqual([1, 2, 3])
    expect(newStep(kind('gain')).step).toEqual({ type: 'gain', probability: 1, low: -6, high: 6 })
  })
})

describe('the pictures', () => {
  it('share one scale, which is none too narrow', () => {
    expect(commonScale([Float32Array.of(1, 2), Float32Array.of(-3, 0)])).toEqual({ low: -3, high: 2 })
    expect(commonScale([Float32Array.of(1, 1)])).toEqual({ low: 0, high: 2 })
    expect(commonScale([])).toEqual({ low: 0, high: 1 })
  })

  it('have the lowest frequency at the bottom, the darkest colour for the lowest value', () => {
    const pixels = paint(Float32Array.of(0, 0.5, 1, 7), [2, 2], { low: 0, high: 1 })
    const colour = (entry: number) => [...COLOURS.subarray(4 * entry, 4 * entry + 4)]
    expect([...pixels]).toEqual([colour(255), colour(255), colour(0), colour(128)].flat())
    const lightness = Array.from({ length: 256 }, (_, i) => 0.2126 * COLOURS[4 * i]! + 0.7152 * COLOURS[4 * i + 1]! + 0.0722 * COLOURS[4 * i + 2]!)
    expect(lightness.every((v, i) => i === 0 || v >= lightness[i - 1]!)).toBe(true)
  })

  it('say what was drawn in a few characters', () => {
    expect(drawnText({ factor: 1.0834 }, (s) => s)).toBe('×1.08')
    expect(drawnText({ seconds: -0.0321 }, (s) => s)).toBe('−32 ms')
    expect(drawnText({ source: 'pink', snr: 12.4 }, (s) => s.toUpperCase())).toBe('PINK, 12 dB')
    expect(drawnText({ '460 Hz': 3.2 }, (s) => s)).toBe('460 Hz +3 dB')
  })
})
