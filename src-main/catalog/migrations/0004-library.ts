import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/**
 * Datasets that can go to the bin, a lock on the test set, and filters with a name.
 *
 * - The lock is enforced by triggers: whoever writes, and in whichever way, cannot change which clips are in a locked
 *   test set. Labels of its clips may be corrected.
 * - A clip that moves to another dataset has other neighbours: it has not been looked at.
 * - Three indices go. The Library view answers from memory, lists by label are in order in `clips_by_label_key`, lists by
 *   split or speaker walk `clips_in_order`; and a split of 100,000 clips writes half as much.
 */
const LOCKED = `SELECT 1 FROM datasets d WHERE d.test_locked = 1 AND d.id =`
const REFUSE = `BEGIN SELECT RAISE(ABORT, 'ESPECTRO_TEST_LOCKED'); END;`

const changes = `
  ALTER TABLE datasets ADD COLUMN binned_at TEXT;
  ALTER TABLE datasets ADD COLUMN test_locked INTEGER NOT NULL DEFAULT 0 CHECK (test_locked IN (0, 1));
  DROP TRIGGER datasets_journal_insert;
  DROP TRIGGER datasets_journal_delete;
  DROP TRIGGER datasets_journal_name;
  DROP TRIGGER datasets_journal_created_at;

  CREATE TABLE saved_filters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    name TEXT NOT NULL CHECK (name <> ''),
    filter TEXT NOT NULL CHECK (json_valid(filter)),
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, name)
  ) STRICT;

  DROP INDEX clips_by_label;
  DROP INDEX clips_by_split;
  DROP INDEX clips_by_speaker;

  CREATE TRIGGER clips_test_lock_update BEFORE UPDATE OF split, binned_at, dataset_id ON clips
  WHEN (old.split IS 'test' OR new.split IS 'test')
    AND (old.split IS NOT new.split OR old.binned_at IS NOT new.binned_at OR old.dataset_id IS NOT new.dataset_id)
    AND (old.split IS 'test' AND EXISTS (${LOCKED} old.dataset_id) OR new.split IS 'test' AND EXISTS (${LOCKED} new.dataset_id))
  ${REFUSE}
  CREATE TRIGGER clips_test_lock_insert BEFORE INSERT ON clips
  WHEN new.split IS 'test' AND new.binned_at IS NULL AND EXISTS (${LOCKED} new.dataset_id)
  ${REFUSE}
  CREATE TRIGGER clips_test_lock_delete BEFORE DELETE ON clips
  WHEN old.split IS 'test' AND old.binned_at IS NULL AND EXISTS (${LOCKED} old.dataset_id)
  ${REFUSE}
  CREATE TRIGGER clips_moved AFTER UPDATE OF dataset_id ON clips WHEN old.dataset_id IS NOT new.dataset_id
  BEGIN UPDATE clips SET quality = NULL, sound_group = NULL, near_group = NULL WHERE id = new.id; END;
`

const watched = [
  { table: 'datasets', columns: ['name', 'created_at', 'binned_at', 'test_locked'] },
  { table: 'saved_filters', columns: ['dataset_id', 'name', 'filter', 'created_at'] },
]

export const librarySchema: Migration = {
  version: 4,
  name: 'bin of datasets, lock of the test set, saved filters',
  sql: [changes, ...watched.map(journalTriggers)].join('\n'),
}
