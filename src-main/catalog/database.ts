import Database from 'better-sqlite3'
import { fromSqlite } from './sqlite-error.ts'

export type SqlValue = string | number | bigint | null | Uint8Array

/** A handle that can only look. Functions that list and count take this. Failures of the disk throw `AppError`. */
export interface ReadableCatalog {
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined
  all<Row>(sql: string, ...values: SqlValue[]): Row[]
}

/** A handle that can change rows. It exists only inside `transact`. */
export interface WritableCatalog extends ReadableCatalog {
  run(sql: string, ...values: SqlValue[]): { readonly changes: number; readonly id: number }
}

/** How long a writer waits for another process's short write, in ms. */
const BUSY_TIMEOUT = 5000

/** 'ESPC': tells `file` and us that this SQLite file is an Espectro catalog. */
export const APPLICATION_ID = 0x45535043

/**
 * Opens with the settings every connection needs. WAL lets other processes read while one writes;
 * `synchronous = FULL` flushes each commit, so that a change reported as done survives a power cut. Commits are
 * few (one for a person's action, one for a batch of an import), so its cost does not show.
 */
export function openConnection(file: string): Database.Database {
  const db = new Database(file, { timeout: BUSY_TIMEOUT })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('temp_store = MEMORY')
    db.pragma('cache_size = -32768')
  } catch (cause) {
    db.close()
    throw cause
  }
  return db
}

/** Runs SQL with prepared statements kept by their text. */
export function createHandle(db: Database.Database, file: string): WritableCatalog {
  const statements = new Map<string, Database.Statement<SqlValue[]>>()
  const prepare = (sql: string) => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = db.prepare<SqlValue[]>(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw fromSqlite(cause, file) ?? cause
    }
  }
  return {
    get: <Row>(sql: string, ...values: SqlValue[]) => guarded(() => prepare(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: SqlValue[]) => guarded(() => prepare(sql).all(...values) as Row[]),
    run: (sql, ...values) =>
      guarded(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...values)
        return { changes, id: Number(lastInsertRowid) }
      }),
  }
}
