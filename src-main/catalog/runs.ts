import { randomBytes } from 'node:crypto'
import { joinInside, fail, ok, type Result } from '../kit/index.ts'
import type { ReadableCatalog, SqlValue } from './database.ts'
import type { Library } from './library.ts'

export type RunStatus = 'created' | 'running' | 'finished' | 'stopped' | 'failed'

/** One training, as the catalog knows it; metrics and checkpoints are files in its folder. */
export interface RunRecord {
  readonly id: string
  readonly name: string
  readonly datasetId: number | null
  readonly status: RunStatus
  /** Plain JSON: everything that is needed to do it again. */
  readonly config: unknown
  /** Plain JSON: what came out (best accuracy, parameters, seconds). */
  readonly summary: Readonly<Record<string, unknown>>
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  /** What a person says about it. */
  readonly tags: readonly string[]
  readonly note: string
  readonly favourite: boolean
  /** The experiment or search that it is part of. */
  readonly groupId: string | null
  /** When it was put into the bin. */
  readonly binnedAt: string | null
  /** Absolute. */
  readonly folder: string
}

export interface NewRun {
  readonly name: string
  readonly datasetId: number | null
  readonly config: unknown
  readonly groupId?: string | null
}

export interface RunChange {
  readonly name?: string
  readonly status?: RunStatus
  readonly config?: unknown
  /** Replaces the whole summary. */
  readonly summary?: Readonly<Record<string, unknown>>
  readonly startedAt?: string | null
  readonly finishedAt?: string | null
  readonly tags?: readonly string[]
  readonly note?: string
  readonly favourite?: boolean
  readonly binnedAt?: string | null
}

interface RunRow extends Omit<RunRecord, 'config' | 'summary' | 'folder' | 'tags' | 'favourite'> {
  readonly config: string
  readonly summary: string
  readonly tags: string
  readonly favourite: number
}

const SELECT = `SELECT id, name, dataset_id AS datasetId, status, config, summary, created_at AS createdAt,
  started_at AS startedAt, finished_at AS finishedAt, tags, note, favourite, group_id AS groupId, binned_at AS binnedAt FROM runs`

const fromRow = (library: Library, row: RunRow): RunRecord => ({
  ...row,
  config: JSON.parse(row.config) as unknown,
  summary: JSON.parse(row.summary) as Record<string, unknown>,
  tags: JSON.parse(row.tags) as string[],
  favourite: row.favourite === 1,
  folder: runFolder(library, row.id),
})

export const runFolder = (library: Library, id: string): string => joinInside(library.folder.runs, id)

/** Ids sort by time and can be typed: `20261123-161502-3fa9`. */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '')
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString('hex')}`
}

export function createRun(library: Library, run: NewRun): Result<RunRecord> {
  const now = new Date()
  const id = newRunId(now)
  const made = library.catalog.transact(
    'create run',
    (catalog) => {
      catalog.run(
        `INSERT INTO runs (id, name, dataset_id, status, config, created_at, group_id) VALUES (?, ?, ?, 'created', ?, ?, ?)`,
        id, run.name, run.datasetId, JSON.stringify(run.config ?? null), now.toISOString(), run.groupId ?? null,
      )
      return ok(undefined)
    },
    { undoable: false },
  )
  return made.ok ? getRun(library, id) : made
}

const asIs = (value: unknown): SqlValue => value as SqlValue
const asFlag = (value: unknown): SqlValue => (value === true ? 1 : 0)
const COLUMNS: { readonly [K in keyof RunChange]-?: { readonly column: string; readonly write: (value: unknown) => SqlValue } } = {
  name: { column: 'name', write: asIs },
  status: { column: 'status', write: asIs },
  config: { column: 'config', write: JSON.stringify },
  summary: { column: 'summary', write: JSON.stringify },
  startedAt: { column: 'started_at', write: asIs },
  finishedAt: { column: 'finished_at', write: asIs },
  tags: { column: 'tags', write: JSON.stringify },
  note: { column: 'note', write: asIs },
  favourite: { column: 'favourite', write: asFlag },
  binnedAt: { column: 'binned_at', write: asIs },
}

/** Changes the given fields only. */
export function updateRun(library: Library, id: string, change: RunChange): Result<RunRecord> {
  const updated = library.catalog.transact<void>(
    'update run',
    (catalog) => {
      for (const key of Object.keys(COLUMNS) as (keyof RunChange)[]) {
        const value = change[key]
        if (value === undefined) continue
        const { column, write } = COLUMNS[key]
        catalog.run(`UPDATE runs SET ${column} = ? WHERE id = ?`, write(value), id)
      }
      return ok(undefined)
    },
    { undoable: false },
  )
  return updated.ok ? getRun(library, id) : updated
}

/** By its id, or by the beginning or end of one where that names a single run. */
export function getRun(library: Library, idOrPart: string): Result<RunRecord> {
  const exact = library.catalog.get<RunRow>(`${SELECT} WHERE id = ?`, idOrPart)
  if (exact) return ok(fromRow(library, exact))
  const near = idOrPart === '' ? [] : runsLike(library.catalog, idOrPart)
  if (near.length === 1) return ok(fromRow(library, near[0]!))
  return near.length === 0
    ? fail('NOT_FOUND', `There is no run "${idOrPart}"`, { hint: '"espectro runs" lists them.' })
    : fail('INVALID', `"${idOrPart}" fits several runs: ${near.map((r) => r.id).join(', ')}`)
}

function runsLike(catalog: ReadableCatalog, part: string): RunRow[] {
  const escaped = part.replace(/[\\%_]/g, '\\$&')
  return catalog.all<RunRow>(`${SELECT} WHERE id LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\' ORDER BY id LIMIT 5`, `${escaped}%`, `%${escaped}`)
}

export interface RunFilter {
  readonly datasetId?: number
  readonly status?: RunStatus
  readonly groupId?: string
  /** Default 'no'. */
  readonly binned?: 'no' | 'only'
}

/** Newest first. */
export function listRuns(library: Library, filter: RunFilter = {}): RunRecord[] {
  const conditions = [`binned_at IS ${filter.binned === 'only' ? 'NOT NULL' : 'NULL'}`]
  const values: SqlValue[] = []
  if (filter.datasetId !== undefined) {
    conditions.push('dataset_id = ?')
    values.push(filter.datasetId)
  }
  if (filter.status !== undefined) {
    conditions.push('status = ?')
    values.push(filter.status)
  }
  if (filter.groupId !== undefined) {
    conditions.push('group_id = ?')
    values.push(filter.groupId)
  }
  return library.catalog
    .all<RunRow>(`${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, id DESC`, ...values)
    .map((row) => fromRow(library, row))
}
