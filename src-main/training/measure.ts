/**
 * What a training step takes on this machine, tried with noise in the place of features: arithmetic does not
 * depend on the values. Runs in the training process, so that its memory is that of a training.
 */
import { createRandom, createScope, unwrap } from '../kit/index.ts'
import { frontEndShape } from '../features/index.ts'
import { chooseThreads } from './device.ts'
import { quantile } from './evaluation/bootstrap.ts'
import type { TaskContext } from './evaluate.ts'
import { ghostBatchesOf } from './ghost-batches.ts'
import type { TrainingJob, TrainingSettings } from './job.ts'
import { createTrainingEngine } from './training-engine.ts'

export interface MeasureJob extends Pick<TrainingJob, 'device' | 'threads'> {
  readonly settings: TrainingSettings
  readonly classes: number
  /** Clips a step. */
  readonly batch: number
  /** About how long to try, seconds. */
  readonly seconds: number
}

export interface Measured {
  readonly device: 'cpu' | 'webgpu'
  readonly deviceReason: string
  readonly threads: number
  /** Seconds of a step: the middle, and the tenth and ninetieth percentile of the steps tried. */
  readonly step: { readonly low: number; readonly middle: number; readonly high: number }
  /** Seconds of the forward pass of one clip. */
  readonly forwardClip: number
  /** Resident memory of the process with the network in it, bytes. */
  readonly memory: number
}

const WARM_UP = 2
const LEAST_STEPS = 3
const MOST_STEPS = 200
const FORWARD_CLIPS = 64

export async function measure(job: MeasureJob, { device: { device, reason } }: TaskContext): Promise<Measured> {
  const { settings, classes, batch } = job
  await using scope = createScope()
  const threads = chooseThreads(job.threads)
  const inputShape = frontEndShape(settings.frontEnd)
  const { architecture, loss, optimizer, clipNorm } = settings
  const engine = scope.add(
    unwrap(await createTrainingEngine({ architecture, inputShape, classes, batch, loss, optimizer, ...(clipNorm === null ? {} : { clipNorm }), ghostBatches: ghostBatchesOf(settings, batch), device, threads, seed: 0 })),
  )
  const random = createRandom('measure')
  const size = inputShape.reduce((a, b) => a * b, 1)
  const x = Float32Array.from({ length: batch * size }, () => random.normal())
  const target = new Float32Array(batch * classes)
  for (let row = 0; row < batch; row++) target[row * classes + (row % classes)] = 1
  const taken: number[] = []
  const begun = performance.now()
  for (let step = 0; step < MOST_STEPS; step++) {
    const at = performance.now()
    await engine.step({ x, target, learningRate: 1e-4, step })
    if (step >= WARM_UP) taken.push((performance.now() - at) / 1000)
    if (taken.length >= LEAST_STEPS && performance.now() - begun > job.seconds * 1000) break
  }
  const clips = Array.from({ length: FORWARD_CLIPS }, (_, i) => x.subarray((i % batch) * size, ((i % batch) + 1) * size))
  await engine.predict(clips)
  const forwardAt = performance.now()
  await engine.predict(clips)
  const forwardClip = (performance.now() - forwardAt) / 1000 / FORWARD_CLIPS
  taken.sort((a, b) => a - b)
  return {
    device,
    deviceReason: reason,
    threads,
    step: { low: quantile(taken, 0.1), middle: quantile(taken, 0.5), high: quantile(taken, 0.9) },
    forwardClip,
    memory: process.memoryUsage().rss,
  }
}
