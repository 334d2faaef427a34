import type Database from 'better-sqlite3'
import { fail, failPoint, ok, type Result } from '../kit/index.ts'
import { makeBackup } from './backup.ts'
import { APPLICATION_ID } from './database.ts'
import type { LibraryFolder } from './folder.ts'
import { migrations as released, type Migration } from './migrations/index.ts'

/**
 * Brings a catalog to this program's schema, one transaction a step. An existing library is backed up first.
 * A schema from a newer program is refused and nothing is touched. `migrations` is a parameter for tests.
 */
export function migrate(
  db: Database.Database,
  folder: LibraryFolder,
  migrations: readonly Migration[] = released,
): Result<{ readonly from: number; readonly to: number }> {
  const from = schemaVersion(db)
  if (from > migrations.length)
    return fail('CATALOG_NEWER', `The library was made by a newer Espectro (schema ${from}, this one knows ${migrations.length})`, {
      file: folder.catalogFile,
      hint: 'Install the newer Espectro; the library was not changed.',
    })
  const identity = db.pragma('application_id', { simple: true })
  const isNew = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (from === 0 ? !isNew || (identity !== 0 && identity !== APPLICATION_ID) : identity !== APPLICATION_ID)
    return fail('INVALID', 'catalog.sqlite is a database of another program', {
      file: folder.catalogFile,
      hint: 'Choose another folder for the library.',
    })
  if (from > 0 && from < migrations.length) {
    const backup = makeBackup(db, folder.backups, `-before-v${migrations.length}`)
    if (!backup.ok) return backup
  }
  for (const migration of migrations.slice(from)) {
    db.transaction(() => {
      // Another process may have done this step while we waited for the lock.
      if (schemaVersion(db) >= migration.version) return
      db.exec(migration.sql)
      failPoint('migrate.step')
      db.pragma(`application_id = ${APPLICATION_ID}`)
      db.pragma(`user_version = ${migration.version}`)
    }).immediate()
  }
  return ok({ from, to: migrations.length })
}

const schemaVersion = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }))
