import { describe, expect, it } from 'vitest'
import {
  AUGMENT_POLICIES, fitPolicy, hasWaveformSteps, loadPolicy, parsePolicy, scaleSpecAugment, SPEC_AUGMENT, stageOf, STEP_PARAMETERS, variantOf, type AugmentPolicyName,
} from '../../../src-main/augment/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'

describe('policies', () => {
  it('load by name and from JSON', () => {
    for (const [name, value] of Object.entries(AUGMENT_POLICIES)) {
      expect(unwrap(loadPolicy(name))).toEqual(value)
      expect(unwrap(loadPolicy(JSON.stringify(value)))).toEqual(value)
    }
  })

  it.each([
    ['specaug', 'NOT_FOUND', 'specaug'],
    ['{', 'INVALID', 'JSON'],
    ['{"version":1,"steps":[{"type":"timeMask","width":-1}]}', 'INVALID', 'steps.0.width'],
    ['{"version":1,"steps":[{"type":"timeMask","width":1,"cuont":2}]}', 'INVALID', 'cuont'],
    ['{"version":1,"steps":[{"type":"mixup"}]}', 'INVALID', 'steps.0.alpha'],
    ['{"version":1,"steps":[{"type":"reverse"}]}', 'INVALID', 'steps.0.type'],
    ['{"version":1,"steps":[{"type":"gain","low":3,"high":1}]}', 'INVALID', 'steps.0.high'],
    ['{"version":1,"steps":[{"type":"noise","snrLow":9,"snrHigh":3}]}', 'INVALID', 'steps.0.snrHigh'],
    ['{"version":1,"steps":[{"type":"noise","snrLow":1,"snrHigh":3,"sources":["clips"]}]}', 'INVALID', 'steps.0.label'],
    ['{"version":1,"steps":[{"type":"noise","snrLow":1,"snrHigh":3,"sources":[]}]}', 'INVALID', 'steps.0.sources'],
    ['{"version":1,"steps":[{"type":"timeWarp","width":1},{"type":"speed","factor":1.1}]}', 'INVALID', 'steps.1.type'],
    ['{"version":1,"steps":[{"type":"mixup","alpha":1},{"type":"timeWarp","width":1}]}', 'INVALID', 'steps.1.type'],
    ['{"version":1,"steps":[{"type":"mixup","alpha":1},{"type":"mixup","alpha":1}]}', 'INVALID', 'steps.1.type'],
    ['{"version":1,"steps":[],"renewEvery":0}', 'INVALID', 'renewEvery'],
    ['{"version":1}', 'INVALID', 'steps'],
  ])('refuse %s', (text, code, named) => {
    const result = loadPolicy(text)
    expect(result.ok ? 'accepted' : result.error.code).toBe(code)
    expect(result.ok ? '' : result.error.message).toContain(named)
  })

  it('say which of them change the sound', () => {
    expect(Object.entries(AUGMENT_POLICIES).filter(([, policy]) => hasWaveformSteps(policy)).map(([name]) => name)).toEqual(['waveform'])
    expect(stageOf({ type: 'mixup' })).toBe('batch')
  })

  it("scale the paper's numbers to other sizes: the same parts of the picture", () => {
    expect(scaleSpecAugment(SPEC_AUGMENT.LB, { bands: 80, frames: 1230 })).toEqual(SPEC_AUGMENT.LB)
    expect(scaleSpecAugment(SPEC_AUGMENT.LD, { bands: 64, frames: 64 })).toEqual({ W: 4, F: 22, mF: 2, T: 5, p: 1, mT: 2 })
    expect(scaleSpecAugment(SPEC_AUGMENT.SM, { bands: 1, frames: 1 })).toMatchObject({ W: 1, F: 1, T: 1 })
  })

  it('are fitted to the size of the features: the same at 64×64, the same parts elsewhere', () => {
    for (const name of Object.keys(AUGMENT_POLICIES) as AugmentPolicyName[]) {
      expect(fitPolicy(name, { bands: 64, frames: 64 })).toBe(AUGMENT_POLICIES[name])
      for (const size of [{ bands: 40, frames: 101 }, { bands: 1, frames: 16_000 }, { bands: 224, frames: 224 }]) expect(unwrap(parsePolicy(fitPolicy(name, size)))).toEqual(fitPolicy(name, size))
    }
    const steps = (name: AugmentPolicyName, bands: number, frames: number) => fitPolicy(name, { bands, frames }).steps
    // Table 1 of the paper at its own size.
    expect(steps('LD', 80, 1230)).toMatchObject([{ width: 80 }, { width: 27, count: 2 }, { width: 100, count: 2 }])
    expect(steps('standard', 128, 32)).toMatchObject([{ type: 'affine', shift: 2, stretch: 1.16 }, { width: 2 }, { type: 'frequencyMask', width: 16 }, { type: 'timeMask', width: 4, maxFraction: 0.2 }])
    expect(steps('SS', 1, 16_000).map((s) => s.type)).toEqual(['timeWarp', 'timeMask'])
    expect(steps('waveform', 40, 101)).toEqual(AUGMENT_POLICIES.waveform.steps)
  })

  it('offer settings that every step takes, at both ends of their sliders', () => {
    for (const [type, parameters] of Object.entries(STEP_PARAMETERS)) {
      const initial = Object.fromEntries(parameters.map((p) => [p.name, p.initial]))
      unwrap(parsePolicy({ version: 1, steps: [{ type, ...initial }] }))
      for (const p of parameters) {
        if (p.kind !== 'number') continue
        for (const value of [p.min, p.max]) {
          // The other end of a range goes along.
          const pair = Object.fromEntries(parameters.filter((q) => /(low|high)$/i.test(q.name) && q.kind === 'number').map((q) => [q.name, value]))
          unwrap(parsePolicy({ version: 1, steps: [{ type, ...initial, ...(p.name in pair ? samePair(p.name, pair) : {}), [p.name]: value }] }))
        }
      }
    }
  })

  it('renew the sound of as many clips in every pass', () => {
    const policy = { ...AUGMENT_POLICIES.waveform, renewEvery: 3 }
    for (let pass = 0; pass < 7; pass++) {
      const renewed = Array.from({ length: 30 }, (_, clip) => variantOf(policy, clip, pass + 1) - variantOf(policy, clip, pass))
      expect(renewed.reduce((a, b) => a + b)).toBe(10)
    }
    expect(variantOf({ ...policy, renewEvery: 1 }, 17, 5)).toBe(5)
  })
})

/** Of the ends of ranges, the two that belong together: `snrLow` and `snrHigh`. */
function samePair(name: string, ends: Readonly<Record<string, number>>): Record<string, number> {
  const stem = name.replace(/(low|high)$/i, '')
  return Object.fromEntries(Object.entries(ends).filter(([other]) => other.replace(/(low|high)$/i, '') === stem && /^(lowCut|highCut)$/.test(other) === false))
}
