/**
 * Which clips an action applies to: some by name, or all that the filter shows but some. Plain values, so that
 * selecting 100,000 clips costs nothing.
 */
export interface Selection {
  readonly kind: 'some' | 'all'
  /** The chosen ids; of `all`, the ones left out. */
  readonly ids: ReadonlySet<number>
}

export const NOTHING: Selection = { kind: 'some', ids: new Set() }
export const EVERYTHING: Selection = { kind: 'all', ids: new Set() }

export const isSelected = (selection: Selection, id: number): boolean => selection.ids.has(id) === (selection.kind === 'some')

export const selectedCount = (selection: Selection, total: number): number =>
  selection.kind === 'some' ? selection.ids.size : Math.max(0, total - selection.ids.size)

export const only = (ids: Iterable<number>): Selection => ({ kind: 'some', ids: new Set(ids) })

export function toggled(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { kind: selection.kind, ids }
}

export function added(selection: Selection, more: Iterable<number>): Selection {
  const ids = new Set(selection.ids)
  for (const id of more) {
    if (selection.kind === 'some') ids.add(id)
    else ids.delete(id)
  }
  return { kind: selection.kind, ids }
}
