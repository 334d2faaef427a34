import { SEEKABLE, type DecodePool } from '../audio/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { createBoundedFolder } from './bounded-folder.ts'
import type { PictureSource } from './picture-source.ts'

/**
 * Of compressed files a span costs as much as the whole, so what is looked at is decoded once and kept as WAV (mono,
 * 16 bits). WAV and AIFF files are used as they are.
 */
export interface DecodedCopies {
  /** A file of which any span can be read at once. */
  path(source: PictureSource): Promise<Result<string>>
}

export function createDecodedCopies(pool: DecodePool, cache: string, limit: number): DecodedCopies {
  const folder = createBoundedFolder(cache, limit)
  const working = new Map<string, Promise<Result<string>>>()

  async function copyOf({ id, path }: PictureSource): Promise<Result<string>> {
    const name = `${id}.wav`
    const target = folder.path(name)
    if (await folder.use(name)) return ok(target)
    const made = await pool.toWav({ path, target })
    if (!made.ok) return made
    await folder.added(name)
    return ok(target)
  }
  return {
    path(source) {
      if (SEEKABLE.has(source.container)) return Promise.resolve(ok(source.path))
      const begun = working.get(source.id) ?? copyOf(source).finally(() => working.delete(source.id))
      working.set(source.id, begun)
      return begun
    },
  }
}
