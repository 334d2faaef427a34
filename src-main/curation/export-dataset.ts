import { mkdir, open, rename, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeWav, type DecodePool } from '../audio/index.ts'
import { findDataset, listClipRows, type Clip, type Library } from '../catalog/index.ts'
import { AppError, err, fail, joinInside, ok, TEMPORARY_SUFFIX, toAppError, type Result } from '../kit/index.ts'

/**
 * A dataset as a folder that any other program reads: `clips.csv` and a WAV file a clip (16-bit mono at the
 * recording's own rate, after the clip's edits) in a folder a label. Espectro imports it again with the CSV as the source of labels.
 */
export interface ExportRequest {
  readonly dataset: string
  /** An existing folder; the export is a new folder in it. */
  readonly folder: string
}

export interface ExportOptions {
  readonly pool: DecodePool
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface ExportReport {
  readonly folder: string
  readonly clips: number
  readonly failed: readonly { readonly name: string; readonly message: string }[]
}

/** Clips under way at once. */
const LANES = 4

/** The folder gets its name when it is whole; a stop leaves nothing behind. */
export async function exportDataset(library: Library, { dataset, folder }: ExportRequest, options: ExportOptions): Promise<Result<ExportReport>> {
  const found = findDataset(library.catalog, dataset)
  if (!found.ok) return found
  const clips = listClipRows(library.catalog, found.value.id)
  if (clips.length === 0) return fail('INVALID', 'The dataset has no clips to export')
  const target = freeFolder(folder, safeName(dataset))
  const temporary = `${target}${TEMPORARY_SUFFIX}`
  const names = fileNames(clips)
  const failed: { name: string; message: string }[] = []
  try {
    for (const path of new Set([...names.values()].map((name) => dirname(joinInside(temporary, name))))) await mkdir(path, { recursive: true })
    let done = 0
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < clips.length) {
        options.signal?.throwIfAborted()
        const clip = clips[next++]!
        const problem = await writeClip(library, clip, joinInside(temporary, names.get(clip.id)!), options)
        if (problem) failed.push({ name: clip.source ?? clip.recordingId, message: problem.message })
        options.onProgress?.({ done: ++done, total: clips.length })
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    await writeTable(join(temporary, 'clips.csv'), clips.map((clip) => [
      names.get(clip.id)!, clip.label, clip.split, clip.speaker, clip.session, clip.take, clip.review, clip.source, clip.seconds.toFixed(6),
    ]))
    await rename(temporary, target)
    return ok({ folder: target, clips: clips.length - failed.length, failed })
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    if (options.signal?.aborted) return err(new AppError('CANCELLED', 'The export was stopped', { hint: 'Nothing of it was kept.' }))
    return err(toAppError(cause, 'the dataset could not be exported', target))
  }
}

async function writeClip(library: Library, clip: Clip, path: string, { pool, signal }: ExportOptions): Promise<AppError | null> {
  const media = library.mediaPath({ id: clip.recordingId, extension: clip.extension, linkedPath: clip.linkedPath })
  const sound = await pool.decode({ path: media, sampleRate: null, startSample: clip.startSample, endSample: clip.endSample, edits: clip.edits }, signal ? { signal } : {})
  if (!sound.ok) {
    if (sound.error.code === 'CANCELLED') throw sound.error
    return sound.error
  }
  const file = await open(path, 'wx')
  try {
    await file.writeFile(encodeWav(sound.value.samples, sound.value.sampleRate))
  } finally {
    await file.close()
  }
  return null
}

const HEADER = ['file', 'label', 'split', 'speaker', 'session', 'take', 'review', 'source', 'seconds']

async function writeTable(path: string, rows: readonly (readonly (string | null)[])[]): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile([HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** RFC 4180. */
const cell = (value: string | null): string => (value === null ? '' : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** `label/name.wav`; a name that occurs twice is numbered. */
function fileNames(clips: readonly Clip[]): Map<number, string> {
  const used = new Set<string>()
  const names = new Map<number, string>()
  for (const clip of clips) {
    const base = safeName((clip.source ?? clip.recordingId).split('/').at(-1)!.replace(/\.[^.]+$/, ''))
    const folder = clip.label === null ? '_unlabelled' : safeName(clip.label)
    let name = `${folder}/${base}.wav`
    for (let n = 2; used.has(name.toLowerCase()); n++) name = `${folder}/${base}-${n}.wav`
    used.add(name.toLowerCase())
    names.set(clip.id, name)
  }
  return names
}

/** What every file system takes as a name. */
function safeName(text: string): string {
  const plain = text.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_').replace(/[. ]+$/, '').slice(0, 100)
  return plain === '' || /^\.+$/.test(plain) || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `_${plain}` : plain
}

function freeFolder(parent: string, name: string): string {
  for (let n = 1; ; n++) {
    const path = join(parent, n === 1 ? name : `${name} ${n}`)
    if (!existsSync(path)) return path
  }
}
