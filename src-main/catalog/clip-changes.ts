import type Database from 'better-sqlite3'

/**
 * Which clips changed lately, so that a list of 100,000 that is kept in memory reads only those again. Triggers of
 * this connection write their ids to a table that lives in memory and takes part in its transactions: what is
 * rolled back is not listed. What another program changes is only known to be something.
 */
export interface ClipChanges {
  /** Where to go on from. */
  readonly mark: ClipMark
  /** Each id once; null where it is not known which clips changed: everything is to be read again. */
  readonly ids: readonly number[] | null
}

export interface ClipMark {
  readonly sequence: number
  /** SQLite's data_version: changes when another connection commits. */
  readonly others: number
}

/** Older changes are forgotten. */
const KEPT = 250_000

export function watchClips(db: Database.Database): (since: ClipMark | null) => ClipChanges {
  const note = (id: string) => `
    INSERT INTO changed_clips (clip) VALUES (${id});
    DELETE FROM changed_clips WHERE sequence <= last_insert_rowid() - ${KEPT};`
  db.exec(`
    CREATE TEMP TABLE changed_clips (sequence INTEGER PRIMARY KEY, clip INTEGER NOT NULL) STRICT;
    CREATE TEMP TRIGGER clip_inserted AFTER INSERT ON main.clips BEGIN ${note('new.id')} END;
    CREATE TEMP TRIGGER clip_updated AFTER UPDATE ON main.clips BEGIN ${note('old.id')} END;
    CREATE TEMP TRIGGER clip_deleted AFTER DELETE ON main.clips BEGIN ${note('old.id')} END;`)
  const look = db.prepare<[], { first: number | null; last: number | null; others: number }>(
    `SELECT (SELECT min(sequence) FROM changed_clips) AS first, (SELECT max(sequence) FROM changed_clips) AS last,
       (SELECT data_version FROM pragma_data_version) AS others`)
  const list = db.prepare<[number], number>('SELECT DISTINCT clip FROM changed_clips WHERE sequence > ?').pluck()
  return (since) => {
    const { first, last, others } = look.get()!
    const mark = { sequence: last ?? since?.sequence ?? 0, others }
    if (since?.others !== others || (first !== null && first > since.sequence + 1)) return { mark, ids: null }
    return { mark, ids: mark.sequence === since.sequence ? [] : list.all(since.sequence) }
  }
}
