import type { Library } from '../../catalog/index.ts'
import { parsePolicy, type AugmentPolicy } from '../../augment/index.ts'
import { datasetStats } from '../../curation/index.ts'
import { FRONT_ENDS, frontEndShape, loadFrontEnd, parseFrontEnd, type FrontEndConfig } from '../../features/index.ts'
import { fail, ok, type Result } from '../../kit/index.ts'
import { withActivation, type ActivationName } from '../../nn/index.ts'
import { commonestRate, createTrainingRun, readRun, suitedFrontEnd, trainRun } from '../../runs/index.ts'
import { defaultPolicy, defaultSettings, fittedPolicies, listArchitectures, type TrainingResult, type TrainingSettings } from '../../training/index.ts'
import type { Invocation } from '../command-line.ts'
import { duration, percent } from '../console.ts'
import { namedOrFile } from '../named-or-file.ts'
import { withLibrary } from '../with-library.ts'
import { loadArchitecture } from './architectures.ts'
import { tellTraining } from './training-report.ts'

export interface TrainOptions {
  readonly model: string
  /** For every activation of the network. */
  readonly activation?: ActivationName
  readonly frontEnd?: string
  readonly augment?: string
  readonly epochs?: number
  readonly batch?: number
  readonly optimizer?: 'sgd' | 'adam' | 'adamw'
  readonly lr?: number
  readonly balance?: 'sampling' | 'weights'
  readonly seed: number
  readonly device: 'auto' | 'cpu' | 'webgpu'
  readonly threads?: number
  readonly name?: string
  readonly resume?: string
}

export const train = withLibrary(async (library, invocation, dataset: string, options: TrainOptions) => {
  const run = options.resume === undefined ? await newRun(library, dataset, options) : await knownRun(library, dataset, options.resume)
  if (!run.ok) return run
  const { console } = invocation
  console.say(`run ${run.value}`)
  console.event({ type: 'run', run: run.value })
  return finishTraining(library, invocation, run.value, options.resume !== undefined)
})

/** Trains a run that exists and tells the result; stopping it (Ctrl-C) is said with how to go on. */
export async function finishTraining(library: Library, { console, signal }: Invocation, run: string, resume: boolean): Promise<Result<Record<string, unknown>>> {
  const trained = await trainRun(library, run, { resume, signal, onEvent: tellTraining(console) })
  if (!trained.ok) return trained
  const result = trained.value
  if (result.status === 'cancelled')
    return fail('CANCELLED', `Stopped after ${result.steps} steps; nothing is lost`, { hint: `Go on with: espectro train DATASET --resume ${run}` })
  sayResult(console, result)
  const { validation, test } = result.evaluation
  return ok({
    run,
    status: result.status,
    parameters: result.parameters,
    device: result.device,
    deviceReason: result.deviceReason,
    threads: result.threads,
    epochs: result.epochs,
    steps: result.steps,
    secondsPerEpoch: result.secondsPerEpoch,
    stepShare: result.stepShare,
    preparationSeconds: result.preparationSeconds,
    clips: result.clips,
    skipped: result.skipped,
    'validation.accuracy': validation?.accuracy ?? null,
    'test.accuracy': test?.accuracy ?? null,
    validation: validation && { accuracy: validation.accuracy, macroF1: validation.macroF1 },
    test: test && { accuracy: test.accuracy, macroF1: test.macroF1, interval: test.intervals.accuracy },
  })
}

function sayResult(console: Invocation['console'], result: TrainingResult): void {
  const each = result.secondsPerEpoch === null ? '' : `, ${duration(result.secondsPerEpoch)} an epoch`
  const share = result.stepShare === null ? '' : `, ${percent(result.stepShare)} of it in training steps`
  console.say(`\n${result.status === 'stopped-early' ? 'stopped early' : 'finished'}: ${result.epochs} epochs${each}${share} on ${result.device}`)
  if (result.chosen) console.say(`weights: ${result.chosen.kind}, of epoch ${result.chosen.epoch}`)
  for (const split of ['validation', 'test'] as const) {
    const e = result.evaluation[split]
    if (e) console.say(`${split}: accuracy ${percent(e.accuracy)}${e.intervals.accuracy ? ` (95 % interval ${percent(e.intervals.accuracy.low)} to ${percent(e.intervals.accuracy.high)})` : ''}, ${e.clips} clips`)
  }
  for (const s of result.skipped.slice(0, 10)) console.say(`left out: ${s.file}: ${s.message}`)
}

async function newRun(library: Library, dataset: string, options: TrainOptions): Promise<Result<string>> {
  const settings = await chooseSettings(library, dataset, options)
  if (!settings.ok) return settings
  const run = await createTrainingRun(library, {
    dataset,
    settings: settings.value,
    device: options.device,
    threads: options.threads ?? null,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  return run.ok ? ok(run.value.id) : run
}

async function chooseSettings(library: Library, dataset: string, options: TrainOptions): Promise<Result<TrainingSettings>> {
  const loaded = await loadArchitecture(listArchitectures(library), options.model)
  if (!loaded.ok) return loaded
  const architecture = options.activation === undefined ? loaded.value : withActivation(loaded.value, options.activation)
  const frontEnd = await chooseFrontEnd(library, dataset, options.frontEnd ?? suitedFrontEnd(architecture))
  if (!frontEnd.ok) return frontEnd
  const augment = await loadPolicy(library, options.augment ?? defaultPolicy(frontEnd.value), frontEnd.value)
  if (!augment.ok) return augment
  const { optimizer, epochs, batch, lr, balance, seed } = options
  return ok(
    defaultSettings({
      architecture,
      frontEnd: frontEnd.value,
      seed,
      augment: augment.value,
      ...(optimizer === undefined ? {} : { optimizer }),
      ...(epochs === undefined ? {} : { epochs }),
      ...(batch === undefined ? {} : { batch }),
      ...(lr === undefined ? {} : { learningRate: lr }),
      ...(balance === undefined ? {} : { balance }),
    }),
  )
}

/** A named front end takes the sample rate that most of the dataset's clips have; a file is taken as written. */
async function chooseFrontEnd(library: Library, dataset: string, nameOrFile: string): Promise<Result<FrontEndConfig>> {
  if (!Object.hasOwn(FRONT_ENDS, nameOrFile)) return namedOrFile(nameOrFile, 'front end', new Map(Object.entries(FRONT_ENDS)), parseFrontEnd)
  const stats = datasetStats(library, dataset)
  if (!stats.ok) return stats
  return loadFrontEnd(nameOrFile, { datasetSampleRate: commonestRate(stats.value.perSampleRate) })
}

/** One that comes with Espectro, scaled to the front end's features, one saved in this library, or a file. */
const loadPolicy = (library: Library, nameOrFile: string, frontEnd: FrontEndConfig): Promise<Result<AugmentPolicy>> =>
  namedOrFile(nameOrFile, 'augmentation policy', new Map(fittedPolicies(library, frontEndShape(frontEnd)).map((p) => [p.name, p.policy])), parsePolicy)

async function knownRun(library: Library, dataset: string, id: string): Promise<Result<string>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config } = details.value
  if (config.dataset.name !== dataset)
    return fail('USAGE', `The run ${record.id} belongs to the dataset "${config.dataset.name}", not "${dataset}"`)
  if (record.status === 'finished') return fail('INVALID', `The run ${record.id} has finished; there is nothing to resume`)
  return ok(record.id)
}
