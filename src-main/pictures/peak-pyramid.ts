import { assert } from '../kit/index.ts'

export interface PeakLayout {
  /** Samples of one pair at level 0. */
  readonly bucket: number
  /** Pairs of one level that are one of the next. */
  readonly factor: number
}

/**
 * The lowest and highest samples of a recording at several resolutions, filled from its start. Each level holds pairs
 * of 16-bit integers; the last pair of a level may stand for fewer samples.
 */
export interface PeakPyramid {
  /** Samples that have been measured. */
  readonly done: number
  readonly frames: number
  /** Appends pairs of level 0. */
  add(pairs: Int16Array): void
  /** Pairs [first, first + count) as far as they are there; undefined where there is no such level or place. */
  pairs(level: number, first: number, count: number): { readonly pairs: Int16Array; readonly whole: boolean } | undefined
  /** All levels, one after the other, as they are kept. */
  toBytes(): Uint8Array
}

export function createPeakPyramid(frames: number, { bucket, factor }: PeakLayout, kept?: Uint8Array<ArrayBuffer>): PeakPyramid {
  assert(frames > 0, 'a pyramid of no samples')
  const sizes: number[] = []
  for (let pairs = Math.ceil(frames / bucket); ; pairs = Math.ceil(pairs / factor)) {
    sizes.push(pairs)
    if (pairs === 1) break
  }
  const total = sizes.reduce((a, b) => a + b, 0)
  const valid = kept?.length === 4 * total && kept.byteOffset % 2 === 0
  const all = valid ? new Int16Array(kept.buffer, kept.byteOffset, 2 * total) : new Int16Array(2 * total)
  let at = 0
  const levels = sizes.map((size) => all.subarray(2 * at, 2 * (at += size)))
  const filled = sizes.map((size) => (valid ? size : 0))

  function rise(level: number): void {
    const [from, to] = [levels[level - 1]!, levels[level]]
    if (!to) return
    const ended = filled[level - 1] === sizes[level - 1]
    const ready = ended ? sizes[level]! : Math.floor(filled[level - 1]! / factor)
    for (let i = filled[level]!; i < ready; i++) {
      let min = from[2 * i * factor]!
      let max = from[2 * i * factor + 1]!
      for (let j = i * factor + 1; j < Math.min((i + 1) * factor, sizes[level - 1]!); j++) {
        min = Math.min(min, from[2 * j]!)
        max = Math.max(max, from[2 * j + 1]!)
      }
      to[2 * i] = min
      to[2 * i + 1] = max
    }
    filled[level] = ready
    rise(level + 1)
  }

  return {
    frames,
    get done() {
      return Math.min(frames, filled[0]! * bucket)
    },
    add(pairs) {
      assert(2 * filled[0]! + pairs.length <= levels[0]!.length, 'more pairs than the recording has')
      levels[0]!.set(pairs, 2 * filled[0]!)
      filled[0]! += pairs.length / 2
      rise(1)
    },
    pairs(level, first, count) {
      const pairs = levels[level]
      if (!pairs || first < 0 || first >= sizes[level]!) return undefined
      const end = Math.min(first + count, sizes[level]!)
      return { pairs: pairs.subarray(2 * Math.min(first, filled[level]!), 2 * Math.min(end, filled[level]!)), whole: end <= filled[level]! }
    },
    toBytes: () => new Uint8Array(all.buffer, all.byteOffset, all.byteLength),
  }
}
