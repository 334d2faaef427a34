import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { err, joinInside, ok, safeRelativeName, TEMPORARY_SUFFIX, toAppError, type Result } from '../../kit/index.ts'
import type { FolderEntry } from './example-folder.ts'

/** Writes a new folder below `place`; it gets its name when it is whole. Returns its path. */
export async function saveFolder(place: string, name: string, entries: readonly FolderEntry[]): Promise<Result<string>> {
  const target = freeFolder(place, folderName(name))
  const temporary = `${target}${TEMPORARY_SUFFIX}`
  try {
    for (const { path, bytes } of entries) {
      const file = joinInside(temporary, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes)
    }
    await rename(temporary, target)
    return ok(target)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {})
    return err(toAppError(cause, 'writing the folder of the model', target))
  }
}

/** A name of any kind as one that every file system takes. */
export const folderName = (name: string): string => safeRelativeName(name.replaceAll(/[/\\]/g, '_')) ?? 'model'

function freeFolder(place: string, name: string): string {
  for (let i = 1; ; i++) {
    const path = join(place, i === 1 ? name : `${name} (${i})`)
    if (!existsSync(path)) return path
  }
}
