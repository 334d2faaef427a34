/**
 * What a training will take, from some steps that were tried on this machine. A range and no number: other programs
 * run too, and a machine that grows warm becomes slower.
 */
import { ok, type Result } from '../../kit/index.ts'
import { startMeasurement, type Measured, type TrainingSettings } from '../../training/index.ts'
import type { TrainingPlan } from './plan.ts'

export interface Range {
  readonly low: number
  readonly high: number
}

export interface Estimate {
  readonly device: Measured['device']
  readonly deviceReason: string
  readonly threads: number
  /** Training and validation of one epoch, and of all; without reading the clips, which happens once. */
  readonly epochSeconds: Range
  readonly seconds: Range
  /** Bytes that the training process will take. */
  readonly memory: Range
}

export interface EstimateRequest {
  readonly plan: TrainingPlan & { readonly settings: TrainingSettings }
  readonly device: 'auto' | 'cpu' | 'webgpu'
  readonly threads: number | null
}

/** How long the steps are tried, seconds. */
const TRIED = 1.2
/** Steps beside augmentation, reading and writing: measured steps are the whole cost to within about this. */
const SLOWER = 1.35

/** Measurements by what decides them; a change of epochs or rate asks for no new one. */
export function createEstimator(measure: typeof startMeasurement = startMeasurement) {
  const known = new Map<string, Promise<Result<Measured>>>()
  return async ({ plan, device, threads }: EstimateRequest, signal?: AbortSignal): Promise<Result<Estimate>> => {
    const { settings, batch } = plan
    const classes = Math.max(2, plan.labels.length)
    const key = JSON.stringify([settings.architecture, settings.frontEnd, settings.loss, settings.optimizer, settings.clipNorm !== null, batch, classes, device, threads])
    let measured = known.get(key)
    if (!measured) {
      measured = measure({ settings, classes, batch, device, threads, seconds: TRIED }, signal ? { signal } : {})
      known.set(key, measured)
      void measured.then((result) => result.ok || known.delete(key))
    }
    const result = await measured
    return result.ok ? ok(estimateFrom(plan, result.value)) : result
  }
}

export function estimateFrom(plan: EstimateRequest['plan'], { device, deviceReason, threads, step, forwardClip, memory }: Measured): Estimate {
  const { clips, stepsPerEpoch, network, settings } = plan
  const validation = clips.validation * forwardClip
  const low = stepsPerEpoch * step.low + validation
  const high = stepsPerEpoch * step.high * SLOWER + validation * SLOWER
  const features = (clips.train + clips.validation + clips.test) * (network?.input ?? []).reduce((a, b) => a * b, 1) * Float32Array.BYTES_PER_ELEMENT
  return {
    device,
    deviceReason,
    threads,
    epochSeconds: { low, high },
    seconds: { low: low * settings.epochs, high: high * settings.epochs },
    // The features are held once as they are and, for front ends that normalise by the dataset, once normalised.
    memory: { low: memory + features, high: memory * 1.3 + features * (settings.frontEnd.normalise === 'dataset' ? 2 : 1) },
  }
}
