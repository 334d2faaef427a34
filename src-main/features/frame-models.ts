/**
 * The front end in two halves, for clips that overlap. What a frame says by itself is worked out once; what looks at
 * a clip as a whole (reference, cosine transform, resize, normalisation) is done on each clip's slice of the frames.
 */
import { Graph, toOnnx } from '../nn/index.ts'
import type { FrontEndConfig, SpectralConfig } from './config.ts'
import { appendImage, appendLevels, appendNormalisation, type FrontEndOptions } from './front-end.ts'
import { batchShape, frameGeometry } from './geometry.ts'
import { appendFrameSpectra } from './spectrum-graph.ts'

/** How the frames of a clip lie on its samples. */
export interface FrameLayout {
  /** Samples of the clip, of a frame, and from one frame's start to the next one's. */
  readonly clip: number
  readonly window: number
  readonly hop: number
  /** Samples by which frame 0 starts before the clip. */
  readonly lead: number
  readonly frames: number
  /** Values of a frame. */
  readonly bins: number
  readonly padding: SpectralConfig['frames']['padding']
  /**
   * Frames [first, end) see nothing of the clip's edges: not the padding, and not the first sample, which
   * pre-emphasis treats as if silence stood before it. They are the same in every clip that holds their samples.
   */
  readonly inner: readonly [first: number, end: number]
}

/** Null where there are no frames: a waveform is seen as it is. */
export function frameLayout(config: FrontEndConfig): FrameLayout | null {
  if (config.kind === 'waveform') return null
  const { clip, window, hop, lead, frames, bins } = frameGeometry(config)
  const first = Math.max(0, Math.ceil(((config.preEmphasis === null ? 0 : 1) + lead) / hop))
  const end = Math.min(frames, Math.floor((clip - window + lead) / hop) + 1)
  return { clip, window, hop, lead, frames, bins: config.kind === 'spectrogram' ? bins : config.mel.bands, padding: config.frames.padding, inner: [first, Math.max(first, end)] }
}

/** `frames` [1, F, window], pre-emphasised → `levels` [1, F, bins]. */
export function createFrameModel(config: SpectralConfig): Uint8Array {
  const g = new Graph()
  const frames = g.input('frames', [1, 'F', frameGeometry(config).window])
  g.output('levels', appendLevels(g, appendFrameSpectra(g, frames, config), config))
  return toOnnx(g, { graphName: 'frames' })
}

/** `levels` [N, frames, bins] of whole clips → `features` [N, 1, height, width]. */
export function createImageModel(config: SpectralConfig, options: FrontEndOptions): Uint8Array {
  const g = new Graph()
  const { frames, bins } = frameLayout(config)!
  const image = appendImage(g, g.input('levels', ['N', frames, bins]), config)
  const [batch, ...sizes] = batchShape(config, 'N')
  const features = g.op('Reshape', [image, g.ints(0, ...(sizes as number[]))], {}, { shape: [batch!, ...sizes] })
  g.output('features', appendNormalisation(g, features, config, options))
  return toOnnx(g, { graphName: 'image' })
}
