import { createRandom } from '../kit/index.ts'
import { FINGERPRINT_SIZE, similarity } from './fingerprint.ts'

/**
 * From here on two sounds are near duplicates. Chosen on one half of the Free Spoken Digit Dataset's speakers and
 * measured on the other half: see docs/LIBRARY.md.
 */
export const NEAR_SIMILARITY = 0.965

/**
 * The index: random hyperplanes (Charikar, "Similarity estimation techniques from rounding algorithms", 2002).
 * Two pictures at the threshold stand at 15.2° to each other, fall on the same side of a plane with 1 − 15.2/180
 * = 0.915, of 20 planes with 0.17: with 24 tables all but 1 % of such pairs meet in at least one (closer ones
 * more surely). What has nothing in common meets in one of a million.
 */
const PLANES = 20
const TABLES = 24
/** In a bucket that holds more, each looks at its next neighbours only: a thousand takes of one hum cost no million comparisons. */
const LARGEST_BUCKET = 400

export interface NearPair {
  readonly a: number
  readonly b: number
}

/** Every pair of fingerprints (rows of `FINGERPRINT_SIZE` signed bytes) that is alike, by their row numbers, a < b. */
export function nearPairs(fingerprints: Int8Array): NearPair[] {
  const rows = fingerprints.length / FINGERPRINT_SIZE
  const row = (i: number) => fingerprints.subarray(i * FINGERPRINT_SIZE, (i + 1) * FINGERPRINT_SIZE)
  const random = createRandom('planes')
  const pairs: NearPair[] = []
  const seen = new Set<number>()
  const keys = new Uint32Array(rows)
  for (let table = 0; table < TABLES; table++) {
    const planes = Int8Array.from({ length: PLANES * FINGERPRINT_SIZE }, () => (random.int(2) === 0 ? -1 : 1))
    for (let i = 0; i < rows; i++) keys[i] = sides(row(i), planes)
    const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
    for (let at = 0; at < rows; at++)
      for (let next = at + 1; next < rows && next <= at + LARGEST_BUCKET && keys[order[next]!] === keys[order[at]!]; next++) {
        const [a, b] = [order[at]!, order[next]!]
        const pair = a * rows + b
        if (seen.has(pair) || similarity(row(a), row(b)) < NEAR_SIMILARITY) continue
        seen.add(pair)
        pairs.push({ a, b })
      }
  }
  return pairs.sort((x, y) => x.a - y.a || x.b - y.b)
}

/** One bit a plane: the side that the picture lies on. */
function sides(picture: Int8Array, planes: Int8Array): number {
  let key = 0
  for (let plane = 0; plane < PLANES; plane++) {
    let sum = 0
    for (let i = 0, at = plane * FINGERPRINT_SIZE; i < FINGERPRINT_SIZE; i++) sum += planes[at + i]! * picture[i]!
    key = (key << 1) | (sum >= 0 ? 1 : 0)
  }
  return key >>> 0
}
