import { fail, ok, type Result } from '../kit/index.ts'
import type { WritableCatalog } from './database.ts'
import type { Library } from './library.ts'

/** An exported ONNX file that the library remembers. */
export interface ModelRecord {
  /** SHA-256 of the file's bytes. */
  readonly id: string
  readonly runId: string | null
  readonly name: string
  /** Absolute path at export. */
  readonly file: string
  readonly bytes: number
  /** Plain JSON: what the file is, what it was measured to do, what a person noted, and when it was put into the bin. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

/** Remembers an export; the same bytes exported again come back from the bin, and keep what was noted. */
export function recordModel(library: Library, model: Omit<ModelRecord, 'createdAt'>): Result<void> {
  return change(library, 'record model', (catalog) => {
    catalog.run(
      `INSERT INTO models (id, run_id, name, file, bytes, metadata, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, name = excluded.name, file = excluded.file,
         metadata = json_remove(json_patch(models.metadata, excluded.metadata), '$.binnedAt')`,
      model.id, model.runId, model.name, model.file, model.bytes, JSON.stringify(model.metadata), new Date().toISOString(),
    )
    return ok(undefined)
  })
}

/** Newest first, without those in the bin unless they are asked for. */
export function listModels(library: Library, { binned = false }: { readonly binned?: boolean } = {}): ModelRecord[] {
  return library.catalog
    .all<Omit<ModelRecord, 'metadata'> & { metadata: string }>(
      `SELECT id, run_id AS runId, name, file, bytes, metadata, created_at AS createdAt FROM models
       WHERE (json_extract(metadata, '$.binnedAt') IS NOT NULL) = ? ORDER BY created_at DESC, id`,
      binned ? 1 : 0,
    )
    .map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as Record<string, unknown> }))
}

/** Changes the name, and parts of the metadata; null removes a part. */
export function updateModel(library: Library, id: string, { name, metadata = {} }: { readonly name?: string | undefined; readonly metadata?: Readonly<Record<string, unknown>> }): Result<void> {
  return change(library, 'update model', (catalog) => {
    const { changes } = catalog.run(
      `UPDATE models SET name = coalesce(?, name), metadata = json_patch(metadata, ?) WHERE id = ?`,
      name ?? null, JSON.stringify(metadata), id,
    )
    return changes === 0 ? fail('NOT_FOUND', 'There is no such model in this library') : ok(undefined)
  })
}

/** Forgets a model that is in the bin; its file is the caller's to delete. */
export function forgetModel(library: Library, id: string): Result<void> {
  return change(library, 'forget model', (catalog) => {
    const { changes } = catalog.run(`DELETE FROM models WHERE id = ? AND json_extract(metadata, '$.binnedAt') IS NOT NULL`, id)
    return changes === 0 ? fail('NOT_FOUND', 'There is no such model in the bin') : ok(undefined)
  })
}

/** What no person undoes by the undo of the library: files stand behind it. */
const change = (library: Library, name: string, work: (catalog: WritableCatalog) => Result<void>): Result<void> =>
  library.catalog.transact(name, work, { undoable: false })

/** Remembers at which thresholds a model is to work; null forgets it. As a whole: labels that are no longer in it go. */
export const setModelWorkingPoint = (library: Library, id: string, point: unknown): Result<void> =>
  change(library, 'set working point', (catalog) => {
    catalog.run(`UPDATE models SET metadata = json_set(metadata, '$.workingPoint', json(?)) WHERE id = ?`, JSON.stringify(point), id)
    return ok(undefined)
  })
