/**
 * The spectrum of many windows as a graph. The Fourier transform of N = P · Q samples is done in two matrix products
 * with a rotation between them (Bailey, "FFTs in external or hierarchical memory", 1990: the four-step transform): of
 * order N · (P + Q) and not N², so that long windows stay quick, and all of it by products that the runtime is good at.
 */
import { assert } from '../kit/index.ts'
import { Graph, toOnnx, type Tensor } from '../nn/index.ts'
import { windowSamples, type WindowName } from '../features/index.ts'

export interface StftGraph {
  readonly window: WindowName
  /** Samples of the window and of the transform: powers of two, 4 ≤ size ≤ fftSize. */
  readonly size: number
  readonly fftSize: number
  /** Windows whose mean power is one column. */
  readonly windows: number
  /** Byte b of the result stands for floor + b · step dB. */
  readonly floor: number
  readonly step: number
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n))

/**
 * A model: `frames` [N · windows, size] → `columns` uint8 [N, fftSize / 2 + 1], and `power` of the same shape as
 * floats. Power is relative to a sine at full scale, which gives 1 in its bin.
 */
export function createStftModel(settings: StftGraph): Uint8Array {
  const { size, fftSize, windows, floor, step } = settings
  assert(isPowerOfTwo(size) && isPowerOfTwo(fftSize) && size >= 4 && size <= fftSize, `a transform of ${size} in ${fftSize} samples`)
  const g = new Graph()
  const frames = g.input('frames', ['frames', size])
  const bins = fftSize / 2 + 1
  const power = appendPower(g, appendWindow(g, frames, settings), fftSize)
  const grouped = g.op('Reshape', [power, g.ints(-1, windows, bins)], {}, { shape: ['columns', windows, bins] })
  const shape = ['columns', bins]
  const mean = windows === 1
    ? g.op('Reshape', [grouped, g.ints(-1, bins)], {}, { shape })
    : g.op('ReduceMean', [grouped, g.ints(1)], { keepdims: 0 }, { shape })
  const floored = g.op('Max', [mean, g.scalar(10 ** (floor / 10))], {}, { shape })
  const level = g.op('Mul', [g.op('Log', [floored], {}, { shape }), g.scalar(10 / Math.LN10 / step)], {}, { shape })
  const codes = g.op('Round', [g.op('Sub', [level, g.scalar(floor / step)], {}, { shape })], {}, { shape })
  const clipped = g.op('Clip', [codes, g.scalar(0), g.scalar(255)], {}, { shape })
  g.output('columns', g.op('Cast', [clipped], { to: UINT8 }, { shape, dtype: 'uint8' }))
  g.output('power', mean)
  return toOnnx(g, { graphName: 'spectrogram' })
}

/** TensorProto.DataType.UINT8. */
const UINT8 = 2

/** Windowed, and followed by zeros up to the transform's length: [frames, fftSize]. */
function appendWindow(g: Graph, frames: Tensor, { window, size, fftSize }: StftGraph): Tensor {
  const weights = windowSamples(window, size)
  const sum = weights.reduce((a, b) => a + b, 0)
  const scaled = g.constant(weights.map((w) => (2 * w) / sum), [1, size])
  const windowed = g.op('Mul', [frames, scaled], {}, { shape: frames.shape })
  if (size === fftSize) return windowed
  return g.op('Pad', [windowed, g.ints(0, 0, 0, fftSize - size), g.scalar(0)], { mode: 'constant' }, { shape: ['frames', fftSize] })
}

/**
 * [frames, N] → |X|² [frames, N / 2 + 1]. With n = Q · p + q and k = r + P · s:
 * X[k] = Σ_q W_Q^(q·s) · W_N^(q·r) · Σ_p x[p, q] W_P^(p·r), where W_M = exp(−2πi / M).
 * The samples are real, so rows r above P / 2 mirror those below and are left out: |X[k]| = |X[N − k]|.
 */
function appendPower(g: Graph, samples: Tensor, n: number): Tensor {
  const p = 2 ** Math.floor(Math.log2(n) / 2)
  const q = n / p
  const rows = p / 2 + 1
  const laid = g.op('Reshape', [samples, g.ints(-1, p, q)], {}, { shape: ['frames', p, q] })
  const turned = g.op('Transpose', [laid], { perm: [0, 2, 1] }, { shape: ['frames', q, p] })
  const [a, b] = appendProduct(g, turned, wave(p, 2 * rows, (i, c) => (c < rows ? cosine(i * c, p) : -sine(i * (c - rows), p))), [q, p, rows])
  const shape = { shape: ['frames', q, rows] }
  const c = g.constant(wave(q, rows, (i, r) => cosine(i * r, n)), [q, rows])
  const s = g.constant(wave(q, rows, (i, r) => sine(i * r, n)), [q, rows])
  const product = (x: Tensor, y: Tensor): Tensor => g.op('Mul', [x, y], {}, shape)
  const re = g.op('Add', [product(a, c), product(b, s)], {}, shape)
  const im = g.op('Sub', [product(b, c), product(a, s)], {}, shape)
  const turn = (t: Tensor): Tensor => g.op('Transpose', [t], { perm: [0, 2, 1] }, { shape: ['frames', rows, q] })
  const joined = g.op('Concat', [turn(re), turn(im)], { axis: 2 }, { shape: ['frames', rows, 2 * q] })
  // [[C, −S], [S, C]]: a complex product by a real one.
  const basis = wave(2 * q, 2 * q, (i, k) => {
    const [turns, real] = [(i % q) * (k % q), i < q]
    if (k < q) return real ? cosine(turns, q) : sine(turns, q)
    return real ? -sine(turns, q) : cosine(turns, q)
  })
  const [x, y] = appendProduct(g, joined, basis, [rows, 2 * q, q])
  const out = { shape: ['frames', rows, q] }
  const squares = g.op('Add', [g.op('Mul', [x, x], {}, out), g.op('Mul', [y, y], {}, out)], {}, out)
  const flat = g.op('Reshape', [squares, g.ints(-1, rows * q)], {}, { shape: ['frames', rows * q] })
  const place = Array.from({ length: n / 2 + 1 }, (_, k) => {
    const mirrored = k % p >= rows ? n - k : k
    return (mirrored % p) * q + Math.floor(mirrored / p)
  })
  return g.op('Gather', [flat, g.constant(place, [place.length], 'int64')], { axis: 1 }, { shape: ['frames', place.length] })
}

/** [frames, rows, depth] × [depth, 2 · half] → two of [frames, rows, half]. */
function appendProduct(g: Graph, from: Tensor, basis: Float64Array, [rows, depth, half]: readonly [number, number, number]): [Tensor, Tensor] {
  const both = g.op('MatMul', [from, g.constant(basis, [depth, 2 * half])], {}, { shape: ['frames', rows, 2 * half] })
  const part = { shape: ['frames', rows, half] }
  return g.op('Split', [both], { axis: 2, num_outputs: 2 }, [part, part]) as [Tensor, Tensor]
}

const wave = (rows: number, columns: number, value: (row: number, column: number) => number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns))

// Turns are reduced before they become an angle, so that large ones lose nothing.
const cosine = (turns: number, of: number): number => Math.cos((2 * Math.PI * (turns % of)) / of)
const sine = (turns: number, of: number): number => Math.sin((2 * Math.PI * (turns % of)) / of)
