import type { ReadableCatalog, WritableCatalog } from './database.ts'

/** One audio file, known by the SHA-256 of its bytes; never changed. */
export interface Recording {
  /** SHA-256, lower-case hexadecimal. */
  readonly id: string
  /** Of the media file, without the dot. */
  readonly extension: string
  /** Absolute path of a recording that stays where it is; `null` where the library has its own copy. */
  readonly linkedPath: string | null
  /** When the linked file was last changed, in ms, as seen at import. */
  readonly linkedModifiedMs: number | null
  readonly originalName: string
  readonly container: string
  readonly codec: string
  /** Hz */
  readonly sampleRate: number
  readonly channels: number
  /** Samples per channel. */
  readonly frames: number
  readonly bytes: number
}

export const RECORDING_COLUMNS = `r.sha256 AS id, r.extension, r.linked_path AS linkedPath, r.linked_modified_ms AS linkedModifiedMs,
  r.original_name AS originalName, r.container, r.codec, r.sample_rate AS sampleRate, r.channels, r.frames, r.bytes`

export function findRecording(catalog: ReadableCatalog, id: string): Recording | undefined {
  return catalog.get<Recording>(`SELECT ${RECORDING_COLUMNS} FROM recordings r WHERE r.sha256 = ?`, id)
}

export function listRecordings(catalog: ReadableCatalog): Recording[] {
  return catalog.all<Recording>(`SELECT ${RECORDING_COLUMNS} FROM recordings r ORDER BY r.key`)
}

/** The small number that clips refer to a recording by. */
export function recordingKey(catalog: ReadableCatalog, id: string): number | undefined {
  return catalog.get<{ key: number }>('SELECT key FROM recordings WHERE sha256 = ?', id)?.key
}

/** Adds the row; its file must be whole on the disk before. Returns its key. */
export function insertRecording(catalog: WritableCatalog, recording: Recording): number {
  return catalog.run(
    `INSERT INTO recordings (sha256, extension, linked_path, linked_modified_ms, original_name, container, codec,
       sample_rate, channels, frames, bytes, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    recording.id, recording.extension, recording.linkedPath, recording.linkedModifiedMs, recording.originalName,
    recording.container, recording.codec, recording.sampleRate, recording.channels, recording.frames, recording.bytes,
    new Date().toISOString(),
  ).id
}

/** Says where the bytes of a known recording are now: its link was mended, or it got a copy of its own. */
export function moveRecording(
  catalog: WritableCatalog,
  recording: Pick<Recording, 'id' | 'extension' | 'linkedPath' | 'linkedModifiedMs'>,
): void {
  catalog.run(
    'UPDATE recordings SET extension = ?, linked_path = ?, linked_modified_ms = ? WHERE sha256 = ?',
    recording.extension, recording.linkedPath, recording.linkedModifiedMs, recording.id,
  )
}
