/**
 * The map of clips at its size: 50,000 points of 50 values in twenty groups, on this machine. Seconds of the exact
 * neighbours and of UMAP, and milliseconds to draw all points into a picture of 1000 × 800 pixels.
 */
import { availableParallelism } from 'node:os'
import { nearestNeighbours, principalComponents, umap } from '../src-main/embedding/index.ts'
import { createRandom } from '../src-main/kit/index.ts'
import { drawPoints } from '../src-renderer/views/inspect/map/draw-points.ts'
import { createPlane, fitted, nearest } from '../src-renderer/views/inspect/map/plane.ts'
import { median } from './lib/measure.ts'

const COUNT = Number(process.argv[2] ?? 50_000)
const SIZE = 50
const GROUPS = 20
const threads = availableParallelism()

const random = createRandom('map')
const centres = Array.from({ length: GROUPS }, () => Array.from({ length: SIZE }, () => 4 * random.normal()))
const rows = Array.from({ length: COUNT }, (_, i) => Float32Array.from({ length: SIZE }, (_v, d) => centres[i % GROUPS]![d]! + random.normal()))

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const at = performance.now()
  const value = await work()
  console.log(`${what}: ${((performance.now() - at) / 1000).toFixed(1)} s`)
  return value
}

console.log(`${COUNT} points of ${SIZE} values, ${threads} threads`)
const { scores, count } = await timed('principal components', () => principalComponents(rows, { count: SIZE, exact: 2, threads }))
await timed('neighbours, exact', () => nearestNeighbours(scores, count, { count: 15, threads }))
const start = Float64Array.from({ length: 2 * COUNT }, (_, i) => scores[(i >> 1) * count + (i & 1)]!)
const positions = await timed('UMAP, neighbours included', () => umap(scores, count, start, { neighbours: 15, minDist: 0.1, seed: 1, threads }))

const [width, height] = [1000, 800]
const plane = createPlane(positions)
const view = fitted(plane, width, height)
const pixels = new Uint32Array(width * height)
const style = { colours: new Uint32Array(COUNT).fill(0xff_80_80_80), selected: new Set<number>(), radius: 1.6, ring: 0xff_ff_ff_ff }
const milliseconds = (work: () => unknown): number =>
  median(
    Array.from({ length: 60 }, () => {
      const at = performance.now()
      work()
      return performance.now() - at
    }),
  )
console.log(`all points drawn: ${milliseconds(() => drawPoints(pixels, width, height, plane, view, style)).toFixed(1)} ms`)
console.log(`the point under the pointer: ${milliseconds(() => nearest(plane, view, [random.uniform(0, width), random.uniform(0, height)], 9, () => true)).toFixed(3)} ms`)
