import type { Band, Clip, Dataset, Recording, WritableCatalog } from '../catalog/index.ts'
import { AppError } from '../kit/index.ts'

/** [start, end) in samples of the recording, and the frequencies that it is about. */
export interface RegionSpan {
  readonly start: number
  readonly end: number
  readonly band?: Band | null
}

type Limits = Pick<Recording, 'sampleRate' | 'frames'>

/** What is wrong with a span of a recording; `null` where nothing is. */
export function spanProblem({ start, end, band }: RegionSpan, { sampleRate, frames }: Limits): AppError | null {
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= frames)) {
    const [from, to, length] = [start, end, frames].map((n) => (n / sampleRate).toFixed(3))
    return new AppError('INVALID', `The region from ${from} to ${to} s is not inside the recording, which lasts ${length} s`)
  }
  if (band && !(band.low >= 0 && band.high > band.low && band.high <= sampleRate / 2))
    return new AppError('INVALID', `The frequencies ${band.low} to ${band.high} Hz are not inside the recording, which has 0 to ${sampleRate / 2} Hz`)
  return null
}

/**
 * Regions may overlap as they like, but a dataset has one clip at exactly one span: two would be one sound with two
 * labels in training. A clip in the bin gives way: it goes for good (undoing brings it back).
 */
export function makeRoom(catalog: WritableCatalog, dataset: Dataset, recordingKey: number, { start, end }: RegionSpan, except: number | null): AppError | null {
  const other = catalog.get<{ id: number; label: string | null; binned: number }>(
    `SELECT c.id, l.name AS label, c.binned_at IS NOT NULL AS binned FROM clips c LEFT JOIN labels l ON l.id = c.label_id
     WHERE c.dataset_id = ? AND c.recording_key = ? AND c.start_sample = ? AND c.end_sample = ? AND c.id IS NOT ?`,
    dataset.id, recordingKey, start, end, except,
  )
  if (!other) return null
  if (other.binned === 1) {
    catalog.run('DELETE FROM clips WHERE id = ?', other.id)
    return null
  }
  return new AppError('ALREADY_EXISTS', `There is already a region at exactly this place${other.label === null ? '' : `, labelled "${other.label}"`}`, {
    hint: 'Change its label, or draw the new region a little shorter or longer.',
  })
}

/** What new regions of a recording take over from the clips that the dataset has of it, where those agree. */
export type Inherited = Pick<Clip, 'speaker' | 'session' | 'take' | 'source' | 'split'>

export function inheritedFrom(clips: readonly Inherited[]): Inherited {
  const common = <K extends keyof Inherited>(key: K): Inherited[K] | null => {
    const first = clips[0]?.[key] ?? null
    return clips.every((clip) => clip[key] === first) ? first : null
  }
  return { speaker: common('speaker'), session: common('session'), take: common('take'), source: common('source'), split: common('split') }
}
