import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/**
 * A clip may be marked as hard (heard, its label is right, and yet a network errs), and may have a suggestion: the label
 * that a model would give it, and how sure it is. A suggestion is no label: training, export and counts do not see it,
 * and it goes when a person says what the clip is.
 */
const columns = `
  ALTER TABLE clips ADD COLUMN hard INTEGER NOT NULL DEFAULT 0 CHECK (hard IN (0, 1));
  ALTER TABLE clips ADD COLUMN suggested_label_id INTEGER REFERENCES labels (id);
  ALTER TABLE clips ADD COLUMN suggestion_probability REAL CHECK (suggestion_probability BETWEEN 0 AND 1);
  CREATE INDEX clips_by_suggestion ON clips (suggested_label_id) WHERE suggested_label_id IS NOT NULL;
`

const before = [
  'dataset_id', 'recording_key', 'start_sample', 'end_sample', 'sample_rate', 'seconds', 'label_id', 'split', 'speaker',
  'session', 'take', 'review', 'source', 'extra', 'binned_at', 'created_at', 'low_hz', 'high_hz', 'edits',
]

export const hardAndSuggested: Migration = {
  version: 7,
  name: 'hard clips and suggested labels',
  sql: [
    columns,
    ...['insert', 'delete', ...before].map((name) => `DROP TRIGGER clips_journal_${name};`),
    journalTriggers({ table: 'clips', columns: [...before, 'hard', 'suggested_label_id', 'suggestion_probability'] }),
  ].join('\n'),
}
