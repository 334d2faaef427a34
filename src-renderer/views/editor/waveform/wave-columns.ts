/** Where pairs of lowest and highest sample come from; undefined where they are not there yet. */
export interface PairSource {
  /** Samples of one pair. */
  readonly bucket: number
  /** Writes the lowest and highest of the pairs [first, last) into `into`; false where any of them is missing. */
  extremes(first: number, last: number, into: { low: number; high: number }): boolean
}

export interface WaveColumns {
  /** −1 to 1. */
  readonly low: Float32Array
  readonly high: Float32Array
  /** False where something was missing and a coarser source, or silence, stands in. */
  readonly whole: boolean
}

/**
 * The lowest and highest sample of each pixel column of [start, end), in samples. Each column takes the pairs that it
 * touches from the first source that has them: the finest one that fits, then coarser ones.
 */
export function waveColumns(start: number, end: number, columns: number, sources: readonly PairSource[]): WaveColumns {
  const low = new Float32Array(columns)
  const high = new Float32Array(columns)
  const step = (end - start) / columns
  const found = { low: 0, high: 0 }
  let whole = true
  for (let x = 0; x < columns; x++) {
    const from = start + x * step
    for (const [rank, source] of sources.entries()) {
      const first = Math.max(0, Math.floor(from / source.bucket))
      const last = Math.max(first + 1, Math.ceil((from + step) / source.bucket))
      if (source.extremes(first, last, found)) {
        low[x] = found.low
        high[x] = found.high
        if (rank > 0) whole = false
        break
      }
      if (rank === sources.length - 1) whole = false
    }
  }
  return { low, high, whole }
}
