import type { Migration } from './index.ts'

/**
 * What is computed of a span's samples (`sounds`), and what follows from it for each clip.
 *
 * - `sounds` is keyed by what it is computed of, so that it outlives undo, redo and copies in other datasets.
 * - `clips.quality` is a set of bits (see curation/quality-flags.ts); NULL until the clip has been looked at. The
 *   groups are the ids of their first clips; NULL where a clip is like no other of its dataset.
 * - None of it is journalled: it is no change by a person, and follows from the samples.
 * - A clip whose span changes has not been looked at.
 */
export const sounds: Migration = {
  version: 3,
  name: 'sounds',
  sql: `
  CREATE TABLE sounds (
    id INTEGER PRIMARY KEY,
    recording_key INTEGER NOT NULL REFERENCES recordings (key),
    start_sample INTEGER NOT NULL,
    end_sample INTEGER NOT NULL,
    version INTEGER NOT NULL,
    problem TEXT,
    samples_hash TEXT,
    peak_dbfs REAL,
    rms_dbfs REAL,
    loudest_dbfs REAL,
    dc_offset REAL,
    clipped_samples INTEGER,
    noise_floor_dbfs REAL,
    snr_db REAL,
    flags INTEGER NOT NULL,
    fingerprint BLOB,
    UNIQUE (recording_key, start_sample, end_sample)
  ) STRICT;

  ALTER TABLE clips ADD COLUMN quality INTEGER;
  ALTER TABLE clips ADD COLUMN sound_group INTEGER;
  ALTER TABLE clips ADD COLUMN near_group INTEGER;
  CREATE INDEX clips_unmeasured ON clips (dataset_id, id) WHERE quality IS NULL AND binned_at IS NULL;
  CREATE INDEX clips_by_sound ON clips (dataset_id, sound_group) WHERE sound_group IS NOT NULL;
  CREATE INDEX clips_by_likeness ON clips (dataset_id, near_group) WHERE near_group IS NOT NULL;
  CREATE TRIGGER clips_span_changed AFTER UPDATE OF recording_key, start_sample, end_sample ON clips
  WHEN old.recording_key IS NOT new.recording_key OR old.start_sample IS NOT new.start_sample OR old.end_sample IS NOT new.end_sample
  BEGIN UPDATE clips SET quality = NULL, sound_group = NULL, near_group = NULL WHERE id = new.id; END;
`,
}
