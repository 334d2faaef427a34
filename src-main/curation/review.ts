import { clearSuggestions, listHistory, setClipColumn, type Library, type Review } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { edit, labelOf } from './edits.ts'

/** What a clip says of itself: its label's name and how its review stands. */
export interface Decision {
  readonly label: string | null
  readonly review: Review
}

export interface Decided {
  /** Of the undo journal; null where nothing changed. */
  readonly entry: number | null
  /** What was before. */
  readonly before: Decision
}

/** A person heard a clip and says what it is: its label and its review in one change. */
export function decideClip(library: Library, dataset: string, id: number, decision: Decision): Result<Decided> {
  const newest = newestEntry(library)
  const before = edit(library, dataset, 'review', (catalog, d) => {
    const clip = catalog.get<Decision>(
      `SELECT l.name AS label, c.review FROM clips c LEFT JOIN labels l ON l.id = c.label_id
       WHERE c.dataset_id = ? AND c.id = ? AND c.binned_at IS NULL`,
      d.id, id,
    )
    if (!clip) return fail('NOT_FOUND', `This clip is no longer in the dataset "${d.name}"`, { hint: 'It may have been deleted in another window.' })
    const label = decision.label === null ? ok(null) : labelOf(catalog, d, decision.label)
    if (!label.ok) return label
    setClipColumn(catalog, 'label_id', label.value?.id ?? null, [id])
    setClipColumn(catalog, 'review', decision.review, [id])
    clearSuggestions(catalog, [id])
    return ok(clip)
  })
  if (!before.ok) return before
  const entry = newestEntry(library)
  return ok({ entry: entry === newest ? null : entry, before: before.value })
}

/** Takes a decision back: by undo where it is still the newest change, else by a change of its own. */
export function takeBackDecision(library: Library, dataset: string, id: number, { entry, before }: Decided): Result<void> {
  if (entry === null) return ok(undefined)
  const undone = newestEntry(library) === entry ? library.catalog.undo() : decideClip(library, dataset, id, before)
  return undone.ok ? ok(undefined) : undone
}

const newestEntry = (library: Library): number | null => listHistory(library.catalog).find((e) => !e.undone)?.id ?? null
