import { readEdits, type Edit } from '../audio/index.ts'
import { unwrap } from '../kit/index.ts'
import type { ReadableCatalog, SqlValue, WritableCatalog } from './database.ts'
import { setCells } from './cells.ts'

export const SPLITS = ['train', 'validation', 'test'] as const
export type Split = (typeof SPLITS)[number]
export const REVIEWS = ['new', 'accepted', 'rejected', 'unsure'] as const
export type Review = (typeof REVIEWS)[number]

/** The frequencies of a clip that its sound of interest lies in, Hz. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** A span of a recording, with what a person says about it. */
export interface Clip {
  readonly id: number
  readonly datasetId: number
  /** SHA-256 of the recording. */
  readonly recordingId: string
  /** [start, end) in samples at the recording's own rate. */
  readonly startSample: number
  readonly endSample: number
  /** Hz, the recording's own. */
  readonly sampleRate: number
  /** Samples in the whole recording. */
  readonly recordingFrames: number
  readonly seconds: number
  readonly label: string | null
  readonly split: Split | null
  /** The group that must not be on two sides of a split. */
  readonly speaker: string | null
  readonly session: string | null
  readonly take: string | null
  readonly review: Review
  /** 1 where a person marked it as hard. */
  readonly hard: 0 | 1
  /** `null`: all frequencies. */
  readonly band: Band | null
  /** What its sound goes through wherever it is used. */
  readonly edits: readonly Edit[]
  /** Path below the imported folder, with forward slashes: where the clip came from. */
  readonly source: string | null
  /** Further fields of its import, as JSON. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly binnedAt: string | null
  /** The same in all clips of the dataset that sound alike; null where there are none. */
  readonly nearGroup: number | null
  /** For `Library.mediaPath`. */
  readonly extension: string
  readonly linkedPath: string | null
}

export interface ClipFilter {
  /** One label's clips; `null`: those without a label. */
  readonly label?: string | null
  readonly split?: Split | null
  readonly speaker?: string | null
  readonly review?: Review
  /** Clips of this recording (SHA-256). */
  readonly recordingId?: string
  /** Text that occurs in the source path, in any case. */
  readonly search?: string
  readonly ids?: readonly number[]
  /** Default 'no'. */
  readonly binned?: 'no' | 'only'
  /** For pages: clips with a greater id than this. */
  readonly afterId?: number
  readonly limit?: number
}

const SELECT = `SELECT c.id, c.dataset_id AS datasetId, r.sha256 AS recordingId, c.start_sample AS startSample,
  c.end_sample AS endSample, r.sample_rate AS sampleRate, r.frames AS recordingFrames, c.seconds, l.name AS label, c.split,
  c.speaker, c.session, c.take, c.review, c.hard, c.low_hz AS lowHz, c.high_hz AS highHz, c.edits, c.source, c.extra,
  c.binned_at AS binnedAt, c.near_group AS nearGroup, r.extension, r.linked_path AS linkedPath
  FROM clips c CROSS JOIN recordings r ON r.key = c.recording_key LEFT JOIN labels l ON l.id = c.label_id`

interface Query {
  readonly sql: string
  readonly values: SqlValue[]
}

/** The query as text, for `EXPLAIN QUERY PLAN` in tests. `null` where the filter names a label that does not exist. */
export function clipQuery(catalog: ReadableCatalog, datasetId: number, filter: ClipFilter = {}): Query | null {
  const conditions = ['c.dataset_id = ?', `c.binned_at IS ${filter.binned === 'only' ? 'NOT NULL' : 'NULL'}`]
  const values: SqlValue[] = [datasetId]
  const add = (condition: string, ...more: SqlValue[]) => {
    conditions.push(condition)
    values.push(...more)
  }
  if (filter.label === null) add('c.label_id IS NULL')
  else if (filter.label !== undefined) {
    const label = catalog.get<{ id: number }>('SELECT id FROM labels WHERE dataset_id = ? AND name = ?', datasetId, filter.label)
    if (!label) return null
    add('c.label_id = ?', label.id)
  }
  for (const column of ['split', 'speaker'] as const) {
    const wanted = filter[column]
    if (wanted === null) add(`c.${column} IS NULL`)
    else if (wanted !== undefined) add(`c.${column} = ?`, wanted)
  }
  if (filter.review !== undefined) add('c.review = ?', filter.review)
  if (filter.recordingId !== undefined)
    add('c.recording_key = (SELECT key FROM recordings WHERE sha256 = ?)', filter.recordingId)
  if (filter.search !== undefined) add(`c.source LIKE ? ESCAPE '\\'`, `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)
  if (filter.ids !== undefined) add('c.id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.ids))
  if (filter.afterId !== undefined) add('c.id > ?', filter.afterId)
  const limit = filter.limit === undefined ? '' : ' LIMIT ?'
  if (filter.limit !== undefined) values.push(filter.limit)
  return { sql: `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY c.id${limit}`, values }
}

type ClipRow = Omit<Clip, 'extra' | 'band' | 'edits'> & SoundCells & { readonly extra: string }

interface SoundCells {
  readonly lowHz: number | null
  readonly highHz: number | null
  readonly edits: string
}

/** The frequency box and the edits of a row, whose cells are left out of what comes back. */
export function readSound<Row extends SoundCells>(row: Row): Omit<Row, keyof SoundCells> & Pick<Clip, 'band' | 'edits'> {
  const { lowHz, highHz, edits, ...rest } = row
  return {
    ...rest,
    band: lowHz === null || highHz === null ? null : { low: lowHz, high: highHz },
    edits: edits === '[]' ? [] : unwrap(readEdits(edits)),
  }
}

/** In the order in which they were added. */
export function listClipRows(catalog: ReadableCatalog, datasetId: number, filter: ClipFilter = {}): Clip[] {
  const query = clipQuery(catalog, datasetId, filter)
  if (!query) return []
  return catalog
    .all<ClipRow>(query.sql, ...query.values)
    .map((row) => ({ ...readSound(row), extra: row.extra === '{}' ? {} : (JSON.parse(row.extra) as Record<string, unknown>) }))
}

export interface NewClip {
  readonly datasetId: number
  readonly recordingKey: number
  readonly startSample: number
  readonly endSample: number
  readonly sampleRate: number
  readonly labelId: number | null
  readonly split?: Split | null
  readonly speaker?: string | null
  readonly session?: string | null
  readonly take?: string | null
  readonly source?: string | null
  readonly extra?: Readonly<Record<string, unknown>>
  readonly review?: Review
  readonly band?: Band | null
  readonly edits?: readonly Edit[]
}

/** Adds a clip and returns its id; `null` where the dataset has a clip of exactly this span already, the bin included. */
export function insertClip(catalog: WritableCatalog, clip: NewClip): number | null {
  const { changes, id } = catalog.run(
    `INSERT INTO clips (dataset_id, recording_key, start_sample, end_sample, sample_rate, seconds, label_id, split,
       speaker, session, take, source, extra, review, low_hz, high_hz, edits, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (dataset_id, recording_key, start_sample, end_sample) DO NOTHING`,
    clip.datasetId, clip.recordingKey, clip.startSample, clip.endSample, clip.sampleRate,
    (clip.endSample - clip.startSample) / clip.sampleRate,
    clip.labelId, clip.split ?? null, clip.speaker ?? null, clip.session ?? null, clip.take ?? null, clip.source ?? null,
    JSON.stringify(clip.extra ?? {}), clip.review ?? 'new', clip.band?.low ?? null, clip.band?.high ?? null,
    JSON.stringify(clip.edits ?? []), new Date().toISOString(),
  )
  return changes === 0 ? null : id
}

/** The columns that a person changes on clips that exist. */
export type ClipColumn = 'dataset_id' | 'label_id' | 'split' | 'speaker' | 'review' | 'hard' | 'edits' | 'binned_at'

/** Gives all of them one value, however many they are, and returns how many had another. */
export function setClipColumn(catalog: WritableCatalog, column: ClipColumn, value: SqlValue, ids: readonly number[]): number {
  return setCells(catalog, 'clips', { [column]: value }, ids)
}

/** What a model would call a clip. Not a label: it waits for a person. */
export interface Suggestion {
  readonly clip: number
  readonly labelId: number
  /** 0 to 1 */
  readonly probability: number
}

export function setSuggestion(catalog: WritableCatalog, { clip, labelId, probability }: Suggestion): void {
  catalog.run('UPDATE clips SET suggested_label_id = ?, suggestion_probability = ? WHERE id = ?', labelId, probability, clip)
}

/** Of the clips that have one, and returns how many had. */
export const clearSuggestions = (catalog: WritableCatalog, ids: readonly number[]): number =>
  setCells(catalog, 'clips', { suggested_label_id: null, suggestion_probability: null }, ids)

/** Moves a clip to another span of its recording, and changes its frequency box; no other clip may have that span. */
export function placeClip(catalog: WritableCatalog, clip: Pick<Clip, 'id' | 'startSample' | 'endSample' | 'sampleRate' | 'band'>): number {
  return catalog.run(
    'UPDATE clips SET start_sample = ?, end_sample = ?, seconds = ?, low_hz = ?, high_hz = ? WHERE id = ?',
    clip.startSample, clip.endSample, (clip.endSample - clip.startSample) / clip.sampleRate,
    clip.band?.low ?? null, clip.band?.high ?? null, clip.id,
  ).changes
}
