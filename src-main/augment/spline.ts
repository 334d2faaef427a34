/**
 * The displacement field of SpecAugment's time warp (section 2 of arXiv 1904.08779): a thin-plate spline over
 * the picture that is 1 at the point that moves, in the middle of the frequency axis, and 0 at six anchors, the
 * corners and the middles of the two vertical edges. The spline is linear in its values, so moving the point by
 * w moves every place by w times this field.
 */
import { assert } from '../kit/index.ts'

/**
 * r² · log r², as a table over 4r²: all points and places lie on half frames and half bins, so 4r² is a whole
 * number, and a look-up is many times cheaper than a logarithm. A constant factor changes nothing in the field.
 */
export type ThinPlate = Float64Array

/** Entries that a picture of this size needs. */
export const thinPlateSize = (height: number, width: number): number => 4 * (height * height + width * width)

export function thinPlate(height: number, width: number): ThinPlate {
  return Float64Array.from({ length: thinPlateSize(height, width) }, (_, n) => (n === 0 ? 0 : (n / 4) * Math.log(n / 4)))
}

/**
 * The field for the upper half of the rows, [ceil(height / 2), width]: row h equals row height − 1 − h, because
 * all seven points lie symmetrically about the middle.
 */
export function warpField(height: number, width: number, moved: number, plate: ThinPlate = thinPlate(height, width)): Float32Array {
  assert(width >= 3 && moved > 0 && moved < width - 1, `a warp to ${moved} among ${width} frames`)
  const middle = (height - 1) / 2
  // A single row has no second dimension: then three points and a line remain.
  const levels = height === 1 ? [0] : [0, middle, height - 1]
  const points = [[middle, moved] as const, ...levels.flatMap((y) => [[y, 0] as const, [y, width - 1] as const])]
  const polynomial = (y: number, x: number) => (height === 1 ? [1, x] : [1, x, y])

  const terms = polynomial(0, 0).length
  const size = points.length + terms
  const rows = points.map(([y, x]) => [...points.map(([v, u]) => plate[4 * ((y - v) ** 2 + (x - u) ** 2)]!), ...polynomial(y, x)])
  for (let t = 0; t < terms; t++) {
    rows.push([...points.map(([y, x]) => polynomial(y, x)[t]!), ...Array.from({ length: terms }, () => 0)])
  }
  const weights = solve(rows, Array.from({ length: size }, (_, i) => (i === 0 ? 1 : 0)))

  const half = Math.ceil(height / 2)
  const field = new Float64Array(half * width)
  const line = weights.slice(points.length)
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < width; x++) field[y * width + x] = line[0]! + line[1]! * x + (line[2] ?? 0) * y
  }
  points.forEach(([v, u], k) => {
    const weight = weights[k]!
    for (let y = 0; y < half; y++) {
      const down = 4 * (y - v) * (y - v)
      for (let x = 0; x < width; x++) field[y * width + x]! += weight * plate[down + 4 * (x - u) * (x - u)]!
    }
  })
  return new Float32Array(field)
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r
    const top = rows[pivot]!
    rows[pivot] = rows[column]!
    rows[column] = top
    assert(Math.abs(top[column]!) > 1e-12, 'the points of a spline do not coincide')
    for (let r = column + 1; r < n; r++) {
      const row = rows[r]!
      const factor = row[column]! / top[column]!
      if (factor !== 0) for (let c = column; c <= n; c++) row[c]! -= factor * top[c]!
    }
  }
  const solution = Array.from({ length: n }, () => 0)
  for (let r = n - 1; r >= 0; r--) {
    const row = rows[r]!
    let sum = row[n]!
    for (let c = r + 1; c < n; c++) sum -= row[c]! * solution[c]!
    solution[r] = sum / row[r]!
  }
  return solution
}
