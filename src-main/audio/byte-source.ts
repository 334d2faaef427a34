import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppError } from '../kit/index.ts'

/**
 * The bytes of a file, in memory or on disk, read at any offset: header parsers walk it without knowing
 * which. Reads stop at the end, so what comes back may be shorter than what was asked for.
 */
export interface ByteSource {
  readonly size: number
  /** Where it is a file on disk. */
  readonly path?: string
  /** Valid until the next read. */
  read(offset: number, length: number): Uint8Array
}

export const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
})

/** A header fits in one window nearly always: then a probe is one read. */
const WINDOW = 16 * 1024

/**
 * A source over an open file, closed by its disposal. Throws the system's error. The reads are synchronous
 * on purpose: they are few and small, and the pool's workers have nothing else to do meanwhile.
 */
export function openSource(path: string): ByteSource & Disposable {
  const fd = openSync(path, 'r')
  const stat = fstatSync(fd)
  if (!stat.isFile()) {
    closeSync(fd)
    throw new AppError('INVALID', 'This is not a regular file', { file: path, hint: 'Choose an audio file.' })
  }
  const { size } = stat
  let window = new Uint8Array(0)
  let start = 0
  const fill = (offset: number, length: number): Uint8Array => {
    const target = new Uint8Array(Math.min(length, Math.max(0, size - offset)))
    let filled = 0
    while (filled < target.length) {
      const count = readSync(fd, target, filled, target.length - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
    return target.subarray(0, filled)
  }
  return {
    size,
    path,
    read(offset, length) {
      if (length > WINDOW) return fill(offset, length)
      const wanted = Math.min(length, Math.max(0, size - offset))
      if (offset < start || offset + wanted > start + window.length) {
        window = fill(offset, WINDOW) as Uint8Array<ArrayBuffer>
        start = offset
      }
      return window.subarray(offset - start, offset - start + wanted)
    },
    [Symbol.dispose]: () => closeSync(fd),
  }
}

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Bytes as Latin-1 text, for the four-letter names of chunks and boxes. */
export const ascii = (bytes: Uint8Array, offset: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(offset, offset + length))
