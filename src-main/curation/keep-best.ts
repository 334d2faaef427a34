import { findDataset, setClipColumn, type Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { flagBits, flagsOf } from './quality-flags.ts'

/** `same`: the very same samples; `alike`: also re-encoded or shifted copies. */
export type Likeness = 'same' | 'alike'

export interface KeepBestReport {
  /** Clips moved to the bin. */
  readonly binned: number
  readonly groups: number
  /** Groups whose clips have different labels: left as they are, because one of the labels is wrong. */
  readonly disputed: number
}

interface Candidate {
  readonly id: number
  readonly grouping: number
  readonly label: number | null
  readonly review: string
  readonly quality: number
  readonly sampleRate: number
  readonly codec: string
  readonly speaker: string | null
}

const COLUMN: Readonly<Record<Likeness, string>> = { same: 'sound_group', alike: 'near_group' }

/** Of each group of duplicates the best clip stays and the others go to the bin, as one change that can be undone. */
export function keepBest(library: Library, datasetName: string, likeness: Likeness): Result<KeepBestReport> {
  return library.catalog.transact('keep best', (catalog) => {
    const dataset = findDataset(catalog, datasetName)
    if (!dataset.ok) return dataset
    const column = COLUMN[likeness]
    const clips = catalog.all<Candidate>(
      `SELECT c.id, c.${column} AS grouping, c.label_id AS label, c.review, c.quality, c.sample_rate AS sampleRate, r.codec, c.speaker
       FROM clips c JOIN recordings r ON r.key = c.recording_key
       WHERE c.dataset_id = ? AND c.${column} IS NOT NULL AND c.quality IS NOT NULL AND c.binned_at IS NULL`, dataset.value.id)
    const groups = [...Map.groupBy(clips, (c) => c.grouping).values()].filter((g) => g.length > 1)
    const agreed = groups.filter((g) => new Set(g.flatMap((c) => c.label ?? [])).size < 2)
    const losers = agreed.flatMap((g) => g.toSorted(byMerit).slice(1).map((c) => c.id))
    const binned = setClipColumn(catalog, 'binned_at', new Date().toISOString(), losers)
    return ok({ binned, groups: agreed.length, disputed: groups.length - agreed.length })
  })
}

/** Copies of each other have these in common; they do not make one worse than the other. */
const SHARED = ~flagBits(['duplicate', 'near-duplicate'])
const isLossless = (codec: string): boolean => codec.startsWith('pcm_') || codec === 'flac'

/** What a person did comes first, then the better sound, then what was there first. */
const MERITS: readonly ((clip: Candidate) => number)[] = [
  (c) => (c.review === 'accepted' ? 1 : c.review === 'rejected' ? -1 : 0),
  (c) => (c.label === null ? 0 : 1),
  (c) => -flagsOf(c.quality & SHARED).length,
  (c) => (isLossless(c.codec) ? 1 : 0),
  (c) => c.sampleRate,
  (c) => (c.speaker === null ? 0 : 1),
  (c) => -c.id,
]

function byMerit(a: Candidate, b: Candidate): number {
  for (const merit of MERITS) {
    const difference = merit(b) - merit(a)
    if (difference !== 0) return difference
  }
  return 0
}
