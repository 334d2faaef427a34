import {
  checkName, clearSuggestions, deleteLabel, ensureLabel, findDataset, findLabel, reorderLabelRows, setClipColumn, updateLabel,
  type ClipColumn, type Dataset, type Label, type LabelChange, type Library, type ReadableCatalog, type Review, type Split, type SqlValue,
  type WritableCatalog,
} from '../catalog/index.ts'
import { err, fail, ok, type Result } from '../kit/index.ts'

/**
 * What a person changes by hand. Each is one transaction under a name that undo can show, and returns how
 * many clips it changed. Nothing here deletes a clip: it goes to the bin.
 */
export type Edit<T> = (catalog: WritableCatalog, dataset: Dataset) => Result<T>

/** Edits of one `gesture` (a drag, a run of key presses), one after the other, are undone as one. */
export function edit<T>(library: Library, datasetName: string, name: string, work: Edit<T>, gesture?: string | null): Result<T> {
  const change = (catalog: WritableCatalog): Result<T> => {
    const dataset = findDataset(catalog, datasetName)
    return dataset.ok ? work(catalog, dataset.value) : dataset
  }
  return library.catalog.transact(name, change, gesture == null ? {} : { group: `${name} ${gesture}` })
}

export function labelOf(catalog: ReadableCatalog, dataset: Dataset, name: string): Result<Label> {
  const label = findLabel(catalog, dataset.id, name)
  return label ? ok(label) : fail('NOT_FOUND', `The dataset "${dataset.name}" has no label "${name}"`)
}

export function setOnClips(catalog: WritableCatalog, dataset: Dataset, column: ClipColumn, value: SqlValue, ids: readonly number[]): Result<number> {
  const wanted = new Set(ids)
  const { known } = catalog.get<{ known: number }>(
    'SELECT count(*) AS known FROM clips WHERE dataset_id = ? AND id IN (SELECT value FROM json_each(?))',
    dataset.id, JSON.stringify([...wanted]),
  )!
  if (known !== wanted.size) return fail('NOT_FOUND', `${wanted.size - known} of the clips are not in the dataset "${dataset.name}"`)
  return ok(setClipColumn(catalog, column, value, [...wanted]))
}

/** `null` takes the label away. */
export function setLabel(library: Library, dataset: string, clips: readonly number[], label: string | null): Result<number> {
  return edit(library, dataset, 'label', (catalog, d) => {
    const found = label === null ? ok(null) : labelOf(catalog, d, label)
    if (!found.ok) return found
    const changed = setOnClips(catalog, d, 'label_id', found.value?.id ?? null, clips)
    if (changed.ok) clearSuggestions(catalog, clips)
    return changed
  })
}

export function setSpeaker(library: Library, dataset: string, clips: readonly number[], speaker: string | null): Result<number> {
  const problem = speaker === null ? null : checkName('speaker', speaker)
  if (problem) return err(problem)
  return edit(library, dataset, 'set speaker', (catalog, d) => setOnClips(catalog, d, 'speaker', speaker, clips))
}

export function setReview(library: Library, dataset: string, clips: readonly number[], review: Review): Result<number> {
  return edit(library, dataset, 'review', (catalog, d) => setOnClips(catalog, d, 'review', review, clips))
}

/** A hard clip is right as it is labelled, and yet networks err about it: a person wants to find it again. */
export function setHard(library: Library, dataset: string, clips: readonly number[], hard: boolean): Result<number> {
  return edit(library, dataset, 'mark hard', (catalog, d) => setOnClips(catalog, d, 'hard', hard ? 1 : 0, clips))
}

export function setSplit(library: Library, dataset: string, clips: readonly number[], split: Split | null): Result<number> {
  return edit(library, dataset, 'set split', (catalog, d) => setOnClips(catalog, d, 'split', split, clips))
}

/** Binned clips are in no list, count, split or training; their recordings stay. */
export function binClips(library: Library, dataset: string, clips: readonly number[]): Result<number> {
  const now = new Date().toISOString()
  return edit(library, dataset, 'delete', (catalog, d) => {
    const binned = new Set(
      catalog
        .all<{ id: number }>(
          'SELECT id FROM clips WHERE binned_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))', JSON.stringify(clips),
        )
        .map((c) => c.id),
    )
    // What is in the bin already keeps the time at which it went there.
    return setOnClips(catalog, d, 'binned_at', now, clips.filter((id) => !binned.has(id)))
  })
}

export function restoreClips(library: Library, dataset: string, clips: readonly number[]): Result<number> {
  return edit(library, dataset, 'restore', (catalog, d) => setOnClips(catalog, d, 'binned_at', null, clips))
}

/** A new label takes its natural place; an existing one is an error. */
export function addLabel(library: Library, dataset: string, name: string): Result<Label> {
  return edit(library, dataset, 'add label', (catalog, d) =>
    findLabel(catalog, d.id, name) ? fail('ALREADY_EXISTS', `There is already a label "${name}"`) : ensureLabel(catalog, d.id, name),
  )
}

export function changeLabel(library: Library, dataset: string, name: string, change: LabelChange): Result<void> {
  return edit(library, dataset, change.name === undefined ? 'change label' : 'rename label', (catalog, d) => {
    const label = labelOf(catalog, d, name)
    return label.ok ? updateLabel(catalog, label.value, change) : label
  })
}

export const renameLabel = (library: Library, dataset: string, from: string, to: string): Result<void> =>
  changeLabel(library, dataset, from, { name: to })

/** All clips of `from` (the bin included) get the label `into`, and the emptied labels go. */
export function mergeLabels(library: Library, dataset: string, from: readonly string[], into: string): Result<number> {
  return edit(library, dataset, 'merge labels', (catalog, d) => {
    const target = labelOf(catalog, d, into)
    if (!target.ok) return target
    let moved = 0
    for (const name of new Set(from)) {
      if (name === into) continue
      const label = labelOf(catalog, d, name)
      if (!label.ok) return label
      moved += moveClips(catalog, d, label.value, target.value.id)
    }
    return ok(moved)
  })
}

/** Its clips are left without a label; with `bin`, they go to the bin too. */
export function removeLabel(library: Library, dataset: string, name: string, clips: 'unlabel' | 'bin' = 'unlabel'): Result<number> {
  return edit(library, dataset, 'remove label', (catalog, d) => {
    const label = labelOf(catalog, d, name)
    if (!label.ok) return label
    if (clips === 'bin') {
      const there = catalog.all<{ id: number }>('SELECT id FROM clips WHERE dataset_id = ? AND label_id = ? AND binned_at IS NULL', d.id, label.value.id)
      setClipColumn(catalog, 'binned_at', new Date().toISOString(), there.map((c) => c.id))
    }
    return ok(moveClips(catalog, d, label.value, null))
  })
}

function moveClips(catalog: WritableCatalog, dataset: Dataset, label: Label, to: number | null): number {
  const clips = catalog.all<{ id: number }>('SELECT id FROM clips WHERE dataset_id = ? AND label_id = ?', dataset.id, label.id)
  const changed = setClipColumn(catalog, 'label_id', to, clips.map((c) => c.id))
  deleteLabel(catalog, label)
  return changed
}

/** `names`: every label once, in the new order of the classes. */
export function reorderLabels(library: Library, dataset: string, names: readonly string[]): Result<void> {
  return edit(library, dataset, 'reorder labels', (catalog, d) => reorderLabelRows(catalog, d.id, names))
}

/** Takes the last change of the library back and returns its name. */
export const undo = (library: Library): Result<string> => library.catalog.undo()
export const redo = (library: Library): Result<string> => library.catalog.redo()
