import type { Policy, PolicyStep, StepKind, StepSetting } from '@contract'

type NumberSetting = Extract<StepSetting, { kind: 'number' }>

/** What is shown as one control: two settings that are the ends of a range are one slider with two thumbs. */
export type Control =
  | { readonly kind: 'number'; readonly name: string; readonly setting: NumberSetting }
  | { readonly kind: 'range'; readonly name: string; readonly low: NumberSetting; readonly high: NumberSetting }
  | Exclude<StepSetting, NumberSetting>

/** `snrLow` is `snr`, `low` is `level`. */
const stemOf = (name: string): string => name.replace(/low$/i, '') || 'level'

export function controlsOf({ settings }: StepKind): Control[] {
  const controls: Control[] = []
  for (let i = 0; i < settings.length; i++) {
    const [setting, next] = [settings[i]!, settings[i + 1]]
    if (setting.kind !== 'number') controls.push(setting)
    else if (/low$/i.test(setting.name) && next?.kind === 'number' && /high$/i.test(next.name)) {
      controls.push({ kind: 'range', name: stemOf(setting.name), low: setting, high: next })
      i++
    } else controls.push({ kind: 'number', name: setting.name, setting })
  }
  return controls
}

/** A step of a policy as it is edited: one that is off is kept, and left out of the policy. */
export interface DraftStep {
  readonly id: number
  readonly on: boolean
  readonly step: PolicyStep
}

let lastId = 0
export const draftSteps = (policy: Policy): DraftStep[] => policy.steps.map((step) => ({ id: ++lastId, on: true, step: { ...step } }))

export const newStep = ({ type, settings }: StepKind): DraftStep => ({
  id: ++lastId,
  on: true,
  step: { type, probability: 1, ...Object.fromEntries(settings.map((s) => [s.name, s.initial])) },
})

/** Where a step of a stage goes: behind the last one of its stage or of one before. */
export function placeFor(steps: readonly DraftStep[], kind: StepKind, kinds: readonly StepKind[]): number {
  const order = { waveform: 0, feature: 1, batch: 2 }
  const stage = (type: string) => order[kinds.find((k) => k.type === type)?.stage ?? 'waveform']
  const later = steps.findIndex((s) => stage(s.step.type) > order[kind.stage])
  return later < 0 ? steps.length : later
}
