import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, statSync } from 'node:fs'
import { copyFile, open, readFile, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AppError, err, failPoint, hashBytes, hashFile, ok, TEMPORARY_SUFFIX, toAppError, type Result } from '../kit/index.ts'
import { mediaFile } from './folder.ts'
import type { Library } from './library.ts'
import type { Recording } from './recordings.ts'

/** A file to be kept under its hash. */
export interface MediaSource {
  readonly id: string
  readonly extension: string
  /** Where its bytes are now. */
  readonly path: string
  readonly bytes: number
}

/** Below this a copy is made by one read and one write, hashed in between. */
const SMALL = 1 << 20
/** Files under way at once: their creation overlaps and the file system commits their flushes together. */
const LANES = 16

/**
 * Copies files into `media/`, a batch at a time: all are written beside their place and flushed, then
 * renamed, then the folders are flushed. When this resolves, every file with an `ok` is whole on the disk
 * under its name and its bytes have that hash. A source that vanished or changed is an error of that file;
 * a failing library disk (full, read-only) is an error of the whole batch, which leaves nothing behind.
 */
export async function storeMedia(library: Library, sources: readonly MediaSource[]): Promise<Result<Result<void>[]>> {
  const copies = sources.map((source) => {
    const target = mediaFile(library.folder, source.id, source.extension)
    return { source, target, temporary: `${target}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}` }
  })
  const results = Array.from<Result<void>>({ length: copies.length })
  const folders = new Set<string>()
  try {
    for (const { target } of copies)
      if (mkdirSync(dirname(target), { recursive: true })) folders.add(library.folder.media)
    await inParallel([...copies.entries()], async ([i, { source, temporary }]) => {
      const problem = await writeCopy(source, temporary)
      if (problem) await rm(temporary, { force: true })
      results[i] = problem ? err(problem) : ok(undefined)
    })
    for (const [i, { temporary, target }] of copies.entries()) {
      if (!results[i]!.ok) continue
      failPoint('media.rename')
      renameSync(temporary, target)
      folders.add(dirname(target))
    }
    if (process.platform !== 'win32') await inParallel([...folders], flushFolder)
    return ok(results)
  } catch (cause) {
    await Promise.all(copies.map(({ temporary }) => rm(temporary, { force: true })))
    return err(toAppError(cause, 'the recordings could not be copied into the library', library.folder.media))
  }
}

/** Throws what the library's disk says; returns what is wrong with the source. */
async function writeCopy(source: MediaSource, temporary: string): Promise<AppError | null> {
  failPoint('media.write')
  const changed = () =>
    new AppError('INVALID', 'The file was changed while it was being imported', { file: source.path, hint: 'Import it again.' })
  if (source.bytes > SMALL) {
    const missing = sourceProblem(source)
    if (missing) return missing
    await copyFile(source.path, temporary)
    if ((await hashFile(temporary)) !== source.id) return changed()
    failPoint('media.sync')
    await flush(temporary, 'r+')
    return null
  }
  let bytes: Uint8Array
  try {
    bytes = await readFile(source.path)
  } catch (cause) {
    return toAppError(cause, 'the file cannot be read', source.path)
  }
  if (bytes.length !== source.bytes || hashBytes(bytes) !== source.id) return changed()
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(bytes)
    failPoint('media.sync')
    await file.sync()
  } finally {
    await file.close()
  }
  return null
}

function sourceProblem(source: MediaSource): AppError | null {
  try {
    statSync(source.path)
    return null
  } catch (cause) {
    return toAppError(cause, 'the file cannot be read', source.path)
  }
}

async function flushFolder(folder: string): Promise<void> {
  failPoint('media.folder')
  await flush(folder, 'r')
}

async function flush(path: string, flags: string): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A failure stops the handing out of items, and is thrown when what was under way has ended. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const problems: unknown[] = []
  const lane = async () => {
    while (next < items.length && problems.length === 0)
      await work(items[next++]!).catch((problem: unknown) => void problems.push(problem))
  }
  await Promise.all(Array.from({ length: Math.min(LANES, items.length) }, lane))
  if (problems.length > 0) throw problems[0]
}

/** What is wrong with a recording's file, judged by its size (and, if linked, its time); `null` where all is well. */
export function mediaProblem(library: Library, recording: Recording): AppError | null {
  const path = library.mediaPath(recording)
  const stat = statSync(path, { throwIfNoEntry: false })
  const name = recording.originalName
  if (recording.linkedPath === null) {
    if (stat?.isFile() && stat.size === recording.bytes) return null
    const what = stat ? 'has another size than it should' : 'is missing from the library'
    return new AppError('INVALID', `The recording ${name} ${what}`, {
      file: path,
      hint: 'Import the original file again: it will be put back.',
    })
  }
  if (!stat?.isFile())
    return new AppError('NOT_FOUND', `The linked recording ${name} is no longer at ${basename(dirname(path))}/${basename(path)}`, {
      file: path,
      hint: 'Put the file back, or import it from its new place: the link will be mended.',
    })
  if (stat.size === recording.bytes && stat.mtimeMs === recording.linkedModifiedMs) return null
  return new AppError('INVALID', `The linked recording ${name} was changed since it was imported`, {
    file: path,
    hint: 'Restore the original file, or import the changed one as a new recording.',
  })
}
