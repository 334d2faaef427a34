/**
 * An archive from anywhere, opened without trusting it: its names are compared with those that it must have and never
 * become paths, sizes are capped before anything is unpacked, and what is unpacked is counted.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { SCHEMA_VERSION, type PortableRow } from '../catalog/index.ts'
import { AppError, err, fail, ok, toAppError, type Result } from '../kit/index.ts'
import { CLIPS, LIMITS, MANIFEST, manifestSchema, recordingEntry, rowSchema, type Manifest } from './manifest.ts'

export interface OpenArchive extends Disposable {
  readonly manifest: Manifest
  readonly clips: readonly PortableRow[]
  /** Writes a recording to a new file; fails where its bytes are not those that its name says. */
  extract(recording: Manifest['recordings'][number], path: string, signal?: AbortSignal): Promise<Result<void>>
}

export async function openArchive(path: string): Promise<Result<OpenArchive>> {
  let zip: ZipFile
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true })
  } catch (cause) {
    return refused(path, cause)
  }
  try {
    const opened = await readContents(zip, path)
    if (!opened.ok) zip.close()
    return opened
  } catch (cause) {
    zip.close()
    return refused(path, cause)
  }
}

/** Errors of the system keep their meaning; everything that the ZIP reader throws is about the file. */
function refused(path: string, cause: unknown): Result<never> {
  if (cause instanceof AppError) return err(cause)
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('E')) return err(toAppError(cause, 'reading the archive', path))
  return fail('INVALID', 'This is no archive of Espectro, or it is damaged', { file: path, hint: cause instanceof Error ? cause.message : String(cause) })
}

const invalid = (path: string, why: string): Result<never> => fail('INVALID', `This archive is refused: ${why}`, { file: path })

async function readContents(zip: ZipFile, path: string): Promise<Result<OpenArchive>> {
  if (zip.entryCount > LIMITS.recordings + 2) return invalid(path, `it has ${zip.entryCount} entries`)
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    const name = String(entry.fileName)
    if (entries.has(name)) return invalid(path, `the entry ${JSON.stringify(name.slice(0, 100))} is there twice`)
    entries.set(name, entry)
  }
  const manifestText = await readText(zip, path, entries.get(MANIFEST), LIMITS.manifestBytes)
  if (!manifestText.ok) return manifestText
  const parsed = manifestSchema.safeParse(parseJson(manifestText.value))
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0]!
    return invalid(path, `${MANIFEST} is not valid at ${at.map(String).join('.') || 'its beginning'}: ${message}`)
  }
  const manifest = parsed.data
  if (manifest.schema > SCHEMA_VERSION)
    return fail('INVALID', 'This archive was written by a newer Espectro', { file: path, hint: 'Update Espectro, then open it again.' })
  const wanted = new Set([MANIFEST, CLIPS, ...manifest.recordings.map(recordingEntry)])
  const stranger = [...entries.keys()].find((name) => !wanted.has(name))
  if (stranger !== undefined) return invalid(path, `it holds something that it should not: ${JSON.stringify(stranger.slice(0, 100))}`)
  for (const recording of manifest.recordings) {
    const entry = entries.get(recordingEntry(recording))
    if (entry?.uncompressedSize !== recording.bytes) return invalid(path, `the recording ${recording.originalName} is missing or has another size`)
    const bomb = packedTooMuch(entry)
    if (bomb !== null) return invalid(path, bomb)
  }
  const clipText = await readText(zip, path, entries.get(CLIPS), LIMITS.clipsBytes)
  if (!clipText.ok) return clipText
  const clips = clipText.value.split('\n').filter((line) => line !== '').map((line) => rowSchema.safeParse(parseJson(line)))
  const wrong = clips.findIndex((c) => !c.success)
  if (wrong >= 0 || clips.length !== manifest.dataset.clips) return invalid(path, wrong >= 0 ? `line ${wrong + 1} of ${CLIPS} is not a clip` : `${CLIPS} is not whole`)
  return ok({
    manifest,
    clips: clips.map((c) => c.data!),
    extract: (recording, target, signal) => extract(zip, entries.get(recordingEntry(recording))!, recording.id, path, target, signal),
    [Symbol.dispose]: () => zip.close(),
  })
}

function packedTooMuch({ compressedSize, uncompressedSize, fileName }: Entry): string | null {
  return uncompressedSize > 2 ** 20 && uncompressedSize > compressedSize * LIMITS.ratio ? `${String(fileName)} is packed ${Math.round(uncompressedSize / Math.max(1, compressedSize))} times` : null
}

async function readText(zip: ZipFile, path: string, entry: Entry | undefined, limit: number): Promise<Result<string>> {
  if (!entry) return invalid(path, `it has no ${MANIFEST} or no ${CLIPS}`)
  const bomb = entry.uncompressedSize > limit ? `${String(entry.fileName)} is too large` : packedTooMuch(entry)
  if (bomb !== null) return invalid(path, bomb)
  const chunks: Buffer[] = []
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
  return ok(Buffer.concat(chunks).toString('utf8'))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function extract(zip: ZipFile, entry: Entry, sha256: string, path: string, target: string, signal?: AbortSignal): Promise<Result<void>> {
  const hash = createHash('sha256')
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(await zip.openReadStreamPromise(entry), meter, createWriteStream(target, { flags: 'wx' }), ...(signal ? [{ signal }] : []))
  } catch (cause) {
    if (signal?.aborted) return fail('CANCELLED', 'Opening the archive was stopped')
    return refused(path, cause)
  }
  return hash.digest('hex') === sha256 ? ok(undefined) : invalid(path, `the bytes of ${String(entry.fileName)} are not those that it was written with`)
}
