import { existsSync, statSync } from 'node:fs'
import type { DecodePool } from '../audio/index.ts'
import {
  ensureLabel, findRecording, insertClip, insertRecording, mediaExtension, mediaProblem, moveRecording, recordingKey, storeMedia,
  type Library, type Recording, type WritableCatalog,
} from '../catalog/index.ts'
import { AppError, err, failPoint, ok, toAppError, type Result } from '../kit/index.ts'
import type { PlannedClip, PlannedFile } from './import-plan.ts'
import { failureOf, noCounts, type ImportCounts } from './import-report.ts'

type Inspected = Extract<Awaited<ReturnType<DecodePool['inspect']>>, { ok: true }>['value']

export interface InspectedFile {
  readonly file: PlannedFile
  readonly result: Result<Inspected & { readonly frames: number }>
}

export interface BatchTarget {
  readonly library: Library
  readonly datasetId: number
  readonly link: boolean
  /** The undo group of the whole import. */
  readonly group: string
  /** What undo calls it. */
  readonly entry: string
}

interface Ready {
  readonly file: PlannedFile
  readonly recording: Recording
}

/**
 * Puts a batch of inspected files into the library: first their bytes, whole and flushed, then all of their
 * rows in one transaction. Files that cannot be taken are counted as failed; what fails as a whole is the
 * library's own disk or catalog.
 */
export async function importBatch(target: BatchTarget, batch: readonly InspectedFile[]): Promise<Result<ImportCounts>> {
  const { library, link } = target
  const counts = noCounts()
  const ready: Ready[] = []
  for (const { file, result } of batch) {
    const recording = result.ok ? recordingOf(file, result.value, link) : result
    if (recording.ok) ready.push({ file, recording: recording.value })
    else counts.failed.push(failureOf(file.name, recording.error))
  }
  const stored = link ? ok(new Map<string, AppError>()) : await copyMissing(library, ready)
  if (!stored.ok) return stored
  const whole = ready.filter(({ file, recording }) => {
    const problem = stored.value.get(recording.id)
    if (problem) counts.failed.push(failureOf(file.name, problem))
    return !problem
  })
  failPoint('import.rows')
  return library.catalog.transact(
    target.entry,
    (catalog) => {
      for (const item of whole) {
        const problem = insertFile(catalog, target, item, counts)
        if (problem) return err(problem)
      }
      failPoint('import.commit')
      return ok(counts)
    },
    { group: target.group },
  )
}

function recordingOf(file: PlannedFile, inspected: Inspected & { readonly frames: number }, link: boolean): Result<Recording> {
  const { info, frames } = inspected
  let modifiedMs: number | null = null
  if (link)
    try {
      modifiedMs = statSync(file.path).mtimeMs
    } catch (cause) {
      return err(toAppError(cause, 'the file cannot be read', file.name))
    }
  return ok({
    id: inspected.sha256,
    extension: mediaExtension(file.name),
    linkedPath: link ? file.path : null,
    linkedModifiedMs: modifiedMs,
    originalName: file.name.split('/').at(-1)!,
    container: info.container,
    codec: info.codec,
    sampleRate: info.sampleRate,
    channels: info.channels,
    frames,
    bytes: inspected.bytes,
  })
}

/** Copies what the library does not hold; a recording whose copy or link is broken is put back too. */
async function copyMissing(library: Library, ready: readonly Ready[]): Promise<Result<Map<string, AppError>>> {
  const wanted = new Map<string, Ready>()
  for (const item of ready) {
    const known = findRecording(library.catalog, item.recording.id)
    if (!known || mediaProblem(library, known)) wanted.set(item.recording.id, item)
  }
  const items = [...wanted.values()]
  const stored = await storeMedia(
    library,
    items.map(({ file, recording }) => ({ ...recording, path: file.path })),
  )
  if (!stored.ok) return stored
  return ok(new Map(stored.value.flatMap((r, i) => (r.ok ? [] : [[items[i]!.recording.id, r.error] as const]))))
}

/** Returns only what must stop the import. */
function insertFile(catalog: WritableCatalog, target: BatchTarget, item: Ready, counts: ImportCounts): AppError | null {
  const { library, datasetId } = target
  const { file, recording } = item
  const known = findRecording(catalog, recording.id)
  if (known && mediaProblem(library, known)) moveRecording(catalog, recording)
  // Another process's sweep of orphans may have taken the file between its copy and this transaction.
  if (!known && !existsSync(library.mediaPath(recording)))
    return new AppError('IO', 'A file disappeared from the library during the import', { file: file.name, hint: 'Import again.' })
  let key = known && recordingKey(catalog, recording.id)
  for (const clip of file.clips) {
    const span = spanOf(clip, recording)
    const label = !span.ok || clip.label === null ? ok(null) : ensureLabel(catalog, datasetId, clip.label)
    if (!span.ok || !label.ok) {
      const error = !span.ok ? span.error : (label as { error: AppError }).error
      counts.failed.push(failureOf(file.name, clip.origin ? new AppError(error.code, `${clip.origin}: ${error.message}`) : error))
      continue
    }
    if (key === undefined) {
      key = insertRecording(catalog, recording)
      counts.recordings++
    }
    const id = insertClip(catalog, {
      ...clip, ...span.value, datasetId,
      recordingKey: key, sampleRate: recording.sampleRate, labelId: label.value?.id ?? null, source: file.name,
    })
    if (id === null) countDuplicate(catalog, datasetId, key, span.value, clip, file, counts)
    else {
      counts.added++
      if (label.value === null) counts.unlabelled++
    }
  }
  return null
}

interface Span {
  readonly startSample: number
  readonly endSample: number
}

/** How far a span may pass the end (rounded seconds, encoder padding) and is cut there, in seconds. */
const TOLERANCE = 0.1

function spanOf(clip: PlannedClip, recording: Recording): Result<Span> {
  const { sampleRate, frames } = recording
  const startSample = Math.round((clip.startSeconds ?? 0) * sampleRate)
  const wantedEnd = clip.endSeconds === null ? frames : Math.round(clip.endSeconds * sampleRate)
  const endSample = Math.min(wantedEnd, frames)
  if (wantedEnd <= frames + TOLERANCE * sampleRate && startSample < endSample) return ok({ startSample, endSample })
  const [from, to, length] = [startSample, wantedEnd, frames].map((n) => (n / sampleRate).toFixed(3))
  return err(new AppError('INVALID', `the span ${from} to ${to} s is not inside the recording, which lasts ${length} s`))
}

function countDuplicate(
  catalog: WritableCatalog, datasetId: number, key: number, span: Span, clip: PlannedClip, file: PlannedFile, counts: ImportCounts,
): void {
  counts.duplicates++
  if (clip.label === null) return
  const existing = catalog.get<{ label: string | null; source: string | null }>(
    `SELECT l.name AS label, c.source FROM clips c LEFT JOIN labels l ON l.id = c.label_id
     WHERE c.dataset_id = ? AND c.recording_key = ? AND c.start_sample = ? AND c.end_sample = ?`,
    datasetId, key, span.startSample, span.endSample,
  )
  // A clip that was relabelled since its own import is no conflict.
  if (!existing || existing.label === clip.label || existing.source === file.name) return
  counts.conflicts.push({ file: file.name, label: clip.label, existingLabel: existing.label, existingFile: existing.source })
}
