import { hashJson, ok, type Result } from '../kit/index.ts'
import type { ByteCache } from './byte-cache.ts'
import type { DecodedCopies } from './decoded-copies.ts'
import type { PictureSource } from './picture-source.ts'
import type { TileProcess } from './process/tile-process.ts'
import type { StftGraph } from './stft-graph.ts'
import type { TilePlan } from './tile-windows.ts'

export interface Tiles {
  /** [column, bin], one byte each; see `createStftModel`. */
  tile(source: PictureSource, graph: StftGraph, plan: TilePlan, signal?: AbortSignal): Promise<Result<Uint8Array<ArrayBuffer>>>
}

/** Raised when the same request begins to give other bytes. */
const ARITHMETIC_VERSION = 1

/** Bytes kept in memory: what a person scrolls to and fro over. */
const MEMORY = 48 * 2 ** 20

export function createTiles(process: TileProcess, copies: DecodedCopies, cache: ByteCache): Tiles {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  let held = 0

  function keep(key: string, tile: Uint8Array<ArrayBuffer>): void {
    if (kept.has(key)) return
    kept.set(key, tile)
    held += tile.length
    for (const [oldest, bytes] of kept) {
      if (held <= MEMORY) break
      kept.delete(oldest)
      held -= bytes.length
    }
  }

  return {
    async tile(source, graph, plan, signal) {
      const key = hashJson({ arithmetic: ARITHMETIC_VERSION, recording: source.id, graph, plan })
      const known = kept.get(key) ?? (await cache.get(key))
      if (known) {
        keep(key, known)
        return ok(known)
      }
      const path = await copies.path(source)
      if (!path.ok) return path
      const made = await process.compute({ path: path.value, graph, plan }, signal)
      if (!made.ok) return made
      const tile = new Uint8Array(made.value)
      keep(key, tile)
      void cache.put(key, tile)
      return ok(tile)
    },
  }
}
