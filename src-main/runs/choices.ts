/** What can be chosen for a training of a dataset, with a good start for its size and its recordings. */
import type { AugmentPolicy } from '../augment/index.ts'
import type { Library } from '../catalog/index.ts'
import { datasetStats } from '../curation/index.ts'
import { DEFAULT_FRONT_END, FRONT_ENDS, frontEndShape, loadFrontEnd, type FrontEndConfig, type FrontEndName } from '../features/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { architectures, planNetwork, type Architecture } from '../nn/index.ts'
import { DEFAULT_RATES, defaultSettings, listArchitectures, listPolicies, suggestSize, type NamedArchitecture, type TrainingSettings } from '../training/index.ts'

export interface TrainingChoices {
  /** `frontEnd` names the one that suits each best. */
  readonly architectures: readonly (NamedArchitecture & { readonly frontEnd: FrontEndName })[]
  /** At the rate of most of the dataset's recordings. */
  readonly frontEnds: readonly { readonly name: FrontEndName; readonly config: FrontEndConfig }[]
  /** Those of the person too. */
  readonly policies: readonly { readonly name: string; readonly policy: AugmentPolicy }[]
  readonly rates: typeof DEFAULT_RATES
  /** Where a person starts. */
  readonly settings: TrainingSettings
}

const DEFAULT_ARCHITECTURE = 'lenet5'

export function trainingChoices(library: Library, dataset: string): Result<TrainingChoices> {
  const stats = datasetStats(library, dataset)
  if (!stats.ok) return stats
  const datasetSampleRate = commonestRate(stats.value.perSampleRate)
  // A rate that a front end cannot take (below twice its lowest band) leaves it out.
  const frontEnds = frontEndNames().flatMap((name) => {
    const config = loadFrontEnd(name, { datasetSampleRate })
    return config.ok ? [{ name, config: config.value }] : []
  })
  const first = architectures.get(DEFAULT_ARCHITECTURE)!
  const training = stats.value.perSplit.find((s) => s.split === 'train')?.clips ?? stats.value.clips
  return ok({
    architectures: listArchitectures(library).map((named) => ({ ...named, frontEnd: suitedFrontEnd(named.architecture) })),
    frontEnds,
    policies: listPolicies(library).map(({ name, policy }) => ({ name, policy })),
    rates: DEFAULT_RATES,
    settings: defaultSettings({ architecture: first, frontEnd: frontEnds.find((f) => f.name === suitedFrontEnd(first))?.config ?? FRONT_ENDS[DEFAULT_FRONT_END], ...suggestSize(training) }),
  })
}

const frontEndNames = (): FrontEndName[] => Object.keys(FRONT_ENDS) as FrontEndName[]

/** Hz; undefined where there is no clip. */
export const commonestRate = (rates: readonly { readonly sampleRate: number; readonly clips: number }[]): number | undefined =>
  [...rates].sort((a, b) => b.clips - a.clips)[0]?.sampleRate

/** Those that come with Espectro are planned once: choices are asked for at every change of the library. */
const suited = new WeakMap<Architecture, FrontEndName>()

/** The default front end where the architecture can take it, else that of its published input, else the first that fits. */
export function suitedFrontEnd(architecture: Architecture): FrontEndName {
  const known = suited.get(architecture) ?? findSuited(architecture)
  suited.set(architecture, known)
  return known
}

function findSuited(architecture: Architecture): FrontEndName {
  const names = frontEndNames()
  const shape = (name: FrontEndName) => frontEndShape(FRONT_ENDS[name])
  const fits = (name: FrontEndName) => planNetwork({ architecture, inputShape: shape(name), classes: 2 }).ok
  const published = names.find((name) => shape(name).join() === architecture.publishedInput?.join())
  return [DEFAULT_FRONT_END, ...(published ? [published] : []), ...names].find(fits) ?? DEFAULT_FRONT_END
}
