import { journalTriggers } from '../journal-triggers.ts'
import type { Migration } from './index.ts'

/**
 * Recordings, datasets, labels, clips, runs, models and the undo journal.
 *
 * - `recordings.sha256` is the recording's identity; `key` is a small number that clips refer to.
 * - AUTOINCREMENT: an id is never used again, so that undoing a deletion always finds its id free.
 * - The composite foreign key of clips keeps a label inside its own dataset.
 * - `clips.sample_rate` repeats the recording's, and `seconds` follows from it and the span: recordings never change,
 *   and so statistics read one index and nothing else.
 * - Indices leave out binned clips, which nothing but the bin looks at.
 */
const tables = `
  CREATE TABLE recordings (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    extension TEXT NOT NULL CHECK (extension NOT GLOB '*[^a-z0-9]*' AND extension <> ''),
    linked_path TEXT,
    linked_modified_ms REAL,
    original_name TEXT NOT NULL,
    container TEXT NOT NULL,
    codec TEXT NOT NULL,
    sample_rate INTEGER NOT NULL CHECK (sample_rate > 0),
    channels INTEGER NOT NULL CHECK (channels > 0),
    frames INTEGER NOT NULL CHECK (frames > 0),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    added_at TEXT NOT NULL,
    CHECK ((linked_path IS NULL) = (linked_modified_ms IS NULL))
  ) STRICT;

  CREATE TABLE datasets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    name TEXT NOT NULL CHECK (name <> ''),
    position INTEGER NOT NULL,
    colour TEXT NOT NULL,
    shortcut TEXT,
    UNIQUE (dataset_id, name),
    UNIQUE (dataset_id, id)
  ) STRICT;

  CREATE TABLE clips (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    recording_key INTEGER NOT NULL REFERENCES recordings (key),
    start_sample INTEGER NOT NULL CHECK (start_sample >= 0),
    end_sample INTEGER NOT NULL,
    sample_rate INTEGER NOT NULL CHECK (sample_rate > 0),
    seconds REAL NOT NULL,
    label_id INTEGER,
    split TEXT CHECK (split IN ('train', 'validation', 'test')),
    speaker TEXT,
    session TEXT,
    take TEXT,
    review TEXT NOT NULL DEFAULT 'new' CHECK (review IN ('new', 'accepted', 'rejected', 'unsure')),
    source TEXT,
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    binned_at TEXT,
    created_at TEXT NOT NULL,
    CHECK (end_sample > start_sample),
    UNIQUE (dataset_id, recording_key, start_sample, end_sample),
    FOREIGN KEY (dataset_id, label_id) REFERENCES labels (dataset_id, id)
  ) STRICT;
  CREATE INDEX clips_by_recording ON clips (recording_key);
  CREATE INDEX clips_by_label_key ON clips (dataset_id, label_id);
  CREATE INDEX clips_in_order ON clips (dataset_id, id) WHERE binned_at IS NULL;
  CREATE INDEX clips_statistics ON clips (dataset_id, label_id, split, speaker, sample_rate, seconds) WHERE binned_at IS NULL;
  CREATE INDEX clips_by_label ON clips (dataset_id, label_id, id) WHERE binned_at IS NULL;
  CREATE INDEX clips_by_split ON clips (dataset_id, split, id) WHERE binned_at IS NULL;
  CREATE INDEX clips_by_speaker ON clips (dataset_id, speaker, id) WHERE binned_at IS NULL;
  CREATE INDEX clips_in_bin ON clips (dataset_id, binned_at) WHERE binned_at IS NOT NULL;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY CHECK (id <> '' AND id NOT GLOB '*[^a-z0-9-]*'),
    name TEXT NOT NULL,
    dataset_id INTEGER REFERENCES datasets (id),
    status TEXT NOT NULL CHECK (status IN ('created', 'running', 'finished', 'stopped', 'failed')),
    config TEXT NOT NULL CHECK (json_valid(config)),
    summary TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary)),
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX runs_by_time ON runs (created_at);

  CREATE TABLE models (
    id TEXT PRIMARY KEY CHECK (length(id) = 64),
    run_id TEXT REFERENCES runs (id),
    name TEXT NOT NULL,
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
    created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE history_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    group_id TEXT,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE history_changes (
    sequence INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES history_entries (id) ON DELETE CASCADE,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    before ANY,
    after ANY
  ) STRICT;
  CREATE INDEX history_changes_by_entry ON history_changes (entry_id, sequence);
  CREATE TABLE history_current (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entry_id INTEGER
  ) STRICT;
  INSERT INTO history_current (only, entry_id) VALUES (1, NULL);
`

const watched = [
  { table: 'datasets', columns: ['name', 'created_at'] },
  { table: 'labels', columns: ['dataset_id', 'name', 'position', 'colour', 'shortcut'] },
  {
    table: 'clips',
    columns: [
      'dataset_id', 'recording_key', 'start_sample', 'end_sample', 'sample_rate', 'seconds', 'label_id', 'split', 'speaker',
      'session', 'take', 'review', 'source', 'extra', 'binned_at', 'created_at',
    ],
  },
]

export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  sql: [tables, ...watched.map(journalTriggers)].join('\n'),
}
