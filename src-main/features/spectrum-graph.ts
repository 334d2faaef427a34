/**
 * The spectrum inside a graph. Frames meet the windowed Fourier basis in one matrix product: the waveform is
 * laid out in rows of one hop, and a frame is a few neighbouring rows side by side.
 */
import type { Dim, Graph, Tensor } from '../nn/index.ts'
import type { SpectralConfig } from './config.ts'
import { frameGeometry, type FrameGeometry } from './geometry.ts'
import { fourierBasis, melFilters, usedBins, windowSamples } from './matrices.ts'

/** [N, clip] → [N, frames, bins or mel bands], power or magnitude. */
export function appendSpectrum(g: Graph, clip: Tensor, config: SpectralConfig): Tensor {
  const geometry = frameGeometry(config)
  const batch = clip.shape[0]!
  const { fftSize, frames, bins } = geometry
  const filters = config.kind === 'spectrogram' ? null : melFilters(config.mel, config.sampleRate, fftSize)
  const bands = config.kind === 'spectrogram' ? 0 : config.mel.bands
  const [first, last] = filters ? usedBins(filters, bands) : [0, bins]
  const used = last - first

  const rows = appendFrames(g, clip, config, geometry)
  const taps = rows.shape[2] as number
  const basis = transpose(fourierBasis(windowSamples(config.frames.window, geometry.window), fftSize, first, last), 2 * used, geometry.window, taps)
  const parts = g.op('MatMul', [rows, g.constant(basis, [taps, 2 * used])], {}, { shape: [batch, frames, 2 * used] })
  const squares = g.op('Mul', [parts, parts], {}, { shape: parts.shape })

  const mels = { shape: [batch, frames, bands] }
  if (filters && config.frames.power === 2) {
    // Re² and Im² meet the same filters: the sum of both is part of the product.
    const stacked = Float32Array.from({ length: 2 * used * bands }, (_, i) => filters[(i % bands) * bins + first + (Math.floor(i / bands) % used)]!)
    return g.op('MatMul', [squares, g.constant(stacked, [2 * used, bands])], {}, mels)
  }
  const half = { shape: [batch, frames, used] }
  const [re, im] = g.op('Split', [squares], { axis: 2, num_outputs: 2 }, [half, half]) as [Tensor, Tensor]
  const power = g.op('Add', [re, im], {}, half)
  const values = config.frames.power === 2 ? power : g.op('Sqrt', [power], {}, half)
  if (!filters) return values
  const mel = Float32Array.from({ length: used * bands }, (_, i) => filters[(i % bands) * bins + first + Math.floor(i / bands)]!)
  return g.op('MatMul', [values, g.constant(mel, [used, bands])], {}, mels)
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
