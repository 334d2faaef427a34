/**
 * Winograd's minimal filtering F(m, r): m results of a kernel of r taps by m + r − 1 products (Lavin and Gray 2016), as
 * Toom and Cook's multiplication of polynomials: evaluate at m + r − 1 points (one of them at infinity), multiply,
 * interpolate. Transforms are products with constant matrices.
 */
import type { Graph, Tensor } from '../graph.ts'
import { eachPlace } from './batch-innermost.ts'
import { reshaped } from './nodes.ts'

export type Matrix = readonly (readonly number[])[]

export interface Filtering {
  /** Results and taps along one axis, and the products that these need. */
  readonly results: number
  readonly taps: number
  readonly points: number
  /** [points, points], [points, taps] and [results, points]: output · ((kernel · w) ⊙ (input · x)). */
  readonly input: Matrix
  readonly kernel: Matrix
  readonly output: Matrix
}

/** In this order they round least (after Barabasz and others 2020): 2 goes with −½ better than with −2. */
const POINTS = [0, 1, -1, 2, -0.5, -2]

/** Coefficients of Π (t − root), from the constant one up. */
const polynomial = (roots: readonly number[]): number[] =>
  roots.reduce<number[]>((p, root) => Array.from({ length: p.length + 1 }, (_, i) => (p[i - 1] ?? 0) - root * (p[i] ?? 0)), [1])

export function filtering(results: number, taps: number): Filtering {
  const points = results + taps - 1
  const finite = POINTS.slice(0, points - 1)
  const others = (j: number) => finite.filter((_, l) => l !== j)
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i)
  const last = (length: number) => indices(length).map((i) => Number(i === length - 1))
  const wide = (row: readonly number[]) => indices(points).map((i) => row[i] ?? 0)
  const scale = (j: number) => others(j).reduce((product, p) => product * (finite[j]! - p), 1)
  return {
    results,
    taps,
    points,
    input: [...finite.map((_, j) => wide(polynomial(others(j)))), wide(polynomial(finite))],
    kernel: [...finite.map((p, j) => indices(taps).map((k) => p ** k / scale(j))), last(taps)],
    output: indices(results).map((i) => [...finite.map((p) => p ** i), Number(i === results - 1)]),
  }
}

/** The product of a constant, used along both axes of a tile, and x [places of the tile, …]; or of the constant transposed. */
export function transformed(g: Graph, matrix: Matrix, x: Tensor, transpose = false): Tensor {
  const used = transpose ? matrix[0]!.map((_, j) => matrix.map((row) => row[j]!)) : matrix
  const [rows, columns] = [used.length, used[0]!.length]
  const both = eachPlace([rows, rows, columns, columns], (a, b, i, j) => used[a]![i]! * used[b]![j]!)
  const flat = reshaped(g, x, [columns ** 2, (x.shape as number[]).slice(1).reduce((p, s) => p * s, 1)])
  return g.op('Gemm', [g.constant(both, [rows ** 2, columns ** 2]), flat], {}, { shape: [rows ** 2, flat.shape[1]!] })
}
