import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { AppError, assert, err, ok, toAppError, type Result } from '../kit/index.ts'
import { listBackups, makeBackup, type Backup } from './backup.ts'
import { createCatalog, type Catalog } from './catalog.ts'
import { openConnection } from './database.ts'
import { LIBRARY_PARTS, libraryFolder, mediaFile, type LibraryFolder } from './folder.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations/index.ts'
import { preflight } from './preflight.ts'
import type { Recording } from './recordings.ts'
import { restoreHint } from './restore.ts'
import { fromSqlite } from './sqlite-error.ts'

export interface Library extends Disposable {
  readonly folder: LibraryFolder
  readonly catalog: Catalog
  /** Absolute path of a recording's bytes: in `media/`, or where a linked recording lies. */
  mediaPath(recording: Pick<Recording, 'id' | 'extension' | 'linkedPath'>): string
  /** Makes a verified copy of the catalog now. */
  backUp(): Result<Backup>
  /** Things that went wrong on opening but did not prevent it (the daily backup). */
  readonly warnings: readonly AppError[]
  close(): void
}

export interface OpenOptions {
  /** Default true: make the library where there is none. */
  readonly create?: boolean
  /** Default one day; a backup is made on opening when the newest is older. */
  readonly backupAgeMs?: number
  /** For tests of migrations. */
  readonly migrations?: readonly Migration[]
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Opens the library in `folder`, making it where there is none. Several processes may have one library open:
 * they read side by side, and short writes wait for each other. A damaged catalog is refused with
 * CATALOG_CORRUPT and left as it is (see `restoreNewestBackup`), one from a newer program with CATALOG_NEWER.
 */
export function openLibrary(root: string, options: OpenOptions = {}): Result<Library> {
  const folder = libraryFolder(root)
  if (options.create === false && !existsSync(folder.catalogFile))
    return err(new AppError('NOT_FOUND', `There is no library in ${root}`, { file: root }))
  let db: Database.Database | undefined
  try {
    for (const part of LIBRARY_PARTS) mkdirSync(join(root, part), { recursive: true })
    const isNew = !preflight(folder)
    db = openConnection(folder.catalogFile)
    const migrated = migrate(db, folder, options.migrations)
    if (!migrated.ok) {
      db.close()
      return migrated
    }
    return ok(createLibrary(db, folder, isNew ? [] : backUpIfOld(db, folder, options.backupAgeMs ?? DAY_MS)))
  } catch (cause) {
    db?.close()
    const error = fromSqlite(cause, folder.catalogFile) ?? toAppError(cause, 'the library was not opened', root)
    if (error.code !== 'CATALOG_CORRUPT') return err(error)
    return err(new AppError(error.code, error.message, { hint: restoreHint(folder), file: folder.catalogFile, cause }))
  }
}

function backUpIfOld(db: Database.Database, folder: LibraryFolder, ageMs: number): AppError[] {
  const newest = listBackups(folder.backups)[0]
  if (newest && Date.now() - newest.madeAtMs < ageMs) return []
  const made = makeBackup(db, folder.backups)
  return made.ok ? [] : [made.error]
}

function createLibrary(db: Database.Database, folder: LibraryFolder, warnings: readonly AppError[]): Library {
  const close = () => {
    if (db.open) db.close()
  }
  return {
    folder,
    catalog: createCatalog(db, folder.catalogFile),
    warnings,
    mediaPath: (recording) => recording.linkedPath ?? mediaFile(folder, recording.id, recording.extension),
    backUp() {
      assert(db.open, 'the library is closed')
      return makeBackup(db, folder.backups)
    },
    close,
    [Symbol.dispose]: close,
  }
}
