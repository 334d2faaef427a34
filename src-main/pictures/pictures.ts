import { join } from 'node:path'
import type { DecodePool } from '../audio/index.ts'
import { createByteCache } from './byte-cache.ts'
import { createDecodedCopies, type DecodedCopies } from './decoded-copies.ts'
import type { PeakLayout } from './peak-pyramid.ts'
import { createPeaks, type Peaks } from './peaks.ts'
import { createTileProcess } from './process/tile-process.ts'
import { createTiles, type Tiles } from './tiles.ts'

export interface PicturesOptions {
  readonly pool: DecodePool
  /** A folder of its own, which may be emptied at any time. */
  readonly cache: string
  readonly peaks: PeakLayout
}

/** Everything that is drawn of recordings, and what it rests on. */
export interface Pictures extends AsyncDisposable {
  readonly peaks: Peaks
  readonly tiles: Tiles
  readonly copies: DecodedCopies
  /** Starts the process of spectrograms before the first one is wanted. */
  warm(): void
}

/** Bytes on the disk at most. */
const LIMITS = { peaks: 256 * 2 ** 20, tiles: 2 ** 30, sound: 6 * 2 ** 30 }

export function createPictures({ pool, cache, peaks }: PicturesOptions): Pictures {
  const copies = createDecodedCopies(pool, join(cache, 'sound'), LIMITS.sound)
  const process = createTileProcess()
  return {
    copies,
    peaks: createPeaks(pool, copies, createByteCache(join(cache, 'peaks'), LIMITS.peaks), peaks),
    tiles: createTiles(process, copies, createByteCache(join(cache, 'spectrogram'), LIMITS.tiles)),
    warm: process.warm,
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  }
}
