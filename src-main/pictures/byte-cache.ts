import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { createBoundedFolder } from './bounded-folder.ts'

/**
 * Bytes by name on the disk. It is a cache: what a crash or a damaged disk did to a file fails its checksum and
 * counts as missing, and what cannot be written is computed again the next time.
 */
export interface ByteCache {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  put(name: string, bytes: Uint8Array): Promise<void>
}

/** CRC-32 of the content, little endian, after it. */
const CHECK_BYTES = 4

export function createByteCache(path: string, limit: number): ByteCache {
  const folder = createBoundedFolder(path, limit)
  return {
    async get(name) {
      if (!(await folder.use(name))) return null
      try {
        const file = await readFile(folder.path(name))
        const content = new Uint8Array(file.buffer, file.byteOffset, file.length - CHECK_BYTES)
        if (crc32(content) === file.readUInt32LE(content.length)) return content
      } catch {
        // Unreadable or too short: as if it were not there.
      }
      await folder.remove(name)
      return null
    },
    async put(name, bytes) {
      const check = Buffer.alloc(CHECK_BYTES)
      check.writeUInt32LE(crc32(bytes))
      const temporary = folder.path(`${name}.${randomBytes(6).toString('hex')}.part`)
      try {
        await folder.use(name)
        await writeFile(temporary, [bytes, check])
        await rename(temporary, folder.path(name))
        await folder.added(name)
      } catch {
        await rm(temporary, { force: true }).catch(() => undefined)
      }
    },
  }
}
