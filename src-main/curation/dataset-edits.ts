import {
  checkName, deleteFilterRow, ensureDataset, findDataset, findLabel, ensureLabel, otherName, renameDatasetRow, renameFilterRow, saveFilterRow, setCells,
  type Dataset, type Library, type WritableCatalog,
} from '../catalog/index.ts'
import { err, fail, ok, type Result } from '../kit/index.ts'
import { edit } from './edits.ts'

/** What a person does with whole datasets, their saved filters, and clips from one to another. Each is one undo. */
export function createDataset(library: Library, name: string): Result<Dataset> {
  return library.catalog.transact('new dataset', (catalog) =>
    findDataset(catalog, name).ok ? fail('ALREADY_EXISTS', `There is already a dataset "${name}"`) : ensureDataset(catalog, name))
}

export function renameDataset(library: Library, from: string, to: string): Result<void> {
  return edit(library, from, 'rename dataset', (catalog, d) => renameDatasetRow(catalog, d.id, to))
}

/** To the bin, with all that is in it. */
export function binDataset(library: Library, name: string): Result<void> {
  return edit(library, name, 'delete dataset', (catalog, d) => {
    catalog.run('UPDATE datasets SET binned_at = ? WHERE id = ?', new Date().toISOString(), d.id)
    return ok(undefined)
  })
}

export function restoreDataset(library: Library, id: number): Result<void> {
  return library.catalog.transact('restore dataset', (catalog) => {
    const { changes } = catalog.run('UPDATE datasets SET binned_at = NULL WHERE id = ? AND binned_at IS NOT NULL', id)
    return changes > 0 ? ok(undefined) : fail('NOT_FOUND', 'This dataset is no longer in the bin')
  })
}

/** The test set of a dataset, or nothing of it, can be changed from now on. */
export function lockTest(library: Library, name: string, locked: boolean): Result<void> {
  return edit(library, name, locked ? 'lock test' : 'unlock test', (catalog, d) => {
    catalog.run('UPDATE datasets SET test_locked = ? WHERE id = ?', locked ? 1 : 0, d.id)
    return ok(undefined)
  })
}

const COPIED = 'recording_key, start_sample, end_sample, sample_rate, seconds, split, speaker, session, take, review, source, extra, low_hz, high_hz, edits, hard'

/** A copy with the same labels, clips (the bin left out) and saved filters. The recordings are shared, not copied. */
export function duplicateDataset(library: Library, from: string, name?: string): Result<Dataset> {
  return edit(library, from, 'duplicate dataset', (catalog, original) => {
    const wanted = name ?? otherName(catalog, original.name)
    if (findDataset(catalog, wanted).ok) return fail('ALREADY_EXISTS', `There is already a dataset "${wanted}"`)
    const copy = ensureDataset(catalog, wanted)
    if (!copy.ok) return copy
    const { id } = copy.value
    catalog.run(
      `INSERT INTO labels (dataset_id, name, position, colour, shortcut)
       SELECT ?, name, position, colour, shortcut FROM labels WHERE dataset_id = ? ORDER BY position`, id, original.id)
    catalog.run(
      `INSERT INTO clips (dataset_id, label_id, created_at, ${COPIED})
       SELECT ?, (SELECT n.id FROM labels o JOIN labels n ON n.name = o.name AND n.dataset_id = ? WHERE o.id = c.label_id), ?, ${COPIED}
       FROM clips c WHERE c.dataset_id = ? AND c.binned_at IS NULL ORDER BY c.id`,
      id, id, new Date().toISOString(), original.id)
    catalog.run(
      `INSERT INTO saved_filters (dataset_id, name, filter, created_at) SELECT ?, name, filter, created_at FROM saved_filters WHERE dataset_id = ?`,
      id, original.id)
    return copy
  })
}

export interface Moved {
  readonly changed: number
  /** Left where they are: the other dataset has a clip of exactly that span. */
  readonly present: number
}

/** Labels go along by name and are made where the other dataset lacks them. */
export function moveToDataset(library: Library, from: string, clips: readonly number[], to: string): Result<Moved> {
  return edit(library, from, 'move clips', (catalog, source) => {
    const target = findDataset(catalog, to)
    if (!target.ok) return target
    if (target.value.id === source.id) return fail('INVALID', 'The clips are in this dataset already')
    const ids = JSON.stringify(clips)
    const known = catalog.all<{ id: number; label: string | null; present: 0 | 1 }>(
      `SELECT c.id, l.name AS label, EXISTS (SELECT 1 FROM clips o WHERE o.dataset_id = ? AND o.recording_key = c.recording_key
         AND o.start_sample = c.start_sample AND o.end_sample = c.end_sample) AS present
       FROM clips c LEFT JOIN labels l ON l.id = c.label_id
       WHERE c.dataset_id = ? AND c.id IN (SELECT value FROM json_each(?))`, target.value.id, source.id, ids)
    if (known.length !== new Set(clips).size) return fail('NOT_FOUND', `Some of the clips are not in the dataset "${source.name}"`)
    const moving = known.filter((c) => c.present === 0)
    for (const [label, members] of Map.groupBy(moving, (c) => c.label)) {
      const labelId = label === null ? ok(null) : takeLabel(catalog, source, target.value, label)
      if (!labelId.ok) return labelId
      setCells(catalog, 'clips', { dataset_id: target.value.id, label_id: labelId.value, suggested_label_id: null, suggestion_probability: null }, members.map((c) => c.id))
    }
    return ok({ changed: moving.length, present: known.length - moving.length })
  })
}

/** The label of that name in the other dataset; a new one looks like the one it comes from. */
function takeLabel(catalog: WritableCatalog, from: Dataset, to: Dataset, name: string): Result<number> {
  const present = findLabel(catalog, to.id, name)
  if (present) return ok(present.id)
  const made = ensureLabel(catalog, to.id, name)
  if (!made.ok) return made
  const model = findLabel(catalog, from.id, name)
  if (model) catalog.run('UPDATE labels SET colour = ? WHERE id = ?', model.colour, made.value.id)
  return ok(made.value.id)
}

export function saveFilter(library: Library, dataset: string, name: string, filter: string): Result<number> {
  const problem = checkName('filter', name)
  if (problem) return err(problem)
  return edit(library, dataset, 'save filter', (catalog, d) => saveFilterRow(catalog, d.id, name, filter))
}

export const renameFilter = (library: Library, dataset: string, id: number, name: string): Result<void> =>
  edit(library, dataset, 'rename filter', (catalog, d) => renameFilterRow(catalog, d.id, id, name))

export const removeFilter = (library: Library, dataset: string, id: number): Result<void> =>
  edit(library, dataset, 'remove filter', (catalog, d) => deleteFilterRow(catalog, d.id, id))
