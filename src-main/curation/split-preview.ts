import { findDataset, listLabelRows, SPLITS, type Dataset, type Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { createKept } from './browse/index.ts'
import { checkLeakage, type SplitWarning } from './leakage.ts'
import { countSplits, divideClips, readSplitSubjects, type SplitReport, type SplitRequest, type SplitSubject } from './split-dataset.ts'

/** How a dataset is divided now. */
export interface SplitState extends Pick<SplitReport, 'counts' | 'byLabel' | 'speakers'> {
  readonly unsplit: number
  readonly warnings: readonly SplitWarning[]
  readonly testLocked: boolean
  /** What could be the group. */
  readonly groups: { readonly speakers: number; readonly sessions: number }
}

/** Answers while a person moves the sliders: the clips are read once and kept until something changes. */
export interface SplitPreview {
  state(dataset: string): Result<SplitState>
  preview(dataset: string, request: SplitRequest): Result<SplitReport>
}

export function createSplitPreview({ catalog }: Library): SplitPreview {
  const kept = createKept<readonly SplitSubject[]>(catalog, 1)
  const subjects = (dataset: Dataset) => kept(String(dataset.id), () => readSplitSubjects(catalog, dataset))
  return {
    state(name) {
      const dataset = findDataset(catalog, name)
      if (!dataset.ok) return dataset
      const clips = subjects(dataset.value)
      const counted = countSplits(clips, listLabelRows(catalog, dataset.value.id).map((l) => l.name))
      const { counts } = counted
      const distinct = (field: 'speaker' | 'session') => new Set(clips.flatMap((c) => c[field] ?? [])).size
      const used = counts.train + counts.validation + counts.test
      return ok({
        ...counted,
        unsplit: clips.length - used,
        warnings: used === 0 ? [] : checkLeakage(clips, SPLITS.filter((s) => counts[s] > 0)),
        testLocked: dataset.value.testLocked,
        groups: { speakers: distinct('speaker'), sessions: distinct('session') },
      })
    },
    preview(name, request) {
      const dataset = findDataset(catalog, name)
      if (!dataset.ok) return dataset
      const divided = divideClips(catalog, dataset.value, subjects(dataset.value), request)
      return divided.ok ? ok(divided.value.report) : divided
    },
  }
}
