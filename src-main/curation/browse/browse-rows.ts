import { readSound, type Clip, type ReadableCatalog, type Review, type Split } from '../../catalog/index.ts'
import { flagsOf, type QualityFlag } from '../quality-flags.ts'

/** One clip as lists show it. */
export interface BrowseRow {
  readonly id: number
  /** Path below the imported folder, or the recording's own name. */
  readonly name: string
  readonly recording: string
  readonly start: number
  readonly end: number
  readonly sampleRate: number
  readonly seconds: number
  readonly label: number | null
  readonly split: Split | null
  readonly speaker: string | null
  readonly session: string | null
  readonly take: string | null
  readonly review: Review
  readonly flags: QualityFlag[]
  readonly band: Clip['band']
  readonly edits: Clip['edits']
  readonly hard: boolean
  /** What a model would call it, until a person says what it is. */
  readonly suggestion: { readonly label: number; readonly probability: number } | null
}

interface OwnCells {
  readonly quality: number | null
  readonly hard: 0 | 1
  readonly suggested: number | null
  readonly probability: number | null
}

/** The clips of these ids that are there, in this order. */
export function readRows(catalog: ReadableCatalog, ids: readonly number[]): BrowseRow[] {
  const rows = catalog.all<Parameters<typeof readSound>[0] & Omit<BrowseRow, 'flags' | 'band' | 'edits' | 'hard' | 'suggestion'> & OwnCells>(
    `SELECT c.id, coalesce(c.source, r.original_name) AS name, r.sha256 AS recording, c.start_sample AS start,
       c.end_sample AS "end", r.sample_rate AS sampleRate, c.seconds, c.label_id AS label, c.split, c.speaker, c.session, c.take, c.review, c.quality,
       c.low_hz AS lowHz, c.high_hz AS highHz, c.edits,
       c.hard, c.suggested_label_id AS suggested, c.suggestion_probability AS probability
     FROM json_each(?) j CROSS JOIN clips c ON c.id = j.value JOIN recordings r ON r.key = c.recording_key
     ORDER BY j.key`,
    JSON.stringify(ids))
  return rows.map(({ quality, hard, suggested, probability, ...row }) => ({
    ...readSound(row), flags: flagsOf(quality), hard: hard === 1, suggestion: suggested === null ? null : { label: suggested, probability: probability ?? 0 },
  }))
}
