import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import type { ReadableCatalog, WritableCatalog } from './database.ts'
import { checkName } from './datasets.ts'

/** A filter that a person gave a name, of one dataset. What it holds is the business of whoever wrote it. */
export interface SavedFilter {
  readonly id: number
  readonly name: string
  /** JSON. */
  readonly filter: string
}

export function listSavedFilters(catalog: ReadableCatalog, datasetId: number): SavedFilter[] {
  return catalog.all<SavedFilter>('SELECT id, name, filter FROM saved_filters WHERE dataset_id = ? ORDER BY name COLLATE NOCASE', datasetId)
}

/** The same name again takes the place of the older filter. */
export function saveFilterRow(catalog: WritableCatalog, datasetId: number, name: string, filter: string): Result<number> {
  const problem = checkName('filter', name)
  if (problem) return err(problem)
  catalog.run(
    `INSERT INTO saved_filters (dataset_id, name, filter, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (dataset_id, name) DO UPDATE SET filter = excluded.filter`,
    datasetId, name, filter, new Date().toISOString())
  return ok(catalog.get<{ id: number }>('SELECT id FROM saved_filters WHERE dataset_id = ? AND name = ?', datasetId, name)!.id)
}

export function renameFilterRow(catalog: WritableCatalog, datasetId: number, id: number, name: string): Result<void> {
  const problem = checkName('filter', name)
  if (problem) return err(problem)
  if (catalog.get('SELECT 1 FROM saved_filters WHERE dataset_id = ? AND name = ? AND id <> ?', datasetId, name, id))
    return fail('ALREADY_EXISTS', `There is already a filter "${name}"`)
  return changed(catalog.run('UPDATE saved_filters SET name = ? WHERE dataset_id = ? AND id = ?', name, datasetId, id).changes)
}

export function deleteFilterRow(catalog: WritableCatalog, datasetId: number, id: number): Result<void> {
  return changed(catalog.run('DELETE FROM saved_filters WHERE dataset_id = ? AND id = ?', datasetId, id).changes)
}

const changed = (rows: number): Result<void> =>
  rows > 0 ? ok(undefined) : err(new AppError('NOT_FOUND', 'This saved filter is no longer there'))
