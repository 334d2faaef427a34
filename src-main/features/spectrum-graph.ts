/**
 * The spectrum inside a graph. Frames meet the windowed Fourier basis in matrix products: the waveform is
 * laid out in rows of one hop, and a frame is a few neighbouring rows side by side.
 */
import type { Dim, Graph, Tensor } from '../nn/index.ts'
import type { SpectralConfig } from './config.ts'
import { frameGeometry, type FrameGeometry } from './geometry.ts'
import { fourierBasis, melFilters, usedBins, windowSamples } from './matrices.ts'

/** [N, clip] → [N, frames, bins or mel bands], power or magnitude. */
export const appendSpectrum = (g: Graph, clip: Tensor, config: SpectralConfig): Tensor =>
  appendFrameSpectra(g, appendFrames(g, clip, config, frameGeometry(config)), config)

/** The same from frames [N, frames, samples], of which the first `window` samples count. */
export function appendFrameSpectra(g: Graph, rows: Tensor, config: SpectralConfig): Tensor {
  const geometry = frameGeometry(config)
  const [batch, frames] = rows.shape as readonly [Dim, Dim]
  const { fftSize, bins } = geometry
  const filters = config.kind === 'spectrogram' ? null : melFilters(config.mel, config.sampleRate, fftSize)
  const bands = config.kind === 'spectrogram' ? 0 : config.mel.bands
  const [first, last] = filters ? usedBins(filters, bands) : [0, bins]
  const used = last - first

  const window = windowSamples(config.frames.window, geometry.window)
  const folded = g.target === 'cpu' && geometry.window % 2 === 0 && Math.abs(window[0]!) < 1e-12
  const [re, im] = folded ? appendFoldedParts(g, rows, window, fftSize, first, last) : appendParts(g, rows, window, fftSize, first, last)
  const half = { shape: [batch, frames, used] }
  const square = (t: Tensor) => g.op('Mul', [t, t], {}, half)
  const power = g.op('Add', [square(re), square(im)], {}, half)
  const values = config.frames.power === 2 ? power : g.op('Sqrt', [power], {}, half)
  if (!filters) return values
  const mel = Float32Array.from({ length: used * bands }, (_, i) => filters[(i % bands) * bins + first + Math.floor(i / bands)]!)
  return g.op('MatMul', [values, g.constant(mel, [used, bands])], {}, { shape: [batch, frames, bands] })
}

/** Real and imaginary parts [N, frames, used] by one product. */
function appendParts(g: Graph, rows: Tensor, window: Float64Array, fftSize: number, first: number, last: number): [Tensor, Tensor] {
  const [batch, frames, taps] = rows.shape as readonly [Dim, Dim, number]
  const used = last - first
  const basis = transpose(fourierBasis(window, fftSize, first, last), 2 * used, window.length, taps)
  const parts = g.op('MatMul', [rows, g.constant(basis, [taps, 2 * used])], {}, { shape: [batch, frames, 2 * used] })
  const half = { shape: [batch, frames, used] }
  return g.op('Split', [parts], { axis: 2, num_outputs: 2 }, [half, half]) as [Tensor, Tensor]
}

/**
 * The same up to a phase, with half the work: a window that is zero at its start is symmetric about its middle, so
 * sums of samples at equal distances from there meet the cosines only, and differences the sines only.
 */
function appendFoldedParts(g: Graph, rows: Tensor, window: Float64Array, fftSize: number, first: number, last: number): [Tensor, Tensor] {
  const [batch, frames] = rows.shape as readonly [Dim, Dim]
  const used = last - first
  const middle = window.length / 2
  const side = { shape: [batch, frames, middle] }
  const after = g.op('Slice', [rows, g.ints(middle), g.ints(2 * middle), g.ints(2), g.ints(1)], {}, side)
  const before = g.op('Slice', [rows, g.ints(middle), g.ints(0), g.ints(2), g.ints(-1)], {}, side)
  const product = (type: 'Add' | 'Sub', wave: (angle: number) => number): Tensor => {
    // Row m weighs the samples at distance m; the middle one meets itself, so it counts half.
    const basis = Float32Array.from({ length: middle * used }, (_, i) => {
      const m = Math.floor(i / used)
      const angle = (2 * Math.PI * (((first + (i % used)) * m) % fftSize)) / fftSize
      return window[middle + m]! * wave(angle) * (m === 0 ? 0.5 : 1)
    })
    return g.op('MatMul', [g.op(type, [after, before], {}, side), g.constant(basis, [middle, used])], {}, { shape: [batch, frames, used] })
  }
  return [product('Add', Math.cos), product('Sub', Math.sin)]
}

/** [N, clip] → [N, frames, rows · hop]: each frame's samples, and some after it that the basis ignores. */
function appendFrames(g: Graph, clip: Tensor, config: SpectralConfig, { clip: length, window, hop, lead, frames }: FrameGeometry): Tensor {
  const batch = clip.shape[0]!
  const span = Math.ceil(window / hop)
  const rows = frames - 1 + span
  const laid = appendPad(g, clip, config, { length, lead, needed: (frames - 1) * hop + window, total: rows * hop })
  const grid = g.op('Reshape', [laid, g.ints(0, rows, hop)], {}, { shape: [batch, rows, hop] })
  if (span === 1) return grid
  const slices = Array.from({ length: span }, (_, r) =>
    g.op('Slice', [grid, g.ints(r), g.ints(r + frames), g.ints(1)], {}, { shape: [batch, frames, hop] }),
  )
  return g.op('Concat', slices, { axis: 2 }, { shape: [batch, frames, span * hop] })
}

/** Reflected or zero edges, then as many zeros (or as much cut off) as the rows need. */
function appendPad(g: Graph, clip: Tensor, config: SpectralConfig, size: { length: number; lead: number; needed: number; total: number }): Tensor {
  const batch = clip.shape[0] as Dim
  let from = clip
  let before = size.lead
  let length = size.length
  if (config.frames.padding === 'reflect') {
    const after = Math.max(0, size.needed - before - length)
    length += before + after
    from = g.op('Pad', [clip, g.ints(0, before, 0, after)], { mode: 'reflect' }, { shape: [batch, length] })
    before = 0
  }
  const after = size.total - before - length
  if (before === 0 && after === 0) return from
  const shape = { shape: [batch, size.total] }
  return g.op('Pad', [from, g.ints(0, before, 0, after), g.scalar(0)], { mode: 'constant' }, shape) // negative pads cut
}

/** [rows, columns] → [depth, rows], with zeros below. */
function transpose(matrix: Float32Array, rows: number, columns: number, depth: number): Float32Array {
  const turned = new Float32Array(depth * rows)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) turned[c * rows + r] = matrix[r * columns + c]!
  return turned
}
