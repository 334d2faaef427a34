import { UPLOAD_FILES, UPLOAD_PIECE, uploadUrl } from '@contract'
import type { Client } from './connection.ts'

/** A file of the person's machine, with its folders below the one that was chosen. */
export interface LocalFile {
  readonly name: string
  readonly file: File
}

export interface UploadProgress {
  /** Bytes. */
  readonly done: number
  readonly total: number
  readonly files: number
}

export interface Uploaded {
  readonly upload: string
  readonly place: string
}

/** More than this is left to the program's own folder dialog. */
export const canSend = (files: readonly LocalFile[]): boolean => files.length <= UPLOAD_FILES

/**
 * Sends files to the program, one piece after the other; a piece that got lost on the way is sent again. Where it
 * is stopped or fails nothing is left there.
 */
export async function sendFiles(
  client: Client,
  files: readonly LocalFile[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: UploadProgress) => void },
): Promise<Uploaded> {
  const { upload, wanted, bytes } = await client.uploads.open({ files: files.map(({ name, file }) => ({ name, bytes: file.size })) })
  try {
    const chosen = wanted.map((index) => files[index]!)
    // All files as one row of bytes; the browser reads a slice of it when it is sent.
    const row = new Blob(chosen.map(({ file }) => file))
    onProgress({ done: 0, total: bytes, files: chosen.length })
    for (let at = 0; at < bytes; ) {
      at = await sendPiece(upload, row, at, chosen, signal)
      onProgress({ done: at, total: bytes, files: chosen.length })
    }
    const { place } = await client.uploads.finish({ upload })
    return { upload, place }
  } catch (cause) {
    await client.uploads.close({ upload }).catch(() => undefined)
    throw cause
  }
}

/** Waits between tries, ms. */
const WAITS = [200, 800, 2000]

/** Where the next piece begins. */
async function sendPiece(upload: string, row: Blob, at: number, files: readonly LocalFile[], signal: AbortSignal): Promise<number> {
  const end = Math.min(row.size, at + UPLOAD_PIECE)
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await fetch(uploadUrl(upload, at), {
        method: 'PUT', body: row.slice(at, end), signal, headers: { 'content-type': 'application/octet-stream' },
      })
      if (response.status === 204) return end
      const text = (await response.text()).trim()
      if (response.status !== 409) throw new Refused(text)
      // The answer to the try before was lost: the program says how far it is.
      return Number(text)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof Refused) throw cause
      const unreadable = await firstUnreadable(files, at, end)
      if (unreadable !== null) throw new Refused(`${unreadable}: ${cause instanceof Error ? cause.message : ''}`)
      const wait = WAITS[attempt]
      if (wait === undefined) throw cause
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

/** The program answered, and trying again would not help. */
class Refused extends Error {}

/** The browser says only that something could not be read: which of the piece's files it was is found out. */
async function firstUnreadable(files: readonly LocalFile[], from: number, to: number): Promise<string | null> {
  let start = 0
  for (const { name, file } of files) {
    const end = start + file.size
    if (end > from && start < to) {
      try {
        await file.slice(0, 1).arrayBuffer()
      } catch {
        return name
      }
    }
    start = end
  }
  return null
}
