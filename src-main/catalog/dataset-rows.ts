/**
 * A dataset's rows as plain records, to be written elsewhere and inserted again. Columns are taken as the schema has
 * them, so that what a later schema adds to clips travels too; numbers that mean something only in this catalog
 * (row ids) are left out.
 */
import { readEdits } from '../audio/index.ts'
import { err, fail, ok, toAppError, type Result } from '../kit/index.ts'
import type { ReadableCatalog, SqlValue, WritableCatalog } from './database.ts'
import { ensureDataset, findDataset, type Dataset } from './datasets.ts'
import { RECORDING_COLUMNS, type Recording } from './recordings.ts'

export type PortableValue = string | number | null
export type PortableRow = Readonly<Record<string, PortableValue>>

export interface DatasetRows {
  readonly labels: readonly PortableRow[]
  /** With `recording` (SHA-256) and `label` (its name) in the place of row ids. */
  readonly clips: readonly PortableRow[]
}

/** Columns that belong to this catalog, or follow from the recording. */
const OWN = {
  labels: new Set(['id', 'dataset_id']),
  clips: new Set(['id', 'dataset_id', 'recording_key', 'label_id', 'sample_rate', 'seconds', 'binned_at', 'near_group', 'suggested_label_id', 'suggestion_probability']),
}

function portableColumns(catalog: ReadableCatalog, table: 'labels' | 'clips'): string[] {
  return catalog.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).map((c) => c.name).filter((name) => !OWN[table].has(name))
}

/** Clips in the bin stay behind. */
export function readDatasetRows(catalog: ReadableCatalog, datasetId: number): DatasetRows {
  const labelColumns = portableColumns(catalog, 'labels').join(', ')
  const clipColumns = portableColumns(catalog, 'clips').map((c) => `c.${c}`).join(', ')
  return {
    labels: catalog.all<PortableRow>(`SELECT ${labelColumns} FROM labels WHERE dataset_id = ? ORDER BY position, id`, datasetId),
    clips: catalog.all<PortableRow>(
      `SELECT r.sha256 AS recording, l.name AS label, ${clipColumns} FROM clips c JOIN recordings r ON r.key = c.recording_key
       LEFT JOIN labels l ON l.id = c.label_id WHERE c.dataset_id = ? AND c.binned_at IS NULL ORDER BY c.id`,
      datasetId,
    ),
  }
}

/** The recordings that the dataset's clips (outside the bin) are spans of. */
export function datasetRecordings(catalog: ReadableCatalog, datasetId: number): Recording[] {
  return catalog.all<Recording>(
    `SELECT ${RECORDING_COLUMNS} FROM recordings r
     WHERE r.key IN (SELECT recording_key FROM clips WHERE dataset_id = ? AND binned_at IS NULL) ORDER BY r.sha256`,
    datasetId,
  )
}

/** Makes a dataset of the rows under a name that is free; their recordings must be in the catalog. */
export function insertDatasetRows(catalog: WritableCatalog, wantedName: string, rows: DatasetRows): Result<Dataset> {
  const made = ensureDataset(catalog, freeDatasetName(catalog, wantedName))
  if (!made.ok) return made
  const dataset = made.value
  const insert = (table: 'labels' | 'clips', row: PortableRow, own: Readonly<Record<string, SqlValue>>): number => {
    const known = new Set(portableColumns(catalog, table))
    const values: Record<string, SqlValue> = { ...own }
    for (const [name, value] of Object.entries(row)) if (known.has(name)) values[name] = value
    const names = Object.keys(values)
    return catalog.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...Object.values(values)).id
  }
  try {
    const labelIds = new Map<PortableValue, number>()
    for (const row of rows.labels) labelIds.set(row['name'] ?? null, insert('labels', row, { dataset_id: dataset.id }))
    for (const { recording, label, ...row } of rows.clips) {
      const known = catalog.get<{ key: number; sampleRate: number; frames: number }>(
        'SELECT key, sample_rate AS sampleRate, frames FROM recordings WHERE sha256 = ?', recording ?? null)
      const labelId = label == null ? null : labelIds.get(label)
      const [start, end] = [Number(row['start_sample']), Number(row['end_sample'])]
      const edits = readEdits(String(row['edits'] ?? '[]'))
      if (!edits.ok) return fail('INVALID', `The archive holds edits of a clip that are none: ${edits.error.message}`)
      if (!known || labelId === undefined || !(end <= known.frames)) return fail('INVALID', 'The archive contradicts itself: a clip names a recording, a span or a label that is not in it')
      insert('clips', row, { dataset_id: dataset.id, recording_key: known.key, label_id: labelId, sample_rate: known.sampleRate, seconds: (end - start) / known.sampleRate })
    }
    return ok(dataset)
  } catch (cause) {
    const error = toAppError(cause, 'the rows of the archive')
    // What the schema forbids is the archive's fault, not the library's.
    return error.code === 'DISK_FULL' ? err(error) : fail('INVALID', 'The archive holds rows that the catalog does not accept', { hint: error.message })
  }
}

function freeDatasetName(catalog: ReadableCatalog, wanted: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    if (!findDataset(catalog, name).ok) return name
  }
}
