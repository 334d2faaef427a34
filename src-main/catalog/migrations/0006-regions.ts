import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/**
 * A clip may have a frequency box (Hz) and a list of edits of its sound (JSON, see the audio room). The two edges of a
 * box come and go together; that is held by the program and not by a CHECK over both. What a locked test set is heard
 * of does not change: neither the spans nor the edits of its clips.
 */
const columns = `
  ALTER TABLE clips ADD COLUMN low_hz REAL CHECK (low_hz >= 0);
  ALTER TABLE clips ADD COLUMN high_hz REAL CHECK (high_hz > 0);
  ALTER TABLE clips ADD COLUMN edits TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edits));
  CREATE TRIGGER clips_test_lock_sound BEFORE UPDATE OF start_sample, end_sample, edits ON clips
  WHEN old.split IS 'test' AND (old.start_sample IS NOT new.start_sample OR old.end_sample IS NOT new.end_sample OR old.edits IS NOT new.edits)
    AND EXISTS (SELECT 1 FROM datasets d WHERE d.test_locked = 1 AND d.id = old.dataset_id)
  BEGIN SELECT RAISE(ABORT, 'ESPECTRO_TEST_LOCKED'); END;
`

const before = [
  'dataset_id', 'recording_key', 'start_sample', 'end_sample', 'sample_rate', 'seconds', 'label_id', 'split', 'speaker',
  'session', 'take', 'review', 'source', 'extra', 'binned_at', 'created_at',
]

export const regions: Migration = {
  version: 6,
  name: 'regions',
  sql: [
    columns,
    ...['insert', 'delete', ...before].map((name) => `DROP TRIGGER clips_journal_${name};`),
    journalTriggers({ table: 'clips', columns: [...before, 'low_hz', 'high_hz', 'edits'] }),
  ].join('\n'),
}
