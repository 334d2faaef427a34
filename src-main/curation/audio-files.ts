import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isAudioFile } from '../audio/index.ts'
import { AppError, err, isInside, ok, toAppError, type Result } from '../kit/index.ts'

/** One audio file below the imported folder. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string
  /** Below the folder, with forward slashes. */
  readonly name: string
}

export interface FoundFiles {
  /** Absolute, links resolved; where a single file was named, the folder it is in. */
  readonly root: string
  /** Sorted by name, '2' before '10'. */
  readonly files: readonly FoundFile[]
  /** Files that are not audio by their name. */
  readonly skipped: number
  /** Folders that could not be read. */
  readonly failed: readonly AppError[]
}

const natural = new Intl.Collator('en', { numeric: true })
const byName = (a: FoundFile, b: FoundFile) => natural.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)

/**
 * Every audio file below a folder, or the one file. Hidden files and folders are left out. Links to folders
 * are not followed; links to files are, where they stay inside the folder.
 */
export async function findAudioFiles(path: string): Promise<Result<FoundFiles>> {
  let start: string
  try {
    start = await realpath(resolve(path))
    if (!(await stat(start)).isDirectory()) {
      const file = { path: start, name: basename(start) }
      return ok({ root: dirname(start), files: [file], skipped: 0, failed: [] })
    }
  } catch (cause) {
    return err(toAppError(cause, 'the folder cannot be read', path))
  }
  const files: FoundFile[] = []
  const failed: AppError[] = []
  let skipped = 0

  async function walk(folder: string, prefix: string): Promise<void> {
    let entries: Dirent[]
    try {
      entries = await readdir(folder, { withFileTypes: true })
    } catch (cause) {
      failed.push(toAppError(cause, 'the folder cannot be read', prefix || path))
      return
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const full = join(folder, entry.name)
      const name = prefix + entry.name
      if (entry.isDirectory()) await walk(full, `${name}/`)
      else if (!isAudioFile(entry.name)) skipped++
      else if (entry.isFile() || (entry.isSymbolicLink() && (await linkStaysInside(start, full)))) files.push({ path: full, name })
      else skipped++
    }
  }
  await walk(start, '')
  return ok({ root: start, files: files.sort(byName), skipped, failed })
}

export async function linkStaysInside(root: string, path: string): Promise<boolean> {
  try {
    const target = await realpath(path)
    return isInside(root, target) && (await stat(target)).isFile()
  } catch {
    return false
  }
}
