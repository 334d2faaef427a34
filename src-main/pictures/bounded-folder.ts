import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder of files that may go at any time: those that were not used for longest go when it grows too large. */
export interface BoundedFolder {
  path(name: string): string
  /** Whether the file is there; it then counts as just used. */
  use(name: string): Promise<boolean>
  /** To be called when a file has been written; older ones may go. */
  added(name: string): Promise<void>
  remove(name: string): Promise<void>
}

/** What is left when files had to go, as a part of the limit: not every write shall look for files to remove. */
const KEPT = 0.8

export function createBoundedFolder(folder: string, limit: number): BoundedFolder {
  /** Bytes of each file, the longest unused first. */
  let known: Promise<Map<string, number>> | null = null
  const files = (): Promise<Map<string, number>> => (known ??= list(folder))

  async function remove(name: string): Promise<void> {
    ;(await files()).delete(name)
    await rm(join(folder, name), { force: true }).catch(() => undefined) // one that is open goes another time
  }
  return {
    path: (name) => join(folder, name),
    remove,
    async use(name) {
      const present = await files()
      const bytes = present.get(name)
      if (bytes === undefined) return false
      present.delete(name)
      const now = new Date()
      // A person may have emptied the folder meanwhile.
      const there = await utimes(join(folder, name), now, now).then(() => true, () => false)
      if (there) present.set(name, bytes)
      return there
    },
    async added(name) {
      const present = await files()
      present.delete(name)
      present.set(name, (await stat(join(folder, name))).size)
      let total = [...present.values()].reduce((sum, bytes) => sum + bytes, 0)
      if (total <= limit) return
      for (const [oldest, bytes] of present) {
        if (total <= limit * KEPT || oldest === name) break
        await remove(oldest)
        total -= bytes
      }
    },
  }
}

async function list(folder: string): Promise<Map<string, number>> {
  await mkdir(folder, { recursive: true })
  const found: { name: string; bytes: number; usedMs: number }[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const info = await stat(join(folder, entry.name)).catch(() => null)
    if (info) found.push({ name: entry.name, bytes: info.size, usedMs: info.mtimeMs })
  }
  return new Map(found.sort((a, b) => a.usedMs - b.usedMs).map(({ name, bytes }) => [name, bytes]))
}
