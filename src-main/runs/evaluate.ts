/** Evaluates a run's weights on a side of the split that it was made with. */
import type { Library } from '../catalog/index.ts'
import { fail, type Result } from '../kit/index.ts'
import { startEvaluation, type EvaluationResult, type StartOptions, type TrainingClip } from '../training/index.ts'
import { chooseCheckpoint } from './model.ts'
import { readRun, readSnapshot } from './record.ts'

export interface EvaluateRunOptions extends StartOptions {
  readonly device?: 'auto' | 'cpu' | 'webgpu'
  readonly threads?: number | null
}

export async function evaluateRun(library: Library, id: string, split: TrainingClip['split'] = 'test', options: EvaluateRunOptions = {}): Promise<Result<EvaluationResult>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config } = details.value
  const clips = await readSnapshot(library, record)
  if (!clips.ok) return clips
  const wanted = clips.value.filter((c) => c.split === split)
  if (wanted.length === 0) return fail('INVALID', `The run ${record.id} has no ${split} clips`, { hint: 'Choose another side, or split the dataset and train again.' })
  const chosen = await chooseCheckpoint(details.value)
  if (!chosen.ok) return chosen
  const { device, threads, ...start } = options
  return startEvaluation(
    {
      version: 1,
      labels: config.labels,
      clips: wanted,
      frontEnd: config.settings.frontEnd,
      architecture: config.settings.architecture,
      checkpoint: chosen.value.path,
      device: device ?? config.device,
      threads: threads === undefined ? config.threads : threads,
      features: library.folder.features,
      seed: config.settings.seed,
    },
    start,
  )
}
