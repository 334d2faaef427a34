import Database from 'better-sqlite3'
import { AppError } from '../kit/index.ts'

/**
 * What SQLite said, as an error that a person can act on. Broken constraints and bad SQL are bugs of ours:
 * they come back as `null`, and the caller lets them fly.
 */
export function fromSqlite(cause: unknown, catalogFile: string): AppError | null {
  if (cause instanceof AppError) return cause
  if (!(cause instanceof Database.SqliteError)) return null
  const { code } = cause
  const details = { file: catalogFile, cause }
  if (code === 'SQLITE_CONSTRAINT_TRIGGER' && cause.message === 'ESPECTRO_TEST_LOCKED')
    return new AppError('INVALID', 'The test set of this dataset is locked', {
      cause,
      hint: 'Nothing was changed. Unlock it under “Splits” in the Library, then do it again.',
    })
  if (code === 'SQLITE_FULL')
    return new AppError('DISK_FULL', 'The disk is full: the change was not made', {
      ...details,
      hint: 'Free some space, then do it again; what was there before is unharmed.',
    })
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new AppError('LIBRARY_BUSY', 'Another program is writing to this library', {
      ...details,
      hint: 'Wait until it has finished, then do it again.',
    })
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new AppError('CATALOG_CORRUPT', `The catalog is damaged: ${cause.message}`, details)
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM')
    return new AppError('PERMISSION', `The catalog cannot be opened for writing: ${cause.message}`, {
      ...details,
      hint: 'Check the permissions of the library folder.',
    })
  if (code.startsWith('SQLITE_IOERR'))
    return new AppError('IO', `The disk failed while the catalog was used: ${cause.message}`, details)
  return null
}
