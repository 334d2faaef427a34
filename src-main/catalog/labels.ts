import { err, fail, ok, type Result } from '../kit/index.ts'
import type { ReadableCatalog, WritableCatalog } from './database.ts'
import { clearSuggestions } from './clips.ts'
import { checkName } from './datasets.ts'

/** One class of a dataset's label set; the order is the order of the classes. */
export interface Label {
  readonly id: number
  readonly datasetId: number
  readonly name: string
  readonly position: number
  /** `#rrggbb` */
  readonly colour: string
  /** The key that gives this label, one character. */
  readonly shortcut: string | null
}

const COLUMNS = 'id, dataset_id AS datasetId, name, position, colour, shortcut'
const SHORTCUTS = '1234567890qwertyuiopasdfghjklzxcvbnm'

/** Twelve colours told apart by most eyes (after Paul Tol's muted and bright sets), used in turn. */
const COLOURS = [
  '#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377',
  '#882255', '#44aa99', '#ddcc77', '#332288', '#999933', '#cc6677',
]

/** '2' before '10', upper and lower case together; the same in every locale. */
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' })

export function listLabelRows(catalog: ReadableCatalog, datasetId: number): Label[] {
  return catalog.all<Label>(`SELECT ${COLUMNS} FROM labels WHERE dataset_id = ? ORDER BY position, id`, datasetId)
}

export function findLabel(catalog: ReadableCatalog, datasetId: number, name: string): Label | undefined {
  return catalog.get<Label>(`SELECT ${COLUMNS} FROM labels WHERE dataset_id = ? AND name = ?`, datasetId, name)
}

/**
 * The label, made where it is missing. A new label takes its natural place ('2' before '10') before the first
 * greater one, so that a label set that nobody reordered does not depend on the order of import.
 */
export function ensureLabel(catalog: WritableCatalog, datasetId: number, name: string): Result<Label> {
  const existing = findLabel(catalog, datasetId, name)
  if (existing) return ok(existing)
  const problem = checkName('label', name)
  if (problem) return err(problem)
  const labels = listLabelRows(catalog, datasetId)
  const before = labels.findIndex((l) => natural.compare(l.name, name) > 0)
  const place = before < 0 ? labels.length : before
  for (const [index, label] of labels.entries()) {
    const position = index < place ? index : index + 1
    if (label.position !== position) catalog.run('UPDATE labels SET position = ? WHERE id = ?', position, label.id)
  }
  const used = new Set(labels.map((l) => l.shortcut))
  const own = name.length === 1 && SHORTCUTS.includes(name) && !used.has(name) ? name : undefined
  const shortcut = own ?? [...SHORTCUTS].find((key) => !used.has(key)) ?? null
  const colour = COLOURS[labels.length % COLOURS.length]!
  const { id } = catalog.run(
    'INSERT INTO labels (dataset_id, name, position, colour, shortcut) VALUES (?, ?, ?, ?, ?)',
    datasetId, name, place, colour, shortcut,
  )
  return ok({ id, datasetId, name, position: place, colour, shortcut })
}

/** Removes a label; its clips (binned ones too) must have been given another one before. */
export function deleteLabel(catalog: WritableCatalog, label: Label): void {
  clearSuggestions(catalog, catalog.all<{ id: number }>('SELECT id FROM clips WHERE suggested_label_id = ?', label.id).map((c) => c.id))
  catalog.run('DELETE FROM labels WHERE id = ?', label.id)
  for (const [position, other] of listLabelRows(catalog, label.datasetId).entries())
    if (other.position !== position) catalog.run('UPDATE labels SET position = ? WHERE id = ?', position, other.id)
}

export interface LabelChange {
  readonly name?: string
  readonly colour?: string
  readonly shortcut?: string | null
}

export function updateLabel(catalog: WritableCatalog, label: Label, change: LabelChange): Result<void> {
  if (change.name !== undefined && change.name !== label.name) {
    const problem = checkName('label', change.name)
    if (problem) return err(problem)
    if (findLabel(catalog, label.datasetId, change.name))
      return fail('ALREADY_EXISTS', `There is already a label "${change.name}"`, { hint: 'Merge the two labels instead.' })
    catalog.run('UPDATE labels SET name = ? WHERE id = ?', change.name, label.id)
  }
  if (change.colour !== undefined) {
    if (!/^#[0-9a-f]{6}$/i.test(change.colour)) return fail('INVALID', `Not a colour like #4477aa: ${change.colour}`)
    catalog.run('UPDATE labels SET colour = ? WHERE id = ?', change.colour, label.id)
  }
  if (change.shortcut !== undefined) {
    if (change.shortcut !== null && [...change.shortcut].length !== 1)
      return fail('INVALID', `A shortcut is one character: ${change.shortcut}`)
    // A key gives one label: the former owner loses it.
    if (change.shortcut !== null)
      catalog.run('UPDATE labels SET shortcut = NULL WHERE dataset_id = ? AND shortcut = ?', label.datasetId, change.shortcut)
    catalog.run('UPDATE labels SET shortcut = ? WHERE id = ?', change.shortcut, label.id)
  }
  return ok(undefined)
}

export function reorderLabelRows(catalog: WritableCatalog, datasetId: number, names: readonly string[]): Result<void> {
  const labels = listLabelRows(catalog, datasetId)
  if (new Set(names).size !== names.length || names.length !== labels.length || !labels.every((l) => names.includes(l.name)))
    return fail('INVALID', 'The new order must name every label once', { hint: `The labels are: ${labels.map((l) => l.name).join(', ')}.` })
  for (const label of labels) catalog.run('UPDATE labels SET position = ? WHERE id = ?', names.indexOf(label.name), label.id)
  return ok(undefined)
}
