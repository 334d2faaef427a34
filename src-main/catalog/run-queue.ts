import { ok, type Result } from '../kit/index.ts'
import type { Library } from './library.ts'

/** A run that waits to be trained. */
export interface QueuedRun {
  readonly run: string
  /** Go on from its newest checkpoint rather than start anew. */
  readonly resume: boolean
}

const unjournalled = { undoable: false } as const

export const listQueue = (library: Library): QueuedRun[] =>
  library.catalog
    .all<{ run: string; resume: number }>('SELECT run_id AS run, resume FROM run_queue ORDER BY position')
    .map(({ run, resume }) => ({ run, resume: resume === 1 }))

/** At the end of the queue, or before another that waits; one that waits already takes its new place. */
export function putInQueue(library: Library, runs: readonly QueuedRun[], before: string | null = null): Result<void> {
  return library.catalog.transact<void>('queue runs', (catalog) => {
    const moved = new Set(runs.map((r) => r.run))
    const staying = listQueue(library).filter((w) => !moved.has(w.run))
    const found = staying.findIndex((w) => w.run === before)
    const at = found < 0 ? staying.length : found
    catalog.run('DELETE FROM run_queue')
    staying.toSpliced(at, 0, ...runs).forEach(({ run, resume }, position) =>
      catalog.run('INSERT INTO run_queue (run_id, position, resume) VALUES (?, ?, ?)', run, position, resume ? 1 : 0),
    )
    return ok(undefined)
  }, unjournalled)
}

/** False where it did not wait: another process may have taken it. */
export function takeFromQueue(library: Library, run: string): Result<boolean> {
  return library.catalog.transact('take a run from the queue', (catalog) => ok(catalog.run('DELETE FROM run_queue WHERE run_id = ?', run).changes > 0), unjournalled)
}
