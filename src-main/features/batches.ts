/**
 * Features of many clips: fitted here, packed into batches of one size, and run by whoever owns the session.
 */
import type { FrontEndConfig } from './config.ts'
import { fitClipInto } from './fit.ts'
import { clipSamples, frontEndShape } from './geometry.ts'

/** [rows, clip samples] from clips of any lengths, row after row; rows without a clip are silent. */
export function packClips(clips: readonly Float32Array[], config: FrontEndConfig, rows: number = clips.length): Float32Array {
  const length = clipSamples(config)
  const packed = new Float32Array(rows * length)
  clips.forEach((clip, i) => fitClipInto(packed.subarray(i * length, (i + 1) * length), clip, config))
  return packed
}

/** Runs a model of `createFittedFrontEndModel`: waveforms [count, samples] → features [count, 1, height, width]. */
export type FrontEndRunner = (waveforms: Float32Array, shape: readonly [count: number, samples: number]) => Promise<Float32Array>

/** Batches this large stay in a processor's cache and still fill its threads. */
export const FEATURE_BATCH = 16

/**
 * Features of each clip in order, each array its own [1 · height · width] values. Every run is of `batch` rows, the
 * last one too: a product of another size may round otherwise, and a clip's features are to depend on the clip alone.
 */
export async function computeFeatures(
  clips: readonly Float32Array[],
  config: FrontEndConfig,
  run: FrontEndRunner,
  batch: number = FEATURE_BATCH,
): Promise<Float32Array[]> {
  const size = frontEndShape(config).reduce((a, b) => a * b, 1)
  const features: Float32Array[] = []
  for (let at = 0; at < clips.length; at += batch) {
    const part = clips.slice(at, at + batch)
    const values = await run(packClips(part, config, batch), [batch, clipSamples(config)])
    for (let i = 0; i < part.length; i++) features.push(values.slice(i * size, (i + 1) * size))
  }
  return features
}
