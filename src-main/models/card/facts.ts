/**
 * What a model card says (Mitchell et al., "Model Cards for Model Reporting", 2019), as plain values: no paths, nothing
 * that names the machine. Kept with the model, so that its card outlives its run.
 */
import type { Library } from '../../catalog/index.ts'
import { ok, type Result } from '../../kit/index.ts'
import { countParameters, planNetwork } from '../../nn/index.ts'
import { frontEndShape } from '../../features/index.ts'
import { readRun, readSnapshot, runCalibration, type RunDetails } from '../../runs/index.ts'
import type { Classification, TrainingClip } from '../../training/index.ts'

const SIDES = ['train', 'validation', 'test'] as const
export type Side = (typeof SIDES)[number]

export interface SideFacts {
  readonly clips: number
  readonly seconds: number
  readonly recordings: number
  /** Those that are known. */
  readonly speakers: number
  /** Clips of each label, in the order of the labels. */
  readonly labels: readonly number[]
}

interface Bounds {
  readonly low: number
  readonly high: number
}

export interface EvaluationFacts {
  readonly clips: number
  readonly accuracy: number
  readonly balancedAccuracy: number
  readonly macroF1: number
  readonly calibrationError: number | null
  readonly intervals: { readonly accuracy: Bounds | null; readonly balancedAccuracy: Bounds | null; readonly macroF1: Bounds | null }
  readonly perClass: readonly { readonly label: string; readonly support: number; readonly precision: number | null; readonly recall: number | null; readonly f1: number | null }[]
  readonly confusions: readonly { readonly truth: string; readonly predicted: string; readonly count: number; readonly share: number }[]
}

export interface CardFacts {
  readonly run: string
  readonly runName: string
  /** ISO 8601, UTC. */
  readonly trainedAt: string | null
  readonly dataset: string
  readonly labels: readonly string[]
  readonly sides: Readonly<Record<Side, SideFacts>>
  /** Speakers that training and test share. */
  readonly sharedSpeakers: number
  readonly hashes: { readonly dataset: string; readonly split: string; readonly job: string | null; readonly frontEnd: string | null }
  readonly settings: {
    readonly architecture: string
    readonly paper: string | null
    readonly parameters: number
    readonly frontEnd: string
    /** [frequency, frame] */
    readonly features: readonly [number, number]
    readonly sampleRate: number
    readonly seconds: number
    readonly augmentations: readonly string[]
    readonly optimizer: string
    readonly schedule: string
    readonly rate: number
    readonly epochs: number
    readonly chosenEpoch: number | null
    readonly batch: number
    readonly seed: number
    readonly device: string
  }
  /** Of the validation clips (Guo et al. 2017); models of earlier versions do not say. */
  readonly fittedTemperature?: number | null
  readonly validation: EvaluationFacts | null
  readonly test: EvaluationFacts | null
}

export async function gatherFacts(library: Library, run: string): Promise<Result<CardFacts>> {
  const details = await readRun(library, run)
  if (!details.ok) return details
  const clips = await readSnapshot(library, details.value.record)
  if (!clips.ok) return clips
  const calibration = await runCalibration(library, run)
  return ok({ ...factsOf(details.value, clips.value, speakersOf(library, clips.value)), fittedTemperature: calibration.ok ? (calibration.value?.temperature ?? null) : null })
}

function factsOf({ record, config, result }: RunDetails, clips: readonly TrainingClip[], speakers: ReadonlyMap<number, string>): CardFacts {
  const { settings, labels } = config
  const { frontEnd, architecture } = settings
  const [, height, width] = frontEndShape(frontEnd)
  const network = planNetwork({ architecture, inputShape: frontEndShape(frontEnd), classes: labels.length })
  const on = (side: Side) => clips.filter((clip) => clip.split === side)
  const named = (side: Side) => new Set(on(side).flatMap((clip) => speakers.get(clip.id) ?? []))
  const describe = (side: Side): SideFacts => {
    const some = on(side)
    return {
      clips: some.length,
      seconds: some.reduce((sum, clip) => sum + (clip.endSample - clip.startSample) / clip.sampleRate, 0),
      recordings: new Set(some.map((clip) => clip.contentKey)).size,
      speakers: named(side).size,
      labels: labels.map((_, i) => some.filter((clip) => clip.label === i).length),
    }
  }
  const tested = named('test')
  return {
    run: record.id,
    runName: record.name,
    trainedAt: record.finishedAt,
    dataset: config.dataset.name,
    labels,
    sides: { train: describe('train'), validation: describe('validation'), test: describe('test') },
    sharedSpeakers: [...named('train')].filter((speaker) => tested.has(speaker)).length,
    hashes: { dataset: config.datasetHash, split: config.splitHash, job: result?.hashes.job ?? null, frontEnd: result?.hashes.frontEnd ?? null },
    settings: {
      architecture: architecture.title,
      paper: architecture.paper ?? null,
      parameters: network.ok ? countParameters(network.value) : 0,
      frontEnd: frontEnd.kind,
      features: [height, width],
      sampleRate: frontEnd.sampleRate,
      seconds: frontEnd.clip.seconds,
      augmentations: settings.augment.steps.map((step) => step.type),
      optimizer: settings.optimizer.type,
      schedule: settings.schedule.type,
      rate: settings.schedule.rate,
      epochs: result?.epochs ?? settings.epochs,
      chosenEpoch: result?.chosen?.epoch ?? null,
      batch: settings.batch,
      seed: settings.seed,
      device: result?.device ?? config.device,
    },
    validation: evaluationFacts(result?.evaluation.validation ?? null),
    test: evaluationFacts(result?.evaluation.test ?? null),
  }
}

const evaluationFacts = (c: Classification | null): EvaluationFacts | null =>
  c && {
    clips: c.clips,
    accuracy: c.accuracy,
    balancedAccuracy: c.balancedAccuracy,
    macroF1: c.macroF1,
    calibrationError: c.expectedCalibrationError,
    intervals: { accuracy: c.intervals.accuracy, balancedAccuracy: c.intervals.balancedAccuracy, macroF1: c.intervals.macroF1 },
    perClass: c.perClass.map(({ label, support, precision, recall, f1 }) => ({ label, support, precision, recall, f1 })),
    confusions: c.topConfusions.map(({ truth, predicted, count, share }) => ({ truth, predicted, count, share })),
  }

/** As the library knows them now; a run's snapshot does not name speakers. */
function speakersOf({ catalog }: Library, clips: readonly TrainingClip[]): ReadonlyMap<number, string> {
  const wanted = JSON.stringify(clips.map((clip) => clip.id))
  const rows = catalog.all<{ id: number; speaker: string }>(
    'SELECT id, speaker FROM clips WHERE speaker IS NOT NULL AND id IN (SELECT value FROM json_each(?))', wanted,
  )
  return new Map(rows.map((row) => [row.id, row.speaker]))
}
