import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../kit/index.ts'
import { listBackups } from './backup.ts'
import type { LibraryFolder } from './folder.ts'

/** Catalogs below this size are checked page by page on every opening (some 30 ms); larger ones by `doctor`. */
const QUICK_CHECK_BYTES = 32 << 20
const MAGIC = 'SQLite format 3\0'

/**
 * Looks at a catalog before SQLite may write to it. A connection that can write changes a damaged catalog: it
 * copies the WAL into it when it closes, and deletes the WAL of a file that it takes for empty. So the header is
 * read here, and the pages by a read-only connection; what is refused is left byte for byte. Throws AppError or
 * SqliteError. Returns whether there is a catalog.
 */
export function preflight(folder: LibraryFolder): boolean {
  const { catalogFile } = folder
  const size = statSync(catalogFile, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) {
    // A restore that was killed, or a file manager: an empty library here would hide what can be had back.
    if (sizeOf(`${catalogFile}-wal`) === 0 && listBackups(folder.backups).length === 0) return false
    throw damaged(existsSync(catalogFile) ? 'it is empty' : 'it is missing, but there are backups of it')
  }
  checkHeader(catalogFile, size)
  if (size > QUICK_CHECK_BYTES) return true
  const db = new Database(catalogFile, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    const finding = db.pragma('quick_check(1)', { simple: true })
    if (finding !== 'ok') throw damaged(String(finding).replace(/\s+/g, ' '))
  } finally {
    db.close()
  }
  return true
}

/** The SQLite file format, section 1.3: the magic at byte 0, the page size at byte 16. */
function checkHeader(path: string, size: number): void {
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, 100, 0)
  } finally {
    closeSync(file)
  }
  if (header.toString('latin1', 0, 16) !== MAGIC) throw damaged('it is not an SQLite file')
  const stored = header.readUInt16BE(16)
  const pageSize = stored === 1 ? 65_536 : stored
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw damaged('its page size is impossible')
  if (size % pageSize !== 0) throw damaged('its end is cut off')
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

const damaged = (what: string): AppError => new AppError('CATALOG_CORRUPT', `The catalog is damaged: ${what}`)
