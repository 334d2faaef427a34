import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DecodePool } from '../audio/index.ts'
import {
  findRecording, insertDatasetRows, insertRecording, mediaProblem, moveRecording, storeMedia, type Dataset, type Library, type Recording,
} from '../catalog/index.ts'
import { err, fail, ok, toAppError, type Result } from '../kit/index.ts'
import type { Manifest } from './manifest.ts'
import { openArchive, type OpenArchive } from './open-archive.ts'

export interface ImportArchiveOptions {
  readonly pool: DecodePool
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface ArchiveReport {
  readonly dataset: Dataset
  readonly clips: number
  /** Recordings that the library did not have. */
  readonly recordings: number
}

/** Recordings that are unpacked before they move into the library together. */
const BATCH = 64

/**
 * Makes a dataset of an archive, as one change that can be undone. Everything is unpacked beside the library's
 * media, checked, and moved in; a stop or a failure leaves no rows, and files that no row names are swept later.
 */
export async function importArchive(library: Library, path: string, options: ImportArchiveOptions): Promise<Result<ArchiveReport>> {
  const opened = await openArchive(path)
  if (!opened.ok) return opened
  using archive = opened.value
  const staging = join(library.folder.inbox, randomUUID())
  try {
    await mkdir(staging, { recursive: true })
    const stored = await storeRecordings(library, archive, staging, options)
    if (!stored.ok) return stored
    return library.catalog.transact('open archive', (catalog) => {
      for (const recording of stored.value) {
        const known = findRecording(catalog, recording.id)
        if (!known) insertRecording(catalog, recording)
        else if (mediaProblem(library, known)) moveRecording(catalog, recording)
      }
      const { name, labels } = archive.manifest.dataset
      const dataset = insertDatasetRows(catalog, name, { labels, clips: archive.clips })
      return dataset.ok ? ok({ dataset: dataset.value, clips: archive.clips.length, recordings: stored.value.length }) : dataset
    })
  } catch (cause) {
    return err(toAppError(cause, 'opening the archive', path))
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** The recordings that were missing, whole in the library's media; their rows come later. */
async function storeRecordings(library: Library, archive: OpenArchive, staging: string, { pool, signal, onProgress }: ImportArchiveOptions): Promise<Result<Recording[]>> {
  const { recordings } = archive.manifest
  const missing = recordings.filter((r) => {
    const known = findRecording(library.catalog, r.id)
    return !known || mediaProblem(library, known) !== null
  })
  const stored: Recording[] = []
  let done = recordings.length - missing.length
  for (let first = 0; first < missing.length; first += BATCH) {
    const batch: { recording: Recording; path: string }[] = []
    for (const wanted of missing.slice(first, first + BATCH)) {
      if (signal?.aborted) return fail('CANCELLED', 'Opening the archive was stopped', { hint: 'Nothing of it was kept.' })
      const path = join(staging, `${wanted.id}.${wanted.extension}`)
      const unpacked = await archive.extract(wanted, path, signal)
      if (!unpacked.ok) return unpacked
      const recording = await inspect(pool, wanted, path)
      if (!recording.ok) return recording
      batch.push({ recording: recording.value, path })
      onProgress?.({ done: ++done, total: recordings.length })
    }
    const copied = await storeMedia(library, batch.map(({ recording, path }) => ({ ...recording, path })))
    if (!copied.ok) return copied
    const problem = copied.value.find((r) => !r.ok)
    if (problem && !problem.ok) return problem
    await Promise.all(batch.map(({ path }) => rm(path, { force: true })))
    stored.push(...batch.map((b) => b.recording))
  }
  return ok(stored)
}

/** What the file itself says of its sound; the archive is not asked. */
async function inspect(pool: DecodePool, { id, extension, originalName, bytes }: Manifest['recordings'][number], path: string): Promise<Result<Recording>> {
  const inspected = await pool.inspect(path)
  if (!inspected.ok) return inspected
  const { container, codec, sampleRate, channels, frames } = inspected.value.info
  if (frames === null || frames === 0) return fail('AUDIO_EMPTY', 'A recording of the archive holds no sound', { file: originalName })
  return ok({ id, extension, linkedPath: null, linkedModifiedMs: null, originalName, container, codec, sampleRate, channels, frames, bytes })
}
