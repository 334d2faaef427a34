/** The sizes that follow from a config: samples, frames, bins, and which frames hold signal. */
import type { Shape } from '../nn/index.ts'
import { nextPowerOfTwo, type FrontEndConfig, type SpectralConfig } from './config.ts'

export interface FrameGeometry {
  /** Samples. */
  readonly clip: number
  readonly window: number
  readonly hop: number
  readonly fftSize: number
  /** Samples between the start of a frame of `fftSize` and the start of the window that stands in its middle. */
  readonly windowOffset: number
  /** Samples before the clip's first where frame 0's window starts (negative: after it). */
  readonly lead: number
  readonly frames: number
  /** Bins of the one-sided spectrum: fftSize / 2 + 1. */
  readonly bins: number
}

/** Length in samples that every clip is cropped or padded to. */
export const clipSamples = (config: FrontEndConfig): number => Math.round(config.clip.seconds * config.sampleRate)

export function frameGeometry(config: SpectralConfig): FrameGeometry {
  const samples = (ms: number) => Math.round((ms * config.sampleRate) / 1000)
  const clip = clipSamples(config)
  const window = samples(config.frames.windowMs)
  const hop = samples(config.frames.hopMs)
  const fftSize = config.frames.fftSize ?? nextPowerOfTwo(window)
  const windowOffset = Math.floor((fftSize - window) / 2)
  const centred = config.frames.padding !== 'none'
  const half = centred ? Math.floor(fftSize / 2) : 0
  const frames = 1 + Math.floor((clip + 2 * half - fftSize) / hop)
  return { clip, window, hop, fftSize, windowOffset, lead: half - windowOffset, frames, bins: Math.floor(fftSize / 2) + 1 }
}

/** Values a frame has before any resize: bins, mel bands or coefficients. */
export function frequencyBins(config: SpectralConfig): number {
  if (config.kind === 'spectrogram') return frameGeometry(config).bins
  return config.kind === 'logmel' ? config.mel.bands : config.mfcc.count
}

/** [channels, height, width] of one clip's features: height = frequency, width = time. */
export function frontEndShape(config: FrontEndConfig): readonly [number, number, number] {
  if (config.kind === 'waveform') return [1, 1, clipSamples(config)]
  if (config.resize) return [1, config.resize.height, config.resize.width]
  return [1, frequencyBins(config), frameGeometry(config).frames]
}

/** As `frontEndShape`, for a batch. */
export const batchShape = (config: FrontEndConfig, batch: Shape[number]): Shape => [batch, ...frontEndShape(config)]

/** Columns [start, end) of the features. */
export type FrameSpan = readonly [start: number, end: number]

/** Where a clip of `samples` samples at the config's rate lies in the fitted clip: [start, end) in samples. */
export function signalSpan(config: FrontEndConfig, samples: number): FrameSpan {
  const length = clipSamples(config)
  if (samples >= length) return [0, length]
  const start = config.clip.pad === 'centre' ? Math.floor((length - samples) / 2) : 0
  return [start, start + samples]
}

/**
 * The columns whose centre lies on signal rather than on padding; masks and warps keep to them. A clip with
 * any sample has at least one column; an empty clip has none; no padding at an end means that the columns reach
 * that end.
 */
export const validFrames = (config: FrontEndConfig, samples: number): FrameSpan => spanFrames(config, signalSpan(config, samples))

/** The same for signal at [start, end) in samples of the fitted clip. */
export function spanFrames(config: FrontEndConfig, [start, end]: FrameSpan): FrameSpan {
  if (start === end) return [0, 0]
  if (config.kind === 'waveform') return [start, end]
  const { hop, fftSize, frames } = frameGeometry(config)
  const width = config.resize?.width ?? frames
  const centre = config.frames.padding === 'none' ? Math.floor(fftSize / 2) : 0
  // Column w stands for frame (w + ½) · frames / width − ½, whose centre is at sample frame · hop + centre;
  // solved for w over whole numbers, so that only the last division rounds.
  const column = (sample: number) => ((2 * (sample - centre) + hop) * width - hop * frames) / (2 * hop * frames)
  const first = start === 0 ? 0 : Math.min(width - 1, Math.max(0, Math.ceil(column(start))))
  const last = end === clipSamples(config) ? width : Math.min(width, Math.max(0, Math.ceil(column(end))))
  return [first, Math.max(first + 1, last)]
}
