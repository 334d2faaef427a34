import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { err, fail, failPoint, ok, TEMPORARY_SUFFIX, toAppError, type Result } from '../kit/index.ts'
import { listBackups, verifyCatalogFile, type Backup } from './backup.ts'
import { libraryFolder, type LibraryFolder } from './folder.ts'

export interface Restored {
  readonly backup: Backup
  /** Where the damaged catalog and its WAL went; nothing is deleted. */
  readonly setAside: string
}

export function newestSoundBackup(folder: LibraryFolder): Backup | null {
  return listBackups(folder.backups).find((backup) => verifyCatalogFile(backup.path) === null) ?? null
}

/** What to say beside CATALOG_CORRUPT: which backup could be taken. */
export function restoreHint(folder: LibraryFolder): string {
  const backup = newestSoundBackup(folder)
  return backup
    ? `Nothing was deleted. A verified backup of ${new Date(backup.madeAtMs).toISOString()} can be restored; ` +
        'the damaged catalog is then kept beside it in "backups".'
    : 'Nothing was deleted, but there is no sound backup. Import the recordings again into a new library.'
}

/**
 * Sets the catalog aside with its WAL (a WAL left behind would be applied to the restored file) and puts the
 * newest sound backup in its place. Changes since that backup are lost; media files are untouched.
 */
export function restoreNewestBackup(root: string): Result<Restored> {
  const folder = libraryFolder(root)
  const backup = newestSoundBackup(folder)
  if (!backup) return fail('NOT_FOUND', 'There is no sound backup to restore', { file: folder.backups })
  const setAside = join(folder.backups, `set-aside-${new Date().toISOString().replace(/[-:.]/g, '')}`)
  const temporary = `${folder.catalogFile}.restored${TEMPORARY_SUFFIX}`
  try {
    copyFileSync(backup.path, temporary)
    mkdirSync(setAside, { recursive: true })
    // The WAL goes first: a crash in between leaves a damaged catalog that is still recognised as such.
    for (const suffix of ['-wal', '-shm', '']) {
      const file = `${folder.catalogFile}${suffix}`
      failPoint('restore.set-aside')
      if (existsSync(file)) renameSync(file, join(setAside, `catalog.sqlite${suffix}`))
    }
    failPoint('restore.rename')
    renameSync(temporary, folder.catalogFile)
  } catch (cause) {
    rmSync(temporary, { force: true })
    return err(toAppError(cause, 'the backup was not restored', folder.catalogFile))
  }
  return ok({ backup, setAside })
}
