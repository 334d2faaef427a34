import { findRecording, mediaProblem, type Library, type Recording } from '../catalog/index.ts'
import { fail, ok, type AppError, type Result } from '../kit/index.ts'
import { readRows, type BrowseRow } from './browse/index.ts'

export interface OpenedClip {
  readonly dataset: number
  readonly clip: BrowseRow
  /** Its place among the clips of the recording, as `clipsOfRecording` orders them. */
  readonly place: number
  readonly recording: Recording
  /** Why the recording's file cannot be read now; null where all is well. */
  readonly problem: AppError | null
}

/** A clip that is not in the bin, with the recording that it is a span of. */
export function openClip(library: Library, id: number): Result<OpenedClip> {
  const row = library.catalog.get<{ dataset: number }>('SELECT dataset_id AS dataset FROM clips WHERE id = ? AND binned_at IS NULL', id)
  const clip = row && readRows(library.catalog, [id])[0]
  const recording = clip && findRecording(library.catalog, clip.recording)
  if (!row || !clip || !recording)
    return fail('NOT_FOUND', 'This clip is no longer in the library', { hint: 'It may be in the bin: undo brings it back.' })
  return ok({ dataset: row.dataset, clip, place: placeOf(library, row.dataset, clip), recording, problem: mediaProblem(library, recording) })
}

const SHOWN = 'dataset_id = ? AND recording_key = (SELECT key FROM recordings WHERE sha256 = ?) AND binned_at IS NULL'

function placeOf({ catalog }: Library, dataset: number, { recording, start, end, id }: BrowseRow): number {
  return catalog.get<{ before: number }>(
    `SELECT count(*) AS before FROM clips WHERE ${SHOWN} AND (start_sample, end_sample, id) < (?, ?, ?)`, dataset, recording, start, end, id)?.before ?? 0
}

/** The clips of one recording in a dataset, by their place in it; those in the bin are not among them. */
export function clipsOfRecording(
  { catalog }: Library, dataset: number, recording: string, offset: number, limit: number,
): { readonly total: number; readonly rows: BrowseRow[] } {
  const total = catalog.get<{ total: number }>(`SELECT count(*) AS total FROM clips WHERE ${SHOWN}`, dataset, recording)?.total ?? 0
  const ids = catalog
    .all<{ id: number }>(`SELECT id FROM clips WHERE ${SHOWN} ORDER BY start_sample, end_sample, id LIMIT ? OFFSET ?`, dataset, recording, limit, offset)
    .map((row) => row.id)
  return { total, rows: readRows(catalog, ids) }
}

/** Those of the clips that are in the dataset and not in its bin, in the order of the ids. */
export function presentClips({ catalog }: Library, dataset: number, ids: readonly number[]): BrowseRow[] {
  const present = catalog.all<{ id: number }>(
    'SELECT id FROM clips WHERE dataset_id = ? AND binned_at IS NULL AND id IN (SELECT value FROM json_each(?))', dataset, JSON.stringify(ids))
  const known = new Set(present.map((c) => c.id))
  return readRows(catalog, ids.filter((id) => known.has(id)))
}

/** Recordings with several labelled clips of the dataset, those with most first. */
export function recordingSessions({ catalog }: Library, dataset: number, least: number, most: number): { readonly recording: string; readonly name: string; readonly clips: number }[] {
  return catalog.all<{ recording: string; name: string; clips: number }>(
    `SELECT r.sha256 AS recording, r.original_name AS name, count(*) AS clips FROM clips c JOIN recordings r ON r.key = c.recording_key
     WHERE c.dataset_id = ? AND c.binned_at IS NULL AND c.label_id IS NOT NULL GROUP BY r.key HAVING clips >= ? ORDER BY clips DESC, name LIMIT ?`,
    dataset, least, most,
  )
}
