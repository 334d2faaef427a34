import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { failPoint } from './fail-point.ts'

/** Temporary files carry this suffix and sit beside their target, so that a sweep finds what a crash left. */
export const TEMPORARY_SUFFIX = '.espectro-tmp'

/**
 * Replaces a file whole or not at all: written beside the target, flushed to the disk, renamed, and the
 * folder flushed too. After a crash the path holds the old bytes or the new ones. Rejects with the
 * system's error; the temporary file is removed.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  await replaceAtomic(path, async (temporary) => {
    const file = await open(temporary, 'wx')
    try {
      failPoint('atomic.write')
      await file.writeFile(bytes)
      failPoint('atomic.sync')
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

async function replaceAtomic(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `${basename(path)}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`)
  try {
    await write(temporary)
    failPoint('atomic.rename')
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cause
  }
  await syncFolder(folder)
}

/** Makes a rename in the folder durable; where the system has no such thing (Windows) it does nothing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes what crashed writes left anywhere below the folder; returns how many files. */
export async function sweepTemporaryFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const left = entries.filter((e) => e.isFile() && e.name.endsWith(TEMPORARY_SUFFIX))
  await Promise.all(left.map((e) => rm(join(e.parentPath, e.name), { force: true })))
  return left.length
}

/** Removes what crashed writes of this one file left beside it, where its folder is not ours to sweep. */
export async function sweepTemporaryFilesOf(path: string): Promise<number> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  const random = /^\.[0-9a-f]{12}$/
  const left = names.filter(
    (n) => n.startsWith(basename(path)) && n.endsWith(TEMPORARY_SUFFIX) && random.test(n.slice(basename(path).length, -TEMPORARY_SUFFIX.length)),
  )
  await Promise.all(left.map((n) => rm(join(folder, n), { force: true })))
  return left.length
}
