import { columnHop, columnsOf, TILE_COLUMNS, tileLevels, type Stft } from '@contract'

export interface PlacedTile {
  readonly level: number
  readonly tile: number
  /** Its columns [start, end) in samples: a column stands in the middle of its hop. */
  readonly start: number
  readonly end: number
}

/** The coarsest level that still has a column for every pixel. */
export function levelFor(stft: Pick<Stft, 'hop'>, frames: number, samplesPerPixel: number): number {
  const level = Math.floor(Math.log2(samplesPerPixel / stft.hop) + 1e-9)
  return Math.max(0, Math.min(tileLevels(stft, frames) - 1, level))
}

export function placeTile(stft: Pick<Stft, 'hop'>, frames: number, level: number, tile: number): PlacedTile {
  const hop = columnHop(stft, level)
  const columns = Math.min(TILE_COLUMNS, columnsOf(stft, level, frames) - tile * TILE_COLUMNS)
  const start = (tile * TILE_COLUMNS - 0.5) * hop
  return { level, tile, start, end: start + columns * hop }
}

/** The tiles of a level that show anything of [start, end), in samples. */
export function tilesIn(stft: Pick<Stft, 'hop'>, frames: number, level: number, start: number, end: number): PlacedTile[] {
  const samples = columnHop(stft, level) * TILE_COLUMNS
  const last = Math.ceil(columnsOf(stft, level, frames) / TILE_COLUMNS) - 1
  const from = Math.max(0, Math.min(last, Math.floor((start + columnHop(stft, level) / 2) / samples)))
  const to = Math.max(from, Math.min(last, Math.floor((end + columnHop(stft, level) / 2) / samples)))
  return Array.from({ length: to - from + 1 }, (_, i) => placeTile(stft, frames, level, from + i))
}
