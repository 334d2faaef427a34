/**
 * catalog: the library folder and its SQLite file. In: rows to keep, files to keep, questions. Out: rows, and
 * paths of files that are whole. It knows the schema, transactions with undo, migrations, backups and the
 * integrity check; what a person does with datasets is in curation. The only importer of better-sqlite3.
 */
export { defaultLibraryFolder, mediaExtension, type LibraryFolder } from './folder.ts'
export { openLibrary, type Library, type OpenOptions } from './library.ts'
export type { ReadableCatalog, SqlValue, WritableCatalog } from './database.ts'
export type { Catalog, TransactOptions } from './catalog.ts'
export type { ClipChanges, ClipMark } from './clip-changes.ts'
export { setCells } from './cells.ts'
export { KEPT_BACKUPS, listBackups, verifyCatalogFile, type Backup } from './backup.ts'
export { restoreNewestBackup, type Restored } from './restore.ts'
export { listHistory, redoableName, undoableName, type HistoryEntry } from './history.ts'
export { SCHEMA_VERSION } from './migrations/index.ts'
export * from './recordings.ts'
export * from './datasets.ts'
export * from './dataset-rows.ts'
export * from './labels.ts'
export * from './saved-filters.ts'
export * from './clips.ts'
export * from './sounds.ts'
export * from './runs.ts'
export * from './run-groups.ts'
export * from './run-queue.ts'
export * from './models.ts'
export * from './augment-policies.ts'
export { mediaProblem, storeMedia, type MediaSource } from './media.ts'
export { checkLibrary, type CheckOptions, type LibraryCheck, type LibraryProblem } from './check.ts'
