import Database from 'better-sqlite3'
import { err, fail, type Result } from '../kit/index.ts'
import { watchClips, type ClipChanges, type ClipMark } from './clip-changes.ts'
import { createHandle, type ReadableCatalog, type WritableCatalog } from './database.ts'
import { beginEntry, endEntry, redoInside, undoInside } from './history.ts'
import { fromSqlite } from './sqlite-error.ts'

export interface TransactOptions {
  /** False for records that no person undoes (runs, models). Default true. */
  readonly undoable?: boolean
  /** Changes with the same group, one after the other, are undone by one undo. */
  readonly group?: string
}

/** Looking needs no ceremony; every change goes through `transact`. */
export interface Catalog extends ReadableCatalog {
  /**
   * One change: all of it or none, in one write transaction, with its entry in the undo journal under `name`.
   * An error returned (or an AppError thrown) by `change` rolls back. Transactions do not nest.
   */
  transact<T>(name: string, change: (catalog: WritableCatalog) => Result<T>, options?: TransactOptions): Result<T>
  /** Takes the last change (or group) back and returns its name. */
  undo(): Result<string>
  redo(): Result<string>
  /** The clips that changed since the mark. */
  clipChanges(since: ClipMark | null): ClipChanges
}

class Rollback extends Error {
  readonly result: Result<never>
  constructor(result: Result<never>) {
    super('rolled back')
    this.result = result
  }
}

export function createCatalog(db: Database.Database, file: string): Catalog {
  const handle = createHandle(db, file)
  const clipChanges = watchClips(db)

  function change<T>(work: () => Result<T>): Result<T> {
    try {
      return db
        .transaction(() => {
          const result = work()
          if (!result.ok) throw new Rollback(result)
          return result
        })
        .immediate()
    } catch (cause) {
      if (cause instanceof Rollback) return cause.result
      const error = fromSqlite(cause, file)
      if (error) return err(error)
      throw cause
    }
  }

  /** Something that is not journalled (another program's edit, an emptied bin) can stand in the way. */
  function replay(work: () => Result<string>): Result<string> {
    try {
      return change(work)
    } catch (cause) {
      if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_CONSTRAINT'))
        return fail('INVALID', 'This can no longer be undone or redone: a later change stands in the way', {
          cause,
          hint: 'Nothing was changed.',
        })
      throw cause
    }
  }

  return {
    get: handle.get,
    all: handle.all,
    transact(name, work, options = {}) {
      return change(() => {
        if (options.undoable === false) return work(handle)
        const entry = beginEntry(handle, name, options.group ?? null)
        const result = work(handle)
        if (result.ok) endEntry(handle, entry)
        return result
      })
    },
    undo: () => replay(() => undoInside(handle)),
    redo: () => replay(() => redoInside(handle)),
    clipChanges,
  }
}
