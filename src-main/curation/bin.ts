import { existsSync, rmSync, statSync } from 'node:fs'
import type { Library, ReadableCatalog, Recording, WritableCatalog } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'

/** What emptying the bin would take away for good. */
export interface BinSummary {
  readonly clips: number
  readonly datasets: readonly { readonly id: number; readonly name: string; readonly clips: number; readonly binnedAt: string }[]
  /** Recordings in the library's own folder that nothing else refers to. */
  readonly files: number
  /** Of these files. */
  readonly bytes: number
}

/** Clips that go: in the bin themselves, or in a dataset that is. */
const GOING = `SELECT id, recording_key AS recording FROM clips INDEXED BY clips_in_bin WHERE binned_at IS NOT NULL
  UNION SELECT id, recording_key FROM clips WHERE dataset_id IN (SELECT id FROM datasets WHERE binned_at IS NOT NULL)`

/**
 * Recordings that only such clips refer to. A clip that undo could bring back (its image is in the journal)
 * counts as a reference.
 */
const FREED = `SELECT r.key, r.sha256 AS id, r.extension, r.linked_path AS linkedPath, r.bytes FROM recordings r
  WHERE r.key IN (SELECT recording FROM (${GOING}))
    AND NOT EXISTS (SELECT 1 FROM clips c JOIN datasets d ON d.id = c.dataset_id
      WHERE c.recording_key = r.key AND c.binned_at IS NULL AND d.binned_at IS NULL)
    AND r.key NOT IN (SELECT json_extract(before, '$.recording_key') FROM history_changes
      WHERE table_name = 'clips' AND kind = 'delete' AND json_valid(before))`

interface FreedRow extends Pick<Recording, 'id' | 'extension' | 'linkedPath' | 'bytes'> {
  readonly key: number
}

export function summariseBin({ catalog }: Library): BinSummary {
  const freed = catalog.all<FreedRow>(FREED).filter((r) => r.linkedPath === null)
  return {
    clips: countGoing(catalog),
    datasets: catalog.all<BinSummary['datasets'][number]>(
      `SELECT id, name, binned_at AS binnedAt, (SELECT count(*) FROM clips c WHERE c.dataset_id = d.id AND c.binned_at IS NULL) AS clips
       FROM datasets d WHERE binned_at IS NOT NULL ORDER BY binned_at DESC`),
    files: freed.length,
    bytes: freed.reduce((sum, r) => sum + r.bytes, 0),
  }
}

const countGoing = (catalog: ReadableCatalog): number => catalog.get<{ count: number }>(`SELECT count(*) AS count FROM (${GOING})`)!.count

export interface EmptiedBin {
  readonly clips: number
  readonly files: number
  readonly bytes: number
}

/**
 * Takes the bin's clips and datasets away for good, and then the files that nothing refers to any more. First
 * the rows, in one transaction: a stop in between leaves files without rows, which the library's check finds.
 * It cannot be undone; what was undone before can no longer be redone.
 */
export function emptyBin(library: Library): Result<EmptiedBin> {
  const removed = library.catalog.transact('empty bin', (catalog) => ok(removeRows(catalog)), { undoable: false })
  if (!removed.ok) return removed
  let files = 0
  let bytes = 0
  for (const recording of removed.value.recordings) {
    const path = library.mediaPath(recording)
    if (recording.linkedPath !== null || !existsSync(path)) continue
    bytes += statSync(path).size
    rmSync(path, { force: true })
    files++
  }
  return ok({ clips: removed.value.clips, files, bytes })
}

function removeRows(catalog: WritableCatalog): { clips: number; recordings: readonly FreedRow[] } {
  // Undone inserts hold images of clips whose recordings may go.
  catalog.run('DELETE FROM history_entries WHERE undone = 1')
  const recordings = catalog.all<FreedRow>(FREED)
  const clips = countGoing(catalog)
  // A lock goes with its dataset.
  catalog.run('UPDATE datasets SET test_locked = 0 WHERE binned_at IS NOT NULL')
  catalog.run(`DELETE FROM clips WHERE id IN (SELECT id FROM (${GOING}))`)
  const keys = JSON.stringify(recordings.map((r) => r.key))
  catalog.run('DELETE FROM sounds WHERE recording_key IN (SELECT value FROM json_each(?))', keys)
  catalog.run(`DELETE FROM recordings WHERE key IN (SELECT value FROM json_each(?))`, keys)
  const gone = 'SELECT id FROM datasets WHERE binned_at IS NOT NULL'
  if (catalog.get(gone)) {
    // Older changes could move clips back into a dataset that is gone.
    catalog.run(
      `DELETE FROM history_entries WHERE id <= (SELECT max(entry_id) FROM history_changes
         WHERE table_name = 'datasets' AND row_id IN (${gone}) OR kind LIKE '%dataset_id%')`)
    for (const table of ['labels', 'saved_filters']) catalog.run(`DELETE FROM ${table} WHERE dataset_id IN (${gone})`)
    catalog.run(`UPDATE run_groups SET dataset_id = NULL WHERE dataset_id IN (${gone})`)
    catalog.run(`UPDATE runs SET dataset_id = NULL WHERE dataset_id IN (${gone})`)
    catalog.run('DELETE FROM datasets WHERE binned_at IS NOT NULL')
  }
  return { clips, recordings }
}
