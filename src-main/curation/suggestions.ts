import { setCells, setClipColumn, setSuggestion, type Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { edit } from './edits.ts'

/** What a model would call a clip. */
export interface SuggestedLabel {
  readonly clip: number
  /** The label's name. */
  readonly label: string
  /** 0 to 1 */
  readonly probability: number
}

/**
 * Gives clips suggestions, in the place of all that the dataset had. A label that is no longer there, a clip that is gone
 * and a clip that has the label already are passed over. Returns how many clips have one now.
 */
export function suggestLabels(library: Library, dataset: string, suggestions: readonly SuggestedLabel[]): Result<number> {
  return edit(library, dataset, 'suggest labels', (catalog, d) => {
    const labels = new Map(catalog.all<{ id: number; name: string }>('SELECT id, name FROM labels WHERE dataset_id = ?', d.id).map((l) => [l.name, l.id]))
    const clips = new Map(catalog.all<{ id: number; label: number | null }>(
      'SELECT id, label_id AS label FROM clips WHERE dataset_id = ? AND binned_at IS NULL', d.id).map((c) => [c.id, c.label]))
    dropAll(catalog, d.id)
    let given = 0
    for (const { clip, label, probability } of suggestions) {
      const labelId = labels.get(label)
      if (labelId === undefined || !clips.has(clip) || clips.get(clip) === labelId) continue
      setSuggestion(catalog, { clip, labelId, probability })
      given++
    }
    return ok(given)
  })
}

/** A person agrees: the suggestions of these clips become their labels, and the clips are accepted. Returns how many. */
export function acceptSuggestions(library: Library, dataset: string, clips: readonly number[]): Result<number> {
  return edit(library, dataset, 'accept suggestions', (catalog, d) => {
    const rows = catalog.all<{ id: number; label: number }>(
      `SELECT id, suggested_label_id AS label FROM clips
       WHERE dataset_id = ? AND binned_at IS NULL AND suggested_label_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
      d.id, JSON.stringify(clips))
    for (const [label, members] of Map.groupBy(rows, (r) => r.label))
      setCells(catalog, 'clips', { label_id: label, suggested_label_id: null, suggestion_probability: null }, members.map((c) => c.id))
    setClipColumn(catalog, 'review', 'accepted', rows.map((r) => r.id))
    return ok(rows.length)
  })
}

/** The dataset's suggestions go. Returns how many there were. */
export const dropSuggestions = (library: Library, dataset: string): Result<number> =>
  edit(library, dataset, 'drop suggestions', (catalog, d) => ok(dropAll(catalog, d.id)))

const dropAll = (catalog: Parameters<typeof setSuggestion>[0], datasetId: number): number =>
  setCells(catalog, 'clips', { suggested_label_id: null, suggestion_probability: null },
    catalog.all<{ id: number }>('SELECT id FROM clips WHERE dataset_id = ? AND suggested_label_id IS NOT NULL', datasetId).map((c) => c.id))
