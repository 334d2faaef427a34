/**
 * Computed features kept on disk, one file for each front end. It is a cache: whatever a crash, a full disk or a
 * damaged disk does to it, a record is either right or is computed again.
 */
import { ftruncateSync, fstatSync, mkdirSync, readSync, writeSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { editsHash, type Edit } from '../audio/index.ts'
import { AppError, assert, err, failPoint, hashJson, ok, takeLock, toAppError, type FileLock, type Result } from '../kit/index.ts'
import { decodeRecord, encodeHeader, encodeRecord, HEADER_BYTES, RECORD_HEAD_BYTES, recordBytes, recordKey } from './cache-format.ts'

export interface FeatureEntry {
  /** See `clipKey`. */
  readonly key: string
  readonly values: Float32Array
}

export interface FeatureCache extends AsyncDisposable {
  /** False where another process writes: then `append` keeps nothing, and reading works. */
  readonly writable: boolean
  /** How many clips it holds. */
  readonly size: number
  has(key: string): boolean
  /** A new array, or undefined where the clip is not there or its record is damaged. */
  get(key: string): Float32Array | undefined
  /**
   * Adds what is missing, all in one flush. Calls are queued, and the arrays must stay as they are until theirs
   * is done; after an error nothing of the call is kept.
   */
  append(entries: readonly FeatureEntry[]): Promise<Result<void>>
  close(): Promise<void>
}

export interface ClipContent {
  /** SHA-256 of the recording. */
  readonly recording: string
  /** [start, end) in samples at the recording's own rate. */
  readonly start: number
  readonly end: number
  /** What its sound goes through; none unless given. */
  readonly edits?: readonly Edit[]
}

/** Names the sound of a clip. */
export const clipKey = ({ recording, start, end, edits = [] }: ClipContent): string =>
  hashJson({ recording, start, end, edits: editsHash(edits) })

const HASH = /^[0-9a-f]{64}$/

/** Opens or makes the cache of a front end; `values` is how many numbers one clip's features have. */
export async function openFeatureCache(folder: string, frontEndHash: string, values: number): Promise<Result<FeatureCache>> {
  assert(HASH.test(frontEndHash) && Number.isInteger(values) && values > 0, 'a feature cache needs a hash and a size')
  const path = join(folder, `${frontEndHash}.features`)
  let lock: FileLock | null = null
  let file: FileHandle | null = null
  try {
    mkdirSync(folder, { recursive: true })
    lock = takeLock(`${path}.lock`)
    file = await openFile(path, lock !== null)
    if (file === null) return ok(emptyCache())
    const expected = encodeHeader(frontEndHash, values)
    const whole = hasHeader(file, expected)
    if (lock) repair(file, expected, whole, recordBytes(values))
    const index = lock || whole ? readIndex(file, values) : new Map<string, number>()
    return ok(createCache(file, lock, index, values, path))
  } catch (cause) {
    await file?.close()
    lock?.release()
    return err(toAppError(cause, 'opening the feature cache', path))
  }
}

/** Null where there is nothing to read yet. */
async function openFile(path: string, writable: boolean): Promise<FileHandle | null> {
  try {
    return await open(path, writable ? 'a+' : 'r')
  } catch (cause) {
    if (!writable && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw cause
  }
}

function hasHeader(file: FileHandle, expected: Buffer): boolean {
  const header = Buffer.alloc(HEADER_BYTES)
  return readSync(file.fd, header, 0, HEADER_BYTES, 0) === HEADER_BYTES && header.equals(expected)
}

/** A file with a foreign or damaged header begins anew; a record that was cut short goes. */
function repair(file: FileHandle, header: Buffer, whole: boolean, record: number): void {
  if (!whole) {
    ftruncateSync(file.fd, 0)
    writeSync(file.fd, header)
    return
  }
  const torn = (fstatSync(file.fd).size - HEADER_BYTES) % record
  if (torn > 0) ftruncateSync(file.fd, fstatSync(file.fd).size - torn)
}

/** Where each key's newest record begins. Payloads are checked when they are read. */
function readIndex(file: FileHandle, values: number): Map<string, number> {
  const index = new Map<string, number>()
  const head = Buffer.alloc(RECORD_HEAD_BYTES)
  const { size } = fstatSync(file.fd)
  for (let at = HEADER_BYTES; at + recordBytes(values) <= size; at += recordBytes(values)) {
    if (readSync(file.fd, head, 0, RECORD_HEAD_BYTES, at) < RECORD_HEAD_BYTES) break
    const key = recordKey(head, values)
    if (key !== null) index.set(key, at)
  }
  return index
}

function createCache(file: FileHandle, lock: FileLock | null, index: Map<string, number>, values: number, path: string): FeatureCache {
  const size = recordBytes(values)
  const record = Buffer.alloc(size)
  let queue: Promise<unknown> = Promise.resolve()
  let closed = false

  async function write(entries: readonly FeatureEntry[]): Promise<Result<void>> {
    const missing = [...new Map(entries.map((e) => [e.key, e])).values()].filter((e) => !index.has(e.key))
    if (lock === null || missing.length === 0) return ok(undefined)
    const bytes = Buffer.allocUnsafe(missing.length * size)
    missing.forEach(({ key, values: given }, i) => {
      assert(HASH.test(key) && given.length === values, `features of ${given.length} values for a cache of ${values}`)
      encodeRecord(bytes.subarray(i * size, (i + 1) * size), key, given)
    })
    const { size: end } = await file.stat()
    try {
      failPoint('features.append')
      const half = bytes.length >> 1
      await writeAll(file, bytes.subarray(0, half))
      failPoint('features.half')
      await writeAll(file, bytes.subarray(half))
      failPoint('features.sync')
      await file.datasync()
    } catch (cause) {
      await file.truncate(end).catch(() => undefined) // what stays is cut off, or fails its checksum, at the next opening
      return err(toAppError(cause, 'keeping features', path))
    }
    missing.forEach(({ key }, i) => index.set(key, end + i * size))
    return ok(undefined)
  }

  const cache: FeatureCache = {
    writable: lock !== null,
    get size() {
      return index.size
    },
    has: (key) => index.has(key),
    get(key) {
      const at = index.get(key)
      if (at === undefined || closed) return undefined
      const found = readSync(file.fd, record, 0, size, at) === size ? decodeRecord(record, key, values) : null
      if (found) return found
      index.delete(key)
      return undefined
    },
    append(entries) {
      if (closed) return Promise.resolve(err(new AppError('IO', 'The feature cache is closed')))
      const done = queue.then(() => write(entries))
      queue = done.catch(() => undefined)
      return done
    },
    async close() {
      if (closed) return
      closed = true
      await queue
      await file.close()
      lock?.release()
    },
    [Symbol.asyncDispose]: () => cache.close(),
  }
  return cache
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten
}

/** What a reader gets before the first writer has made the file. */
function emptyCache(): FeatureCache {
  return {
    writable: false,
    size: 0,
    has: () => false,
    get: () => undefined,
    append: () => Promise.resolve(ok(undefined)),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
