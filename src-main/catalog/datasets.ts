import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import type { ReadableCatalog, WritableCatalog } from './database.ts'

export interface Dataset {
  readonly id: number
  readonly name: string
  readonly createdAt: string
  /** Which clips are in the test set cannot be changed. */
  readonly testLocked: boolean
}

const COLUMNS = 'id, name, created_at AS createdAt, test_locked AS testLocked'
type DatasetRow = Omit<Dataset, 'testLocked'> & { readonly testLocked: 0 | 1 }
const fromRow = (row: DatasetRow): Dataset => ({ ...row, testLocked: row.testLocked === 1 })

/** Those in the bin are in no list and are not found. */
export function listDatasets(catalog: ReadableCatalog): Dataset[] {
  return catalog.all<DatasetRow>(`SELECT ${COLUMNS} FROM datasets WHERE binned_at IS NULL ORDER BY name`).map(fromRow)
}

export function findDataset(catalog: ReadableCatalog, name: string): Result<Dataset> {
  const row = catalog.get<DatasetRow>(`SELECT ${COLUMNS} FROM datasets WHERE name = ? AND binned_at IS NULL`, name)
  if (row) return ok(fromRow(row))
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
  freeName(catalog, name)
  catalog.run('INSERT INTO datasets (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', name, new Date().toISOString())
  return findDataset(catalog, name)
}

export function renameDatasetRow(catalog: WritableCatalog, id: number, name: string): Result<void> {
  const problem = checkName('dataset', name)
  if (problem) return err(problem)
  freeName(catalog, name)
  const other = catalog.get<{ id: number }>('SELECT id FROM datasets WHERE name = ?', name)
  if (other && other.id !== id) return fail('ALREADY_EXISTS', `There is already a dataset "${name}"`)
  catalog.run('UPDATE datasets SET name = ? WHERE id = ?', name, id)
  return ok(undefined)
}

/** A dataset in the bin keeps nobody from using its name: it takes another. */
function freeName(catalog: WritableCatalog, name: string): void {
  const binned = catalog.get<{ id: number }>('SELECT id FROM datasets WHERE name = ? AND binned_at IS NOT NULL', name)
  if (binned) catalog.run('UPDATE datasets SET name = ? WHERE id = ?', otherName(catalog, name), binned.id)
}

/** `name 2`, or the next number that no dataset has. */
export function otherName(catalog: ReadableCatalog, name: string): string {
  for (let number = 2; ; number++) {
    const other = `${name.slice(0, 90)} ${number}`
    if (!catalog.get('SELECT 1 FROM datasets WHERE name = ?', other)) return other
  }
}
