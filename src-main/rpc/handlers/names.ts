import { listLabelRows, type Library } from '../../catalog/index.ts'
import { AppError } from '../../kit/index.ts'

/** Calls name datasets and labels by their ids, which stay when a name changes; edits name them by name. */
export function datasetName({ catalog }: Library, id: number): string {
  const row = catalog.get<{ name: string }>('SELECT name FROM datasets WHERE id = ? AND binned_at IS NULL', id)
  if (!row) throw new AppError('NOT_FOUND', 'This dataset is no longer there', { hint: 'It may be in the bin.' })
  return row.name
}

export function labelName({ catalog }: Library, dataset: number, id: number): string {
  const row = listLabelRows(catalog, dataset).find((label) => label.id === id)
  if (!row) throw new AppError('NOT_FOUND', 'This dataset has no such label', { hint: 'It may have been removed in another window.' })
  return row.name
}
