/**
 * Principal components by orthogonal iteration with Rayleigh–Ritz (Golub and Van Loan, "Matrix Computations", 8.2): a
 * block of directions is multiplied by the covariance matrix, which is never written out, until the leading ones stay.
 * Products are ONNX Runtime's in float32; everything between them is in double precision.
 */
import { createRandom } from '../kit/index.ts'
import { createRowProducts } from './row-products.ts'
import { eigenvectors } from './eigen.ts'

export interface Components {
  /** [rows, count]: coordinates along the components, the largest variance first. */
  readonly scores: Float64Array
  readonly count: number
  /** Share of the whole variance that each component has. */
  readonly variance: readonly number[]
}

export interface ComponentsOptions {
  /** Fewer come out where there are fewer rows or values. */
  readonly count: number
  /** Of the leading components, those that must have converged. */
  readonly exact: number
  readonly threads: number
  readonly onProgress?: (done: number, total: number) => void
}

/** Directions beside the wanted ones: the gap to the first one left out sets the pace. */
const SPARE = 10
const MOST_ITERATIONS = 150
/** Of the covariance's largest eigenvalue; what float32 products reach. */
const TOLERANCE = 1e-6

export async function principalComponents(rows: readonly Float32Array[], { count, exact, threads, onProgress }: ComponentsOptions): Promise<Components> {
  const size = rows[0]!.length
  const mean = meanOf(rows, size)
  const rank = Math.min(rows.length, size)
  const wanted = Math.min(count, rank)
  const width = Math.min(rank, wanted + SPARE)
  await using products = await createRowProducts(rows, mean, threads)
  const random = createRandom('principal components')
  let directions: Float64Array = Float64Array.from({ length: size * width }, () => random.normal())
  orthonormalise(directions, size, width)
  let scores = await products.forward(directions, width)
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const moved = await products.backward(scores, width)
    // Ritz values and vectors within the block: the covariance seen from its directions.
    const { values, vectors } = eigenvectors(gram(scores, rows.length, width), width)
    const ritz = timesSquare(directions, vectors, size, width)
    const images = timesSquare(moved, vectors, size, width)
    const settled = Array.from({ length: Math.min(exact, wanted) }, (_, k) => residual(images, ritz, values[k]!, k, size, width)).every((r) => r <= TOLERANCE * values[0]!)
    if (settled || width === size) {
      directions = ritz
      scores = timesSquare(scores, vectors, rows.length, width)
      break
    }
    directions = images
    orthonormalise(directions, size, width)
    scores = await products.forward(directions, width)
    if (iteration === MOST_ITERATIONS - 1) scores = timesSquare(scores, eigenvectors(gram(scores, rows.length, width), width).vectors, rows.length, width)
    onProgress?.(iteration + 1, MOST_ITERATIONS)
  }
  return finished(scores, directions, { rows: rows.length, size, width, wanted, total: totalVariance(rows, mean) })
}

function finished(scores: Float64Array, directions: Float64Array, { rows, size, width, wanted, total }: { rows: number; size: number; width: number; wanted: number; total: number }): Components {
  const out = new Float64Array(rows * wanted)
  const variance: number[] = []
  for (let k = 0; k < wanted; k++) {
    // Either sign is right; that of the largest loading is made positive, as scikit-learn has it.
    let largest = 0
    for (let i = 0; i < size; i++) if (Math.abs(directions[i * width + k]!) > Math.abs(largest)) largest = directions[i * width + k]!
    const sign = largest < 0 ? -1 : 1
    let squares = 0
    for (let i = 0; i < rows; i++) {
      const value = sign * scores[i * width + k]! + 0 // no negative zero
      out[i * wanted + k] = value
      squares += value * value
    }
    variance.push(total > 0 ? squares / total : 0)
  }
  return { scores: out, count: wanted, variance }
}

function meanOf(rows: readonly Float32Array[], size: number): Float64Array {
  const mean = new Float64Array(size)
  for (const row of rows) for (let i = 0; i < size; i++) mean[i]! += row[i]!
  for (let i = 0; i < size; i++) mean[i]! /= rows.length
  return mean
}

function totalVariance(rows: readonly Float32Array[], mean: Float64Array): number {
  let sum = 0
  for (const row of rows)
    for (let i = 0; i < mean.length; i++) {
      const d = row[i]! - mean[i]!
      sum += d * d
    }
  return sum
}

/** aᵀ·a of a [rows, width]. */
function gram(a: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(width * width)
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < width; p++) {
      const value = a[i * width + p]!
      for (let q = p; q < width; q++) out[p * width + q]! += value * a[i * width + q]!
    }
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) out[p * width + q] = out[q * width + p]!
  return out
}

/** a [rows, width] · m [width, width]. */
function timesSquare(a: Float64Array, m: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(rows * width)
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < width; p++) {
      const value = a[i * width + p]!
      for (let q = 0; q < width; q++) out[i * width + q]! += value * m[p * width + q]!
    }
  return out
}

/** ‖C·v − λ·v‖ of column k. */
function residual(images: Float64Array, vectors: Float64Array, value: number, k: number, size: number, width: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) {
    const d = images[i * width + k]! - value * vectors[i * width + k]!
    sum += d * d
  }
  return Math.sqrt(sum)
}

/** Columns to unit length and right angles, in place: Gram–Schmidt, twice, which is enough (Giraud et al. 2005). */
function orthonormalise(a: Float64Array, size: number, width: number): void {
  for (let k = 0; k < width; k++) {
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < k; j++) {
        let dot = 0
        for (let i = 0; i < size; i++) dot += a[i * width + k]! * a[i * width + j]!
        for (let i = 0; i < size; i++) a[i * width + k]! -= dot * a[i * width + j]!
      }
    let norm = 0
    for (let i = 0; i < size; i++) norm += a[i * width + k]! ** 2
    norm = Math.sqrt(norm)
    // Where the rows span fewer directions, what is left is rounding: such a column stays zero.
    const scale = norm > 1e-200 ? 1 / norm : 0
    for (let i = 0; i < size; i++) a[i * width + k]! *= scale
  }
}
