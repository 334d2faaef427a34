import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import type { ReadableCatalog, WritableCatalog } from './database.ts'

export interface Dataset {
  readonly id: number
  readonly name: string
  readonly createdAt: string
}

const COLUMNS = 'id, name, created_at AS createdAt'

export function listDatasets(catalog: ReadableCatalog): Dataset[] {
  return catalog.all<Dataset>(`SELECT ${COLUMNS} FROM datasets ORDER BY name`)
}

export function findDataset(catalog: ReadableCatalog, name: string): Result<Dataset> {
  const dataset = catalog.get<Dataset>(`SELECT ${COLUMNS} FROM datasets WHERE name = ?`, name)
  if (dataset) return ok(dataset)
  const names = listDatasets(catalog).map((d) => d.name)
  return fail('NOT_FOUND', `There is no dataset "${name}"`, {
    hint: names.length > 0 ? `There are: ${names.slice(0, 10).join(', ')}.` : 'Import a folder first.',
  })
}

/** Names are what people type: no control characters, no surrounding blanks, at most 100 characters. */
export function checkName(kind: string, name: string): AppError | null {
  if (name.length > 0 && name.length <= 100 && name === name.trim() && !/\p{Cc}/u.test(name)) return null
  return new AppError('INVALID', `This cannot be the name of a ${kind}: ${JSON.stringify(name.slice(0, 120))}`, {
    hint: 'Use 1 to 100 characters, with no blank at either end.',
  })
}

export function ensureDataset(catalog: WritableCatalog, name: string): Result<Dataset> {
  const problem = checkName('dataset', name)
  if (problem) return err(problem)
  catalog.run('INSERT INTO datasets (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', name, new Date().toISOString())
  return findDataset(catalog, name)
}

export function renameDatasetRow(catalog: WritableCatalog, id: number, name: string): Result<void> {
  const problem = checkName('dataset', name)
  if (problem) return err(problem)
  const other = catalog.get<{ id: number }>('SELECT id FROM datasets WHERE name = ?', name)
  if (other && other.id !== id) return fail('ALREADY_EXISTS', `There is already a dataset "${name}"`)
  catalog.run('UPDATE datasets SET name = ? WHERE id = ?', name, id)
  return ok(undefined)
}
