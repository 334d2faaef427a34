/** Where the rows of a training's batches come from: cached features, or sound that is varied meanwhile. */
import { rm } from 'node:fs/promises'
import { createAugmenter } from '../augment/index.ts'
import { frontEndShape, type DatasetNormalisation } from '../features/index.ts'
import type { Scope } from '../kit/index.ts'
import { createAugmentedRows } from './augmenting/augmented-rows.ts'
import { keepTrainingClips } from './augmenting/keep-training-clips.ts'
import { createFeatureRows, type RowFiller } from './batch-maker.ts'
import type { BatchOrder, BatchOrderOptions } from './batch-order.ts'
import type { TaskContext } from './evaluate.ts'
import type { TrainingJob } from './job.ts'
import type { PreparedClip } from './prepare.ts'
import { runFiles } from './run-files.ts'

/** Rows from the features that are at hand. */
export function varyFeatures({ augment, frontEnd, seed }: TrainingJob['settings'], clips: readonly PreparedClip[], batch: number): RowFiller {
  const apply = createAugmenter(augment, frontEndShape(frontEnd))
  return createFeatureRows({
    batch,
    clips: clips.map((c) => c.features),
    seed,
    policy: augment,
    ...(augment.steps.length === 0 ? {} : { augment: (features, out, clip, random) => void apply(features, [clips[clip]!.validFrames], random, out) }),
  })
}

export interface SoundOptions {
  readonly job: TrainingJob
  readonly context: TaskContext
  readonly threads: number
  readonly clips: readonly Pick<PreparedClip, 'clip'>[]
  /** The class of each clip. */
  readonly labels: Int32Array
  readonly normalisation: DatasetNormalisation | null
  readonly order: BatchOrder
  readonly orderOptions: BatchOrderOptions
  readonly firstStep: number
  /** Ends the threads and deletes their file. */
  readonly scope: Scope
}

/** Rows whose sound is varied by threads, ahead of the training. Throws AppErrors. */
export async function varySound(options: SoundOptions): Promise<RowFiller> {
  const { job, context, threads, clips, labels, normalisation, order, orderOptions, firstStep, scope } = options
  const { frontEnd, augment, seed, epochs } = job.settings
  const path = runFiles(job.folders.run).waveforms
  scope.defer(() => rm(path, { force: true }))
  const store = await keepTrainingClips({ path, clips: clips.map((c) => c.clip), frontEnd, policy: augment, labels: job.labels, threads, context })
  const rows = await createAugmentedRows({
    threads,
    batches: order,
    size: frontEndShape(frontEnd).reduce((a, b) => a * b, 1),
    from: firstStep,
    end: epochs * order.stepsPerEpoch,
    order: orderOptions,
    seed,
    store,
    labels,
    labelNames: job.labels,
    frontEnd,
    policy: augment,
    normalisation: frontEnd.normalise === 'dataset' ? normalisation : null,
  })
  return scope.add(rows).fill
}
