/** What is known of the clips of a run beside its scores: who speaks, how long, how noisy. As the library has it now. */
import type { Library } from '../catalog/index.ts'

export interface ClipFacts {
  /** Still in a dataset, outside the bin. */
  readonly present: boolean
  readonly speaker: string | null
  readonly seconds: number | null
  /** Signal to noise ratio, dB; null where it was not or could not be measured. */
  readonly snr: number | null
}

const UNKNOWN: ClipFacts = { present: false, speaker: null, seconds: null, snr: null }

/** In the order of the ids. */
export function clipFacts({ catalog }: Library, ids: readonly number[]): ClipFacts[] {
  const rows = catalog.all<{ id: number; binned: 0 | 1; speaker: string | null; seconds: number; snr: number | null }>(
    `SELECT c.id, c.binned_at IS NOT NULL AS binned, c.speaker, c.seconds, s.snr_db AS snr
     FROM clips c LEFT JOIN sounds s ON s.recording_key = c.recording_key AND s.start_sample = c.start_sample AND s.end_sample = c.end_sample
     WHERE c.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids))
  const known = new Map(rows.map(({ id, binned, ...rest }) => [id, { present: binned === 0, ...rest }]))
  return ids.map((id) => known.get(id) ?? UNKNOWN)
}
