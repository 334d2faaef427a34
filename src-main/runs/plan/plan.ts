/** Everything about a training that can be told before it begins, without computing. */
import { listDatasets, type Clip, type Library } from '../../catalog/index.ts'
import { frontEndShape } from '../../features/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { countMacs, countParameters, describeNetwork, planNetwork, sketchNetwork, type LayerRow } from '../../nn/index.ts'
import { trainingSettingsSchema, type TrainingSettings } from '../../training/index.ts'
import { selectClips } from '../select-clips.ts'
import { dataProblems } from './data-problems.ts'
import type { PlanField, PlanProblem } from './problem.ts'
import { settingProblems } from './setting-problems.ts'

export interface PlannedNetwork {
  /** [channel, height, width] of one clip's features. */
  readonly input: readonly number[]
  readonly layers: readonly LayerRow[]
  readonly parameters: number
  /** Multiply-accumulates of the forward pass for one clip. */
  readonly macs: number
}

export interface TrainingPlan {
  /** Null where they are not valid. */
  readonly settings: TrainingSettings | null
  readonly problems: readonly PlanProblem[]
  readonly labels: readonly string[]
  readonly clips: { readonly train: number; readonly validation: number; readonly test: number }
  /** Null where the settings do not make one. */
  readonly network: PlannedNetwork | null
  /** Clips a step. */
  readonly batch: number
  readonly stepsPerEpoch: number
}

/** `settings` as they were typed: what is wrong with them is a problem of the plan and no error. */
export function planTraining(library: Library, dataset: string, settings: unknown): Result<TrainingPlan> {
  const planner = createPlanner(library, dataset)
  return planner.ok ? ok(planner.value(settings)) : planner
}

/** Plans of several settings for the clips as they are now, which are looked at once. */
export function createPlanner(library: Library, dataset: string): Result<(settings: unknown) => TrainingPlan> {
  const selected = selectClips(library, dataset)
  if (!selected.ok) return selected
  const { clips, labels } = selected.value
  const count = (split: string) => clips.filter((c) => c.split === split).length
  const sides = { train: count('train'), validation: count('validation'), test: count('test') }
  const ofData = dataProblems(selected.value)
  return ok((settings) => planOn({ clips, labels, sides, ofData }, settings))
}

interface PlannedOn {
  readonly clips: readonly Clip[]
  readonly labels: readonly string[]
  readonly sides: TrainingPlan['clips']
  readonly ofData: readonly PlanProblem[]
}

function planOn({ clips, labels, sides, ofData }: PlannedOn, settings: unknown): TrainingPlan {
  const problems: PlanProblem[] = [...ofData]
  const parsed = trainingSettingsSchema.safeParse(settings)
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) problems.push(invalid(path, message))
    return { settings: null, problems, labels, clips: sides, network: null, batch: 0, stepsPerEpoch: 0 }
  }
  const valid = parsed.data
  problems.push(...settingProblems(valid, clips))
  // A network is shown for two classes where the dataset has too few to train.
  const planned = planOf(valid, Math.max(2, labels.length))
  if (!planned.ok) {
    const { message, hint } = planned.error
    problems.push({ code: 'SHAPE_MISMATCH', level: 'error', field: 'architecture', message: hint === undefined ? message : `${message}. ${hint}`, values: { message, ...layerProblem(valid, Math.max(2, labels.length)) } })
  }
  const batch = Math.min(valid.batch, Math.max(1, sides.train))
  return { settings: valid, problems, labels, clips: sides, network: planned.ok ? planned.value : null, batch, stepsPerEpoch: Math.ceil(sides.train / batch) }
}

/** The dataset of an id, as people name it. */
export function datasetById(library: Library, id: number): Result<string> {
  const found = listDatasets(library.catalog).find((d) => d.id === id)
  return found ? ok(found.name) : fail('NOT_FOUND', 'This dataset is no longer there')
}

function planOf({ architecture, frontEnd }: TrainingSettings, classes: number): Result<PlannedNetwork> {
  const inputShape = frontEndShape(frontEnd)
  const network = planNetwork({ architecture, inputShape, classes })
  if (!network.ok) return network
  const layers = describeNetwork(architecture, inputShape, classes)
  if (!layers.ok) return layers
  return ok({ input: inputShape, layers: layers.value, parameters: countParameters(network.value), macs: countMacs(network.value) })
}

/** The layer that does not fit and what is wrong with it, as a code with values. */
function layerProblem({ architecture, frontEnd }: TrainingSettings, classes: number): Record<string, string | number> {
  const wrong = sketchNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes }).rows.find((row) => row.problem)
  return wrong?.problem ? { ...wrong.problem.values, layer: wrong.path, problem: wrong.problem.code } : {}
}

const FIELDS: readonly PlanField[] = ['frontEnd', 'architecture', 'augment', 'loss', 'optimizer', 'schedule', 'epochs', 'batch', 'clipNorm', 'patience', 'seed']

function invalid(path: readonly PropertyKey[], message: string): PlanProblem {
  const field = FIELDS.find((f) => f === path[0]) ?? 'epochs'
  const where = path.map(String).join('.')
  return { code: 'SETTING_INVALID', level: 'error', field, message: `${where}: ${message}`, values: { setting: where, message } }
}
