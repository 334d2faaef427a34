/** The front end as a graph: waveforms in, features out. */
import { assert } from '../kit/index.ts'
import { Graph, toOnnx, type Dim, type Target, type Tensor } from '../nn/index.ts'
import { frontEndHash, type FrontEndConfig, type LogConfig, type SpectralConfig } from './config.ts'
import { appendFit } from './fit-graph.ts'
import { batchShape, clipSamples, frequencyBins } from './geometry.ts'
import { cosineTransform, resizeMatrix } from './matrices.ts'
import { SMALLEST_DEVIATION, type DatasetNormalisation } from './normalisation.ts'
import { appendSpectrum } from './spectrum-graph.ts'

export interface FrontEndOptions {
  /**
   * Needed where the config says `normalise: 'dataset'`; null leaves that last step out, for features that are
   * yet to be measured.
   */
  readonly normalisation?: DatasetNormalisation | null
}

/**
 * [N, samples] at `config.sampleRate`, mono → [N, 1, height, width]. `samples` may be a number or a name; the
 * waveform is fitted to the clip length unless it has exactly that.
 */
export function appendFrontEnd(g: Graph, waveform: Tensor, config: FrontEndConfig, options: FrontEndOptions = {}): Tensor {
  assert(waveform.shape.length === 2 && waveform.dtype === 'float32', 'a front end takes waveforms [N, samples]')
  const clip = appendPreEmphasis(g, appendFit(g, waveform, config), config.preEmphasis)
  const flat = config.kind === 'waveform' ? clip : appendSpectralFeatures(g, clip, config)
  const [batch, ...sizes] = batchShape(config, waveform.shape[0]!)
  const features = g.op('Reshape', [flat, g.ints(0, ...(sizes as number[]))], {}, { shape: [batch!, ...sizes] })
  return appendNormalisation(g, features, config, options)
}

/** A model of the front end alone: `waveform` [N, samples] → `features` [N, 1, height, width]. */
export function createFrontEndModel(
  config: FrontEndConfig,
  options: FrontEndOptions & { readonly samples?: Dim; readonly batch?: Dim; readonly target?: Target } = {},
): Uint8Array {
  const g = new Graph({ target: options.target ?? 'cpu' })
  const waveform = g.input('waveform', [options.batch ?? 'N', options.samples ?? 'samples'])
  g.output('features', appendFrontEnd(g, waveform, config, options))
  return toOnnx(g, { graphName: 'front-end', metadata: { 'espectro.frontEnd': JSON.stringify(config), 'espectro.frontEndHash': frontEndHash(config) } })
}

/** A model for clips that `fitClip` has fitted: nothing in it depends on their length. */
export const createFittedFrontEndModel = (config: FrontEndConfig, options: { readonly batch?: Dim; readonly target?: Target } = {}): Uint8Array =>
  createFrontEndModel(config, { ...options, samples: clipSamples(config), normalisation: null })

function appendPreEmphasis(g: Graph, clip: Tensor, factor: number | null): Tensor {
  if (factor === null) return clip
  const shape = { shape: clip.shape }
  const before = g.op('Pad', [clip, g.ints(0, 1, 0, -1), g.scalar(0)], { mode: 'constant' }, shape)
  return g.op('Sub', [clip, g.op('Mul', [before, g.scalar(factor)], {}, shape)], {}, shape)
}

/** [N, clip] → [N, height, width]. */
const appendSpectralFeatures = (g: Graph, clip: Tensor, config: SpectralConfig): Tensor =>
  appendImage(g, appendLevels(g, appendSpectrum(g, clip, config), config), config)

/** A spectrum in the unit of the config: what each frame says by itself, whatever clip it is part of. */
export function appendLevels(g: Graph, spectrum: Tensor, { log, frames: { power } }: SpectralConfig): Tensor {
  if (!log) return spectrum
  const shape = { shape: spectrum.shape }
  const floored = g.op(log.floorBy === 'add' ? 'Add' : 'Max', [spectrum, g.scalar(log.floor)], {}, shape)
  return g.op('Mul', [g.op('Log', [floored], {}, shape), g.scalar(logFactor(log.unit, power))], {}, shape)
}

/** Levels [N, frames, bins or bands] of one clip → [N, height, width]: all that looks at the clip as a whole. */
export function appendImage(g: Graph, levels: Tensor, config: SpectralConfig): Tensor {
  const [batch, frames] = levels.shape as readonly [Dim, number]
  let values = config.log ? appendReference(g, levels, config.log, config.frames.power) : levels
  const bins = frequencyBins(config)
  if (config.kind === 'mfcc') {
    const dct = cosineTransform(bins, config.mel.bands, config.mfcc.lifter)
    const turned = Float32Array.from(dct, (_, i) => dct[(i % bins) * config.mel.bands + Math.floor(i / bins)]!)
    values = g.op('MatMul', [values, g.constant(turned, [config.mel.bands, bins])], {}, { shape: [batch, frames, bins] })
  }
  if (config.scale) {
    const factor = 2 / (config.scale.high - config.scale.low)
    const shape = { shape: values.shape }
    values = g.op('Add', [g.op('Mul', [values, g.scalar(factor)], {}, shape), g.scalar(-1 - config.scale.low * factor)], {}, shape)
  }
  const image = g.op('Transpose', [values], { perm: [0, 2, 1] }, { shape: [batch, bins, frames] })
  if (!config.resize) return image
  const { height, width } = config.resize
  const columns = resizeMatrix(frames, width) // [width, frames]
  const right = Float32Array.from(columns, (_, i) => columns[(i % width) * frames + Math.floor(i / width)]!)
  const wide = g.op('MatMul', [image, g.constant(right, [frames, width])], {}, { shape: [batch, bins, width] })
  return g.op('MatMul', [g.constant(resizeMatrix(bins, height), [height, bins]), wide], {}, { shape: [batch, height, width] })
}

/** Per natural logarithm: what one unit of the config's scale is. */
function logFactor(unit: LogConfig['unit'], power: 1 | 2): number {
  if (unit === 'ln') return 1
  return unit === 'log10' ? Math.LOG10E : (20 / power) * Math.LOG10E
}

function appendReference(g: Graph, levels: Tensor, log: LogConfig, power: 1 | 2): Tensor {
  const shape = { shape: levels.shape }
  const largest = (t: Tensor) => g.op('ReduceMax', [t, g.ints(1, 2)], { keepdims: 1 }, { shape: [t.shape[0]!, 1, 1] })
  const floored = (x: number) => (log.floorBy === 'add' ? x + log.floor : Math.max(x, log.floor))
  const reference = log.reference === 'max' ? largest(levels) : g.scalar(logFactor(log.unit, power) * Math.log(floored(log.reference)))
  const values = g.op('Sub', [levels, reference], {}, shape)
  if (log.topDb === null) return values
  return g.op('Max', [values, g.op('Sub', [largest(values), g.scalar(log.topDb)], {}, { shape: [levels.shape[0]!, 1, 1] })], {}, shape)
}

/** (features − mean) / deviation, as measured on the training clips. */
export function appendDatasetNormalisation(g: Graph, features: Tensor, { mean, std }: DatasetNormalisation): Tensor {
  const shape = { shape: features.shape }
  assert(mean.length === std.length && (mean.length === 1 || mean.length === features.shape[2]), 'a normalisation for another front end')
  const column = (values: readonly number[]) => g.constant(values, [1, 1, values.length, 1])
  return g.op('Div', [g.op('Sub', [features, column(mean)], {}, shape), column(std)], {}, shape)
}

export function appendNormalisation(g: Graph, features: Tensor, config: FrontEndConfig, options: FrontEndOptions): Tensor {
  const shape = { shape: features.shape }
  if (config.normalise === 'none') return features
  if (config.normalise === 'dataset') {
    if (options.normalisation === null) return features
    assert(options.normalisation !== undefined, 'the mean and deviation of the dataset are needed')
    return appendDatasetNormalisation(g, features, options.normalisation)
  }
  const axes = config.normalisePer === 'bin' ? [3] : [2, 3]
  const reduced = { shape: features.shape.map((d, i) => (axes.includes(i) ? 1 : d)) }
  const mean = (t: Tensor) => g.op('ReduceMean', [t, g.ints(...axes)], { keepdims: 1 }, reduced)
  const centre = (t: Tensor) => g.op('Sub', [t, mean(t)], {}, shape)
  // Twice: the sum of thousands of equal values in single precision is off in the fifth digit, and by another
  // amount in another graph. The mean of what is left after the first time corrects that.
  const centred = centre(centre(features))
  const variance = mean(g.op('Mul', [centred, centred], {}, shape))
  const deviation = g.op('Max', [g.op('Sqrt', [variance], {}, reduced), g.scalar(SMALLEST_DEVIATION)], {}, reduced)
  return g.op('Div', [centred, deviation], {}, shape)
}
