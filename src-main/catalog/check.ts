import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { AppError, err, hashFile, ok, TEMPORARY_SUFFIX, toAppError, type Result } from '../kit/index.ts'
import { listBackups, verifyCatalogFile } from './backup.ts'
import type { Library } from './library.ts'
import { mediaProblem } from './media.ts'
import { findRecording, listRecordings } from './recordings.ts'

export interface LibraryProblem {
  readonly code: 'CATALOG_DAMAGED' | 'MEDIA_BROKEN' | 'LINK_BROKEN' | 'ORPHAN' | 'TEMPORARY_FILE' | 'BACKUP_UNSOUND'
  readonly message: string
  readonly hint?: string
  readonly file?: string
  /** True where the sweep has put it right. */
  readonly repaired: boolean
}

export interface CheckOptions {
  /** Put right what can be: remove temporary files, move media without a row to the bin. Default false. */
  readonly sweep?: boolean
  /** Read every media file and compare its hash. Default false. */
  readonly deep?: boolean
  /** Younger files may belong to an import that is running in another process. Default ten minutes. */
  readonly minimumAgeMs?: number
}

export interface LibraryCheck {
  readonly problems: readonly LibraryProblem[]
  readonly recordings: number
}

/** Looks for everything that a crash, a failing disk or a person with a file manager can do to a library. */
export async function checkLibrary(library: Library, options: CheckOptions = {}): Promise<Result<LibraryCheck>> {
  try {
    const recordings = listRecordings(library.catalog)
    const problems = [
      ...checkCatalog(library),
      ...(await checkMedia(library, options.deep ?? false)),
      ...(await checkStrayFiles(library, options)),
      ...checkBackups(library),
    ]
    return ok({ problems, recordings: recordings.length })
  } catch (cause) {
    if (cause instanceof AppError) return err(cause)
    if ((cause as NodeJS.ErrnoException).code) return err(toAppError(cause, 'the library could not be checked', library.folder.root))
    throw cause
  }
}

function checkCatalog({ catalog, folder }: Library): LibraryProblem[] {
  const findings = catalog.all<{ integrity_check: string }>('PRAGMA integrity_check(20)').map((row) => row.integrity_check)
  const broken = catalog.all<{ table: string }>('PRAGMA foreign_key_check').map((row) => `a row of ${row.table} refers to nothing`)
  return [...findings.filter((f) => f !== 'ok'), ...broken].map((message) => ({
    code: 'CATALOG_DAMAGED', message, file: folder.catalogFile, repaired: false, hint: 'Restore the newest backup.',
  }))
}

async function checkMedia(library: Library, deep: boolean): Promise<LibraryProblem[]> {
  const problems: LibraryProblem[] = []
  for (const recording of listRecordings(library.catalog)) {
    const code = recording.linkedPath === null ? 'MEDIA_BROKEN' : 'LINK_BROKEN'
    const file = library.mediaPath(recording)
    const problem = mediaProblem(library, recording)
    if (problem) problems.push({ code, message: problem.message, file, repaired: false, ...(problem.hint ? { hint: problem.hint } : {}) })
    else if (deep && (await hashFile(file)) !== recording.id)
      problems.push({
        code, file, repaired: false,
        message: `The bytes of ${recording.originalName} are not those that were imported`,
        hint: 'Delete the file and import the original again.',
      })
  }
  return problems
}

/** Media without a row (an import was killed, or an older catalog was restored), and unfinished writes. */
async function checkStrayFiles(library: Library, options: CheckOptions): Promise<LibraryProblem[]> {
  const { folder, catalog } = library
  const newest = Date.now() - (options.minimumAgeMs ?? 10 * 60 * 1000)
  const problems: LibraryProblem[] = []
  for (const entry of await readdir(folder.root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const isTemporary = entry.name.endsWith(TEMPORARY_SUFFIX)
    const inMedia = !relative(folder.media, path).startsWith('..')
    if (!entry.isFile() || !(isTemporary || inMedia) || Math.floor(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > newest) continue
    if (isTemporary) {
      if (options.sweep) rmSync(path, { force: true })
      problems.push({ code: 'TEMPORARY_FILE', message: 'A file that was never finished', file: path, repaired: options.sweep ?? false })
    } else if (!belongsToRow(library, path, entry.name)) {
      // Inside a write transaction nobody can be about to add the row.
      const swept = options.sweep
        ? catalog.transact('sweep', () => ok(belongsToRow(library, path, entry.name) || moveToBin(library, path, entry.name)), { undoable: false })
        : ok(false)
      problems.push({
        code: 'ORPHAN', message: 'A recording that the catalog does not know', file: path, repaired: swept.ok && swept.value,
        hint: 'A sweep moves it to the bin; import it from there to have it back.',
      })
    }
  }
  return problems
}

function belongsToRow(library: Library, path: string, name: string): boolean {
  const recording = findRecording(library.catalog, name.split('.')[0]!)
  return recording !== undefined && recording.linkedPath === null && library.mediaPath(recording) === path
}

/** Never deleted: where an old catalog was restored, this may be the only copy. */
function moveToBin({ folder }: Library, path: string, name: string): true {
  mkdirSync(folder.bin, { recursive: true })
  if (existsSync(path)) renameSync(path, join(folder.bin, name))
  return true
}

function checkBackups({ folder }: Library): LibraryProblem[] {
  return listBackups(folder.backups).flatMap(({ path }) => {
    const problem = verifyCatalogFile(path)
    return problem ? [{ code: 'BACKUP_UNSOUND' as const, message: `A backup is damaged: ${problem}`, file: path, repaired: false }] : []
  })
}
