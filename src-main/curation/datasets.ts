import {
  findDataset, listClipRows, listDatasets as listRows, listLabelRows,
  type Clip, type ClipFilter, type Dataset, type Label, type Library, type Split,
} from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'

export interface DatasetSummary extends Dataset {
  readonly clips: number
  readonly seconds: number
  readonly labels: number
}

/** A clip with the absolute path of its recording's file. */
export interface ListedClip extends Clip {
  readonly path: string
}

export function listDatasets(library: Library): DatasetSummary[] {
  return listRows(library.catalog).map((dataset) => {
    const row = library.catalog.get<{ clips: number; seconds: number }>(
      `SELECT count(*) AS clips, total(seconds) AS seconds FROM clips INDEXED BY clips_statistics
       WHERE dataset_id = ? AND binned_at IS NULL`,
      dataset.id,
    )!
    return { ...dataset, ...row, labels: listLabelRows(library.catalog, dataset.id).length }
  })
}

export function listLabels(library: Library, dataset: string): Result<(Label & { readonly clips: number })[]> {
  const found = findDataset(library.catalog, dataset)
  if (!found.ok) return found
  const counts = new Map(
    library.catalog
      .all<{ id: number; clips: number }>(
        `SELECT label_id AS id, count(*) AS clips FROM clips INDEXED BY clips_statistics
         WHERE dataset_id = ? AND binned_at IS NULL GROUP BY label_id`,
        found.value.id,
      )
      .map((row) => [row.id, row.clips]),
  )
  return ok(listLabelRows(library.catalog, found.value.id).map((label) => ({ ...label, clips: counts.get(label.id) ?? 0 })))
}

/** In the order of import. */
export function listClips(library: Library, dataset: string, filter: ClipFilter = {}): Result<ListedClip[]> {
  const found = findDataset(library.catalog, dataset)
  if (!found.ok) return found
  return ok(listClipRows(library.catalog, found.value.id, filter).map((clip) => ({
    ...clip,
    path: library.mediaPath({ id: clip.recordingId, extension: clip.extension, linkedPath: clip.linkedPath }),
  })))
}

export interface Count {
  readonly clips: number
  readonly seconds: number
}

export interface DatasetStats extends Count {
  readonly datasetId: number
  readonly dataset: string
  readonly unlabelled: number
  readonly unsplit: number
  readonly binned: number
  /** With a clip in the dataset, the bin included. */
  readonly recordings: number
  readonly shortestSeconds: number | null
  readonly longestSeconds: number | null
  /** In label order; also labels without a clip. */
  readonly perLabel: readonly ({ readonly label: string } & Count)[]
  readonly perSplit: readonly ({ readonly split: Split | null } & Count)[]
  readonly perSpeaker: readonly ({ readonly speaker: string | null } & Count)[]
  /** Clips at each sample rate (Hz). */
  readonly perSampleRate: readonly { readonly sampleRate: number; readonly clips: number }[]
  /** Clips of the smallest label over clips of the largest: 1 is balanced, 0 has an empty label. */
  readonly balance: number | null
}

interface Cell extends Count {
  readonly label: number | null
  readonly split: Split | null
  readonly speaker: string | null
  readonly sampleRate: number
  readonly shortest: number
  readonly longest: number
}

export function datasetStats(library: Library, dataset: string): Result<DatasetStats> {
  const found = findDataset(library.catalog, dataset)
  if (!found.ok) return found
  const { id, name } = found.value
  // One pass over one index gives every table below.
  const cells = library.catalog.all<Cell>(STATISTICS, id)
  const { recordings } = library.catalog.get<{ recordings: number }>(RECORDINGS, id)!
  const { binned } = library.catalog.get<{ binned: number }>(
    'SELECT count(*) AS binned FROM clips WHERE dataset_id = ? AND binned_at IS NOT NULL', id,
  )!
  const byLabel = sumBy(cells, (c) => c.label)
  const perLabel = listLabelRows(library.catalog, id).map((label) => ({ label: label.name, ...(byLabel.get(label.id) ?? NOTHING) }))
  const sizes = perLabel.map((l) => l.clips)
  const largest = Math.max(0, ...sizes)
  const bySplit = sumBy(cells, (c) => c.split)
  return ok({
    datasetId: id,
    dataset: name,
    ...(sumBy(cells, () => 0).get(0) ?? NOTHING),
    unlabelled: byLabel.get(null)?.clips ?? 0,
    unsplit: bySplit.get(null)?.clips ?? 0,
    binned,
    recordings,
    shortestSeconds: cells.length > 0 ? Math.min(...cells.map((c) => c.shortest)) : null,
    longestSeconds: cells.length > 0 ? Math.max(...cells.map((c) => c.longest)) : null,
    perLabel,
    perSplit: [...bySplit].map(([split, count]) => ({ split, ...count })),
    perSpeaker: [...sumBy(cells, (c) => c.speaker)]
      .map(([speaker, count]) => ({ speaker, ...count }))
      .sort((a, b) => ((a.speaker ?? '') < (b.speaker ?? '') ? -1 : 1)),
    perSampleRate: [...sumBy(cells, (c) => c.sampleRate)]
      .map(([sampleRate, { clips }]) => ({ sampleRate, clips }))
      .sort((a, b) => a.sampleRate - b.sampleRate),
    balance: largest > 0 ? Math.min(...sizes) / largest : null,
  })
}

/** Exported for the test of its query plan. */
export const STATISTICS = `SELECT label_id AS label, split, speaker, sample_rate AS sampleRate, count(*) AS clips, total(seconds) AS seconds,
  min(seconds) AS shortest, max(seconds) AS longest FROM clips INDEXED BY clips_statistics
  WHERE dataset_id = ? AND binned_at IS NULL GROUP BY label_id, split, speaker, sample_rate`

export const RECORDINGS = 'SELECT count(DISTINCT recording_key) AS recordings FROM clips WHERE dataset_id = ?'

const NOTHING: Count = { clips: 0, seconds: 0 }

function sumBy<K>(cells: readonly Cell[], keyOf: (cell: Cell) => K): Map<K, Count> {
  const sums = new Map<K, Count>()
  for (const cell of cells) {
    const before = sums.get(keyOf(cell)) ?? NOTHING
    sums.set(keyOf(cell), { clips: before.clips + cell.clips, seconds: before.seconds + cell.seconds })
  }
  return sums
}
