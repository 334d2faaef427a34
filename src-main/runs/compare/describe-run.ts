/** What a table of runs shows of a run's settings, computed once for each. */
import type { RunRecord } from '../../catalog/index.ts'
import { FRONT_ENDS, frontEndHash, frontEndShape, withSampleRate } from '../../features/index.ts'
import { hashJson } from '../../kit/index.ts'
import { countMacs, planNetwork } from '../../nn/index.ts'
import type { TrainingSettings } from '../../training/index.ts'
import { runConfigOf, type RunConfig } from '../record.ts'
import { flattenSettings, type SettingValue } from './flat-settings.ts'

export interface DescribedRun {
  readonly config: RunConfig
  /** The settings in parts, of which runs share most: equal parts are one and the same object. */
  readonly parts: readonly ReadonlyMap<string, SettingValue>[]
  /** Its name where it is one of those that come with Espectro, else its kind. */
  readonly frontEnd: string
  /** Names the augmentation policy by its content. */
  readonly policyHash: string
  /** Multiply-accumulates of the network's forward pass for one clip; null where the network cannot be built any more. */
  readonly macs: number | null
  /** Steps of an epoch, as long as every clip can be read. */
  readonly stepsPerEpoch: number
}

/** Descriptions that are remembered. */
const REMEMBERED = 5000

/** Null where the settings cannot be read. */
export function createRunDescriber(): (record: RunRecord) => DescribedRun | null {
  const known = new Map<string, { readonly config: string; readonly described: DescribedRun | null }>()
  const parts = new Map<string, ReadonlyMap<string, SettingValue>>()
  const shared = (settings: object): ReadonlyMap<string, SettingValue> => {
    const key = JSON.stringify(settings)
    const flat = parts.get(key) ?? flattenSettings(settings)
    parts.set(key, flat)
    return flat
  }
  return (record) => {
    const config = JSON.stringify(record.config)
    const found = known.get(record.id)
    if (found?.config === config) return found.described
    const described = describe(record, shared)
    known.delete(record.id)
    known.set(record.id, { config, described })
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
    return described
  }
}

function describe(record: RunRecord, shared: (settings: object) => ReadonlyMap<string, SettingValue>): DescribedRun | null {
  const config = runConfigOf(record)
  if (!config) return null
  const { settings, labels, clips } = config
  const batch = Math.min(settings.batch, Math.max(1, clips.train))
  const network = planNetwork({ architecture: settings.architecture, inputShape: frontEndShape(settings.frontEnd), classes: labels.length })
  const { frontEnd, architecture, augment, ...rest } = settings
  return {
    config,
    parts: [{ frontEnd }, { architecture }, { augment }, rest].map(shared),
    frontEnd: frontEndName(settings.frontEnd),
    policyHash: hashPolicy(settings.augment),
    macs: network.ok ? countMacs(network.value) : null,
    stepsPerEpoch: Math.max(1, Math.ceil(clips.train / batch)),
  }
}

export const hashPolicy = (policy: TrainingSettings['augment']): string => hashJson(policy)

/** At whatever sample rate. */
function frontEndName(config: TrainingSettings['frontEnd']): string {
  const hash = frontEndHash(config)
  const known = Object.entries(FRONT_ENDS).find(([, preset]) => {
    const there = withSampleRate(preset, config.sampleRate)
    return there.ok && frontEndHash(there.value) === hash
  })
  return known?.[0] ?? config.kind
}
