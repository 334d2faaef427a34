import { fail, ok, type Result } from '../kit/index.ts'
import type { Library } from './library.ts'
import { newRunId } from './runs.ts'

/** Runs that belong together: an experiment, or a search for good settings. */
export interface RunGroup {
  readonly id: string
  readonly name: string
  readonly kind: 'experiment' | 'search'
  readonly datasetId: number | null
  /** Plain JSON: what was asked for. */
  readonly config: unknown
  /** Plain JSON: what came out. */
  readonly summary: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

interface GroupRow extends Omit<RunGroup, 'config' | 'summary'> {
  readonly config: string
  readonly summary: string
}

const SELECT = 'SELECT id, name, kind, dataset_id AS datasetId, config, summary, created_at AS createdAt FROM run_groups'
const unjournalled = { undoable: false } as const

const fromRow = (row: GroupRow): RunGroup => ({
  ...row,
  config: JSON.parse(row.config) as unknown,
  summary: JSON.parse(row.summary) as Record<string, unknown>,
})

export function createRunGroup(library: Library, group: Pick<RunGroup, 'name' | 'kind' | 'datasetId' | 'config'> & Partial<Pick<RunGroup, 'summary'>>): Result<RunGroup> {
  const now = new Date()
  const id = newRunId(now)
  const made = library.catalog.transact<void>('create a group of runs', (catalog) => {
    catalog.run(
      'INSERT INTO run_groups (id, name, kind, dataset_id, config, summary, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id, group.name, group.kind, group.datasetId, JSON.stringify(group.config), JSON.stringify(group.summary ?? {}), now.toISOString(),
    )
    return ok(undefined)
  }, unjournalled)
  return made.ok ? getRunGroup(library, id) : made
}

export function getRunGroup(library: Library, id: string): Result<RunGroup> {
  const row = library.catalog.get<GroupRow>(`${SELECT} WHERE id = ?`, id)
  return row ? ok(fromRow(row)) : fail('NOT_FOUND', 'There is no such experiment')
}

/** Newest first. */
export const listRunGroups = (library: Library): RunGroup[] =>
  library.catalog.all<GroupRow>(`${SELECT} ORDER BY created_at DESC, id DESC`).map(fromRow)

export function setGroupSummary(library: Library, id: string, summary: Readonly<Record<string, unknown>>): Result<RunGroup> {
  const set = library.catalog.transact<void>('update a group of runs', (catalog) => {
    catalog.run('UPDATE run_groups SET summary = ? WHERE id = ?', JSON.stringify(summary), id)
    return ok(undefined)
  }, unjournalled)
  return set.ok ? getRunGroup(library, id) : set
}

export function renameRunGroup(library: Library, id: string, name: string): Result<RunGroup> {
  const set = library.catalog.transact<void>('rename a group of runs', (catalog) => {
    catalog.run('UPDATE run_groups SET name = ? WHERE id = ?', name, id)
    return ok(undefined)
  }, unjournalled)
  return set.ok ? getRunGroup(library, id) : set
}
