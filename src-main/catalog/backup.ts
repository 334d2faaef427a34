import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError, err, failPoint, ok, TEMPORARY_SUFFIX, toAppError, type Result } from '../kit/index.ts'
import { APPLICATION_ID } from './database.ts'
import { fromSqlite } from './sqlite-error.ts'
import { SCHEMA_VERSION } from './migrations/index.ts'

/** How many verified backups are kept; the oldest go first. */
export const KEPT_BACKUPS = 7

const NAME = /^catalog-\d{8}T\d{9}Z(-before-v\d+)?\.sqlite$/

export interface Backup {
  readonly path: string
  readonly bytes: number
  readonly madeAtMs: number
}

/** Newest first. */
export function listBackups(folder: string): Backup[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .flatMap((name) => {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false })
      return stat?.isFile() ? [{ path: join(folder, name), bytes: stat.size, madeAtMs: stat.mtimeMs }] : []
    })
}

/**
 * A whole copy of the catalog as of now (VACUUM INTO: one consistent state, while others may read and write),
 * checked before it gets its name, flushed to the disk. The oldest beyond `KEPT_BACKUPS` are removed last.
 */
export function makeBackup(db: Database.Database, folder: string, note = ''): Result<Backup> {
  const name = `catalog-${new Date().toISOString().replace(/[-:.]/g, '')}${note}.sqlite`
  const path = join(folder, name)
  const temporary = `${path}${TEMPORARY_SUFFIX}`
  try {
    mkdirSync(folder, { recursive: true })
    failPoint('backup.copy')
    db.prepare('VACUUM INTO ?').run(temporary)
    failPoint('backup.verify')
    const problem = verifyCatalogFile(temporary)
    if (problem) throw new AppError('CATALOG_CORRUPT', `The backup did not pass its check: ${problem}`, { file: path })
    flush(temporary)
    failPoint('backup.rename')
    renameSync(temporary, path)
    if (process.platform !== 'win32') flush(folder, 'r')
  } catch (cause) {
    rmSync(temporary, { force: true })
    return err(fromSqlite(cause, path) ?? toAppError(cause, 'the backup was not made', path))
  }
  for (const old of listBackups(folder).slice(KEPT_BACKUPS)) rmSync(old.path, { force: true })
  const { size, mtimeMs } = statSync(path)
  return ok({ path, bytes: size, madeAtMs: mtimeMs })
}

/** Reads the whole file and says what is wrong with it; `null` where it is a sound catalog. */
export function verifyCatalogFile(path: string): string | null {
  let db: Database.Database | undefined
  try {
    db = new Database(path, { readonly: true, fileMustExist: true })
    const applicationId = db.pragma('application_id', { simple: true })
    if (applicationId !== APPLICATION_ID) return 'it is not an Espectro catalog'
    const version = Number(db.pragma('user_version', { simple: true }))
    if (version < 1 || version > SCHEMA_VERSION) return `its schema version is ${version}`
    const findings = db.pragma('integrity_check(3)', { simple: true })
    if (findings !== 'ok') return String(findings)
    const broken = db.pragma('foreign_key_check') as unknown[]
    return broken.length > 0 ? `${broken.length} rows refer to rows that do not exist` : null
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  } finally {
    db?.close()
  }
}

function flush(path: string, mode = 'r+'): void {
  const handle = openSync(path, mode)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
