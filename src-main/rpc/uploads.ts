import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, open, readFile, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isAudioFile } from '../audio/index.ts'
import { createUniqueNames, err, fail, joinInside, ok, safeRelativeName, toAppError, type Result } from '../kit/index.ts'
import { kindOf } from './own-files.ts'

/**
 * Files that a browser sends, because it cannot say where they lie. They are written below the library's inbox
 * under their relative names and imported from there. In: announced names and lengths, then one row of bytes in
 * pieces. Out: a folder. What a crash leaves is swept when it is a day old.
 */
export interface Uploads extends AsyncDisposable {
  open(files: readonly AnnouncedFile[]): Promise<Result<OpenedUpload>>
  /** Takes the next piece; at another place than the next byte's it is refused with `expected`. */
  receive(token: string, at: number, piece: Uint8Array): Promise<Result<{ readonly expected: number | null }>>
  /** The folder, once every byte is there. */
  finish(token: string): Promise<Result<string>>
  /** The bytes of an upload of one file. */
  readOne(token: string): Promise<Result<Uint8Array>>
  close(token: string): Promise<void>
  /** Whether a folder is one of these: its files go away. */
  owns(folder: string): boolean
}

export interface AnnouncedFile {
  readonly name: string
  readonly bytes: number
}

export interface OpenedUpload {
  readonly upload: string
  /** Indices of the announced files that are to be sent. */
  readonly wanted: readonly number[]
  readonly bytes: number
}

interface Upload {
  readonly folder: string
  readonly files: readonly { readonly path: string; readonly start: number; readonly end: number }[]
  readonly bytes: number
  received: number
  /** The file that the next byte belongs to. */
  next: number
  busy: boolean
}

/** At once; more are a mistake of the page, or somebody filling the disk. */
const MAX_OPEN = 16
const SWEEP_AFTER = 24 * 60 * 60 * 1000
/** Bytes that must stay free on the disk: the catalog has to grow. */
const SPARE = 64 * 2 ** 20
const TABLE = /\.(csv|tsv|txt)$/i

export function createUploads(inbox: string): Uploads {
  const uploads = new Map<string, Upload>()
  sweep(inbox)

  const find = (token: string): Result<Upload> => {
    const upload = uploads.get(token)
    return upload ? ok(upload) : fail('NOT_FOUND', 'This upload is no longer open', { hint: 'Choose the files again.' })
  }

  return {
    async open(files) {
      if (uploads.size >= MAX_OPEN) return fail('INVALID', 'Too many uploads are open', { hint: 'Close the other import dialogs.' })
      const token = randomBytes(16).toString('base64url')
      const folder = join(inbox, token)
      const unique = createUniqueNames()
      const wanted: number[] = []
      const placed: { path: string; start: number; end: number }[] = []
      let bytes = 0
      for (const [index, file] of files.entries()) {
        const name = safeRelativeName(file.name)
        if (name === null || !(isAudioFile(name) || TABLE.test(name) || kindOf(name) !== null)) continue
        wanted.push(index)
        placed.push({ path: joinInside(folder, unique(name)), start: bytes, end: bytes + file.bytes })
        bytes += file.bytes
      }
      if (wanted.length === 0)
        return fail('INVALID', 'None of these files is a recording', { hint: 'WAV, AIFF, FLAC, MP3, Ogg, Opus, WebM and M4A are read.' })
      try {
        mkdirSync(folder, { recursive: true })
        const { bavail, bsize } = await statfs(folder)
        if (bytes + SPARE > bavail * bsize) {
          rmSync(folder, { recursive: true, force: true })
          return fail('DISK_FULL', `These files need ${Math.ceil(bytes / 2 ** 20)} MB, and the library's disk has ${Math.floor((bavail * bsize) / 2 ** 20)} MB left`)
        }
      } catch (cause) {
        return err(toAppError(cause, 'preparing the upload', inbox))
      }
      uploads.set(token, { folder, files: placed, bytes, received: 0, next: 0, busy: false })
      return ok({ upload: token, wanted, bytes })
    },

    async receive(token, at, piece) {
      const found = find(token)
      if (!found.ok) return found
      const upload = found.value
      if (upload.busy || at !== upload.received) return ok({ expected: upload.received })
      if (at + piece.length > upload.bytes) return fail('INVALID', 'More bytes were sent than were announced', { hint: 'A file changed; choose the files again.' })
      upload.busy = true
      try {
        await write(upload, piece)
        return ok({ expected: null })
      } catch (cause) {
        return err(toAppError(cause, 'the library could not take the files', inbox))
      } finally {
        upload.busy = false
      }
    },

    async finish(token) {
      const found = find(token)
      if (!found.ok) return found
      const { folder, files, received, bytes } = found.value
      if (received < bytes) return fail('INVALID', `${bytes - received} bytes have not been sent`)
      try {
        for (const file of files) if (file.start === file.end) await append(file.path, new Uint8Array(0))
      } catch (cause) {
        return err(toAppError(cause, 'the library could not take the files', inbox))
      }
      return ok(folder)
    },

    async readOne(token) {
      const found = find(token)
      if (!found.ok) return found
      const { files, received, bytes } = found.value
      if (files.length !== 1 || received < bytes) return fail('INVALID', 'This upload is not one whole file')
      try {
        return ok(await readFile(files[0]!.path))
      } catch (cause) {
        return err(toAppError(cause, 'reading what was sent', inbox))
      }
    },

    async close(token) {
      const upload = uploads.get(token)
      uploads.delete(token)
      if (upload) await rm(upload.folder, { recursive: true, force: true })
    },

    owns: (folder) => [...uploads.values()].some((upload) => upload.folder === folder),

    async [Symbol.asyncDispose]() {
      await Promise.all([...uploads.values()].map((upload) => rm(upload.folder, { recursive: true, force: true })))
      uploads.clear()
    },
  }
}

/** Parts of the piece go to the files that they belong to. What was counted as received is in its file. */
async function write(upload: Upload, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    const file = upload.files[upload.next]!
    const part = piece.subarray(at, at + file.end - upload.received)
    if (part.length > 0) {
      await append(file.path, part)
      at += part.length
      upload.received += part.length
    }
    if (upload.received === file.end) upload.next += 1
  }
}

async function append(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a')
  try {
    const { size } = await file.stat()
    try {
      await file.writeFile(bytes)
    } catch (cause) {
      // A full disk may have taken a part: the piece can be sent again.
      await file.truncate(size)
      throw cause
    }
  } finally {
    await file.close()
  }
}

function sweep(inbox: string): void {
  try {
    for (const name of readdirSync(inbox)) {
      const path = join(inbox, name)
      if (Date.now() - statSync(path).mtimeMs > SWEEP_AFTER) rmSync(path, { recursive: true, force: true })
    }
  } catch {
    // Another program sweeps too, or the folder cannot be read: then the next start does it.
  }
}
