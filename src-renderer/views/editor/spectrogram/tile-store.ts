import { spectrogramTileUrl, TILE_COLUMNS, type Stft } from '@contract'
import { createKeptMap } from '../kept-map.ts'

export interface TileStore {
  /** A tile's bytes [column, bin]; undefined where it is not here yet. */
  get(level: number, tile: number): Uint8Array | undefined
  /** Asks for these, in this order, and drops requests for all others. */
  want(tiles: readonly { readonly level: number; readonly tile: number }[]): void
  /** Whether any of the last wanted tiles is still on its way. */
  readonly waiting: boolean
  dispose(): void
}

/** Bytes kept: what a person scrolls to and fro over. */
const KEPT_BYTES = 48 * 2 ** 20
/** Requests at once: the browser opens six connections, and one is for sound. */
const AT_ONCE = 4

export function createTileStore(recording: string, stft: Stft, onTile: () => void, onProblem: (message: string) => void): TileStore {
  const tiles = createKeptMap<Uint8Array>(Math.max(16, Math.floor(KEPT_BYTES / (TILE_COLUMNS * (stft.fftSize / 2 + 1)))))
  const running = new Map<string, AbortController>()
  let queue: string[] = []
  let closed = false
  const addressOf = (level: number, tile: number): string => spectrogramTileUrl(recording, stft, level, tile)

  function next(): void {
    while (running.size < AT_ONCE) {
      const address = queue.shift()
      if (address === undefined) return
      void load(address)
    }
  }
  async function load(address: string): Promise<void> {
    const stop = new AbortController()
    running.set(address, stop)
    try {
      const response = await fetch(address, { signal: stop.signal })
      if (!response.ok) throw new Error((await response.text()).trim())
      tiles.set(address, new Uint8Array(await response.arrayBuffer()))
      if (!closed) onTile()
    } catch (cause) {
      if (!stop.signal.aborted && !closed) onProblem(cause instanceof Error ? cause.message : String(cause))
    } finally {
      running.delete(address)
      next()
    }
  }

  return {
    get: (level, tile) => tiles.get(addressOf(level, tile)),
    want(wanted) {
      const addresses = [...new Set(wanted.map(({ level, tile }) => addressOf(level, tile)))].filter((address) => tiles.get(address) === undefined)
      for (const [address, stop] of running) if (!addresses.includes(address)) stop.abort()
      queue = addresses.filter((address) => !running.has(address))
      next()
    },
    get waiting() {
      return queue.length > 0 || running.size > 0
    },
    dispose() {
      closed = true
      queue = []
      for (const stop of running.values()) stop.abort()
    },
  }
}
