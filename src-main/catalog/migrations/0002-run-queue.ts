import type { Migration } from './index.ts'

/**
 * What a person says about runs (tags, note, favourite), the bin of runs, groups of runs (experiments, searches),
 * and the queue of runs that wait to be trained. A run leaves the queue when its training begins: what a crash
 * interrupts is a run whose status is `running` and that no living process trains.
 */
export const runQueue: Migration = {
  version: 2,
  name: 'run queue',
  sql: `
    CREATE TABLE run_groups (
      id TEXT PRIMARY KEY CHECK (id <> '' AND id NOT GLOB '*[^a-z0-9-]*'),
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('experiment', 'search')),
      dataset_id INTEGER REFERENCES datasets (id),
      config TEXT NOT NULL CHECK (json_valid(config)),
      summary TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary)),
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
    ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1));
    ALTER TABLE runs ADD COLUMN binned_at TEXT;
    ALTER TABLE runs ADD COLUMN group_id TEXT REFERENCES run_groups (id);
    CREATE INDEX runs_by_group ON runs (group_id) WHERE group_id IS NOT NULL;
    CREATE TABLE run_queue (
      run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL UNIQUE,
      resume INTEGER NOT NULL CHECK (resume IN (0, 1))
    ) STRICT, WITHOUT ROWID;
  `,
}
