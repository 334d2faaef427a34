import type { ReadableCatalog, WritableCatalog } from './database.ts'

/** Where a clip's samples are. */
export interface SoundSpan {
  readonly recordingKey: number
  readonly startSample: number
  readonly endSample: number
}

/** What is known of a span by its samples. Where it could not be decoded only `problem` is there. */
export interface Sound {
  /** The version of the computation. */
  readonly version: number
  readonly problem: string | null
  readonly samplesHash: string | null
  readonly peakDbfs: number | null
  readonly rmsDbfs: number | null
  readonly loudestDbfs: number | null
  readonly dcOffset: number | null
  readonly clippedSamples: number | null
  readonly noiseFloorDbfs: number | null
  readonly snrDb: number | null
  /** Bits. */
  readonly flags: number
  readonly fingerprint: Uint8Array | null
}

export const NO_SOUND: Omit<Sound, 'version' | 'flags'> = {
  problem: null, samplesHash: null, peakDbfs: null, rmsDbfs: null, loudestDbfs: null, dcOffset: null, clippedSamples: null,
  noiseFloorDbfs: null, snrDb: null, fingerprint: null,
}

/** A clip that nobody has looked at; `known` are the flags of its sound, where that has been computed before. */
export interface UnmeasuredClip extends SoundSpan {
  readonly id: number
  readonly sha256: string
  readonly extension: string
  readonly linkedPath: string | null
  readonly known: number | null
}

export const listUnmeasured = (catalog: ReadableCatalog, datasetId: number, version: number, limit: number): UnmeasuredClip[] =>
  catalog.all<UnmeasuredClip>(
    `SELECT c.id, c.recording_key AS recordingKey, c.start_sample AS startSample, c.end_sample AS endSample, r.sha256,
       r.extension, r.linked_path AS linkedPath, s.flags AS known
     FROM clips c INDEXED BY clips_unmeasured JOIN recordings r ON r.key = c.recording_key
     LEFT JOIN sounds s ON s.recording_key = c.recording_key AND s.start_sample = c.start_sample AND s.end_sample = c.end_sample
       AND s.version = ? AND s.problem IS NULL
     WHERE c.dataset_id = ? AND c.quality IS NULL AND c.binned_at IS NULL ORDER BY c.id LIMIT ?`,
    version, datasetId, limit)

/** How many clips of each dataset nobody has looked at; datasets without any are left out. */
export const countUnmeasured = (catalog: ReadableCatalog): { readonly dataset: number; readonly clips: number }[] =>
  catalog.all(
    `SELECT dataset_id AS dataset, count(*) AS clips FROM clips INDEXED BY clips_unmeasured
     WHERE quality IS NULL AND binned_at IS NULL GROUP BY dataset_id`)

/** Keeps what was computed; an older computation of the same span goes. */
export function putSound(catalog: WritableCatalog, span: SoundSpan, sound: Sound): void {
  catalog.run(
    `INSERT OR REPLACE INTO sounds (recording_key, start_sample, end_sample, version, problem, samples_hash, peak_dbfs, rms_dbfs,
       loudest_dbfs, dc_offset, clipped_samples, noise_floor_dbfs, snr_db, flags, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    span.recordingKey, span.startSample, span.endSample, sound.version, sound.problem, sound.samplesHash, sound.peakDbfs,
    sound.rmsDbfs, sound.loudestDbfs, sound.dcOffset, sound.clippedSamples, sound.noiseFloorDbfs, sound.snrDb, sound.flags,
    sound.fingerprint)
}

/** Clips whose sound was computed by an older version are to be looked at again. */
export function forgetOldSounds(catalog: WritableCatalog, version: number): number {
  return catalog.run(
    `UPDATE clips SET quality = NULL WHERE quality IS NOT NULL AND EXISTS (SELECT 1 FROM sounds s WHERE s.recording_key = clips.recording_key
       AND s.start_sample = clips.start_sample AND s.end_sample = clips.end_sample AND s.version <> ?)`, version).changes
}

export const findSound = (catalog: ReadableCatalog, clip: number): Sound | undefined =>
  catalog.get<Sound>(
    `SELECT s.version, s.problem, s.samples_hash AS samplesHash, s.peak_dbfs AS peakDbfs, s.rms_dbfs AS rmsDbfs,
       s.loudest_dbfs AS loudestDbfs, s.dc_offset AS dcOffset, s.clipped_samples AS clippedSamples,
       s.noise_floor_dbfs AS noiseFloorDbfs, s.snr_db AS snrDb, s.flags, s.fingerprint
     FROM clips c JOIN sounds s ON s.recording_key = c.recording_key AND s.start_sample = c.start_sample AND s.end_sample = c.end_sample
     WHERE c.id = ?`, clip)
