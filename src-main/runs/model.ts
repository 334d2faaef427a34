/** What a run has learned: the weights that its evaluation used, with everything needed to use them elsewhere. */
import type { Library } from '../catalog/index.ts'
import type { DatasetNormalisation, FrontEndConfig } from '../features/index.ts'
import { assert, ok, type Result } from '../kit/index.ts'
import type { Architecture, Weights } from '../nn/index.ts'
import { bestPath, readCheckpoint, readNewestCheckpoint, runFiles, type Checkpoint } from '../training/index.ts'
import { readRun, type RunDetails } from './record.ts'
import { calibrationOf } from './scores.ts'

export interface RunModel {
  readonly name: string
  readonly architecture: Architecture
  /** Parameters and buffers by path. */
  readonly weights: Weights
  readonly frontEnd: FrontEndConfig
  readonly labels: readonly string[]
  readonly normalisation: DatasetNormalisation | null
  readonly provenance: {
    readonly dataset: string
    readonly datasetHash: string
    readonly splitHash: string
    readonly run: string
    readonly runName: string
    readonly jobHash: string
  }
  /** What the logits are divided by for calibrated probabilities (see training/evaluation/temperature.ts); null without validation clips. */
  readonly fittedTemperature: number | null
  /** `validation.accuracy`, `test.accuracy`, where they were measured. */
  readonly metrics: Readonly<Record<string, number>>
}

export interface ChosenCheckpoint {
  readonly path: string
  readonly checkpoint: Checkpoint
}

/**
 * The weights that count: those the finished run was evaluated with; of a run that has not finished the best so
 * far, else the newest.
 */
export async function chooseCheckpoint({ record, config, result }: RunDetails): Promise<Result<ChosenCheckpoint>> {
  const folder = runFiles(record.folder).checkpoints
  const wantsBest = result?.chosen ? result.chosen.kind === 'best' : config.settings.select === 'best' && config.clips.validation > 0
  if (wantsBest) {
    const path = bestPath(folder)
    const best = await readCheckpoint(path)
    if (best.ok) return ok({ path, checkpoint: best.value })
    if (result?.chosen) return best
  }
  const newest = await readNewestCheckpoint(folder)
  return newest.ok ? ok({ path: newest.value.path, checkpoint: newest.value.checkpoint }) : newest
}

/** Fits `exportModel` of the models room as it is. */
export async function loadRunModel(library: Library, id: string): Promise<Result<RunModel>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config, result } = details.value
  const chosen = await chooseCheckpoint(details.value)
  if (!chosen.ok) return chosen
  const { state, tensors } = chosen.value.checkpoint
  const weights = new Map<string, Float32Array>()
  for (const { name, role, data } of tensors) {
    if (role === 'optimizer') continue
    assert(data instanceof Float32Array, `the weights ${name} are not float32`)
    weights.set(name, data)
  }
  const calibration = await calibrationOf(library, details.value)
  const measured = { 'validation.accuracy': result?.evaluation.validation?.accuracy, 'test.accuracy': result?.evaluation.test?.accuracy }
  return ok({
    name: record.name,
    architecture: config.settings.architecture,
    weights,
    frontEnd: config.settings.frontEnd,
    labels: config.labels,
    normalisation: state.normalisation,
    provenance: {
      dataset: config.dataset.name,
      datasetHash: config.datasetHash,
      splitHash: config.splitHash,
      run: record.id,
      runName: record.name,
      jobHash: state.jobHash,
    },
    fittedTemperature: calibration.ok ? (calibration.value?.temperature ?? null) : null,
    metrics: Object.fromEntries(Object.entries(measured).filter((entry): entry is [string, number] => entry[1] !== undefined)),
  })
}
