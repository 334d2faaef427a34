import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fitCurve, nearestNeighbours, principalComponents, umap } from '../../../src-main/embedding/index.ts'
import { fuzzyGraph } from '../../../src-main/embedding/umap/fuzzy-graph.ts'
import { rowsOf, trustworthiness } from '../../support/trustworthiness.ts'
import { COUNT, referencePoints, SIZE } from './points.ts'

interface Reference {
  readonly scores: readonly (readonly number[])[]
  readonly variance: readonly number[]
  /** Of every twentieth point. */
  readonly neighbours: readonly (readonly number[])[]
  readonly curves: Readonly<Record<string, readonly [number, number]>>
  readonly graph: { readonly edges: number; readonly total: number; readonly first: readonly (readonly [number, number, number])[] }
  readonly trustworthiness: { readonly pca: number; readonly umap: Readonly<Record<string, number>> }
}

/** scikit-learn and umap-learn: `make-reference.py`. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'embedding.json'), 'utf8')) as Reference
const points = referencePoints()
const flat = Float64Array.from(points.flatMap((p) => [...p]))
const K = 15

describe('principal components against scikit-learn', () => {
  it.each([1, 2])('%s threads: the same coordinates, signs and variances', async (threads) => {
    const { scores, variance, count } = await principalComponents(points, { count: 3, exact: 3, threads })
    expect(count).toBe(3)
    const largest = Math.max(...reference.scores.flat().map(Math.abs))
    rowsOf(scores, 3).forEach((row, i) => row.forEach((value, k) => expect(Math.abs(value - reference.scores[i]![k]!)).toBeLessThan(2e-6 * largest)))
    variance.forEach((v, k) => expect(v).toBeCloseTo(reference.variance[k]!, 7))
  })

  it('all components of few rows and of few values', async () => {
    const few = await principalComponents(points.slice(0, 4), { count: 10, exact: 2, threads: 1 })
    expect(few.count).toBe(4)
    expect(few.variance.slice(0, 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6)
    expect(few.variance[3]).toBeLessThan(1e-9)
    const same = await principalComponents([Float32Array.of(1, 2), Float32Array.of(1, 2)], { count: 2, exact: 2, threads: 1 })
    expect([...same.scores]).toEqual([0, 0, 0, 0])
    expect(same.variance).toEqual([0, 0])
  })
})

describe('UMAP against umap-learn', () => {
  it('finds the same neighbours as scikit-learn', async () => {
    const { indices, distances } = await nearestNeighbours(flat, SIZE, { count: K, threads: 2 })
    reference.neighbours.forEach((row, i) => expect([...indices.subarray(20 * i * K, (20 * i + 1) * K)]).toEqual(row))
    for (let i = 0; i < COUNT; i++) expect(distances[i * K]).toBe(0)
  })

  it('finds neighbours among equal points, the point itself first', async () => {
    const { indices, distances } = await nearestNeighbours(new Float64Array(40).fill(3), 2, { count: 5, threads: 1 })
    for (let i = 0; i < 20; i++) {
      const row = [...indices.subarray(5 * i, 5 * i + 5)]
      expect(row[0]).toBe(i)
      expect(new Set(row).size).toBe(5)
    }
    expect([...distances]).toEqual(Array.from({ length: 100 }, () => 0))
  })

  it.each(Object.entries(reference.curves))('fits the curve of least distance %s', (minDist, [a, b]) => {
    const curve = fitCurve(Number(minDist))
    expect(curve.a).toBeCloseTo(a, 4)
    expect(curve.b).toBeCloseTo(b, 4)
  })

  it('makes the same fuzzy graph', async () => {
    const graph = fuzzyGraph(await nearestNeighbours(flat, SIZE, { count: K, threads: 1 }))
    expect(graph.from.length).toBe(reference.graph.edges)
    expect(graph.weight.reduce((a, b) => a + b)).toBeCloseTo(reference.graph.total, 1)
    const weights = new Map(Array.from(graph.from, (i, e) => [`${i},${graph.to[e]}`, graph.weight[e]!]))
    for (const [i, j, w] of reference.graph.first) expect(weights.get(`${i},${j}`)).toBeCloseTo(w, 3)
  })

  it('is as trustworthy as its maps, for every seed, and measured as by scikit-learn', async () => {
    const { scores } = await principalComponents(points, { count: 2, exact: 2, threads: 1 })
    expect(trustworthiness(points, rowsOf(scores, 2), K)).toBeCloseTo(reference.trustworthiness.pca, 4)
    const theirs = Object.values(reference.trustworthiness.umap)
    for (const seed of [0, 1, 2]) {
      const map = await umap(flat, SIZE, scores, { neighbours: K, minDist: 0.1, seed, threads: 1 })
      // A point of trustworthiness in a thousand: theirs differ by half of that from seed to seed.
      expect(trustworthiness(points, rowsOf(map, 2), K)).toBeGreaterThan(Math.min(...theirs) - 0.001)
    }
  })

  it('a seed gives the same map again, another seed another one', async () => {
    const few = flat.slice(0, 100 * SIZE)
    const start = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i))
    const make = (seed: number) => umap(few, SIZE, start, { neighbours: 10, minDist: 0.1, seed, threads: 1, epochs: 50 })
    expect(await make(1)).toEqual(await make(1))
    expect(await make(1)).not.toEqual(await make(2))
  })

  it.each([1, 2, 3])('%s clips are a map too', async (count) => {
    const map = await umap(flat.slice(0, count * SIZE), SIZE, Float64Array.from({ length: 2 * count }, (_, i) => i), { neighbours: 15, minDist: 0.1, seed: 1, threads: 1 })
    expect(map.length).toBe(2 * count)
    expect([...map].every(Number.isFinite)).toBe(true)
  })
})
