import { ok, type Result } from '../kit/index.ts'
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
  readonly metadata: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

/** Remembers an export; the same bytes exported again only change where they are. */
export function recordModel(library: Library, model: Omit<ModelRecord, 'createdAt'>): Result<void> {
  return library.catalog.transact(
    'record model',
    (catalog) => {
      catalog.run(
        `INSERT INTO models (id, run_id, name, file, bytes, metadata, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, name = excluded.name, file = excluded.file`,
        model.id, model.runId, model.name, model.file, model.bytes, JSON.stringify(model.metadata), new Date().toISOString(),
      )
      return ok(undefined)
    },
    { undoable: false },
  )
}

/** Newest first. */
export function listModels(library: Library): ModelRecord[] {
  return library.catalog
    .all<Omit<ModelRecord, 'metadata'> & { metadata: string }>(
      `SELECT id, run_id AS runId, name, file, bytes, metadata, created_at AS createdAt FROM models ORDER BY created_at DESC, id`,
    )
    .map((row) => ({ ...row, metadata: JSON.parse(row.metadata) as Record<string, unknown> }))
}
