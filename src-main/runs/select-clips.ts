/** The clips of a dataset that a run takes part with, as they are now. */
import { findDataset, listClipRows, listLabelRows, type Clip, type Dataset, type Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'

export interface SelectedClips {
  readonly dataset: Dataset
  /** Labelled, on a side of the split, not rejected in review. */
  readonly clips: readonly Clip[]
  /** The labels of those clips, in the label set's order: the classes. */
  readonly labels: readonly string[]
  /** Clips that stay out, and why. */
  readonly unused: { readonly unlabelled: number; readonly rejected: number; readonly unsplit: number }
}

/** The labelled clips that were not rejected, whether or not they are on a side of the split, and their labels in order. */
export function selectLabelled(library: Library, datasetName: string): Result<Pick<SelectedClips, 'clips' | 'labels'>> {
  const dataset = findDataset(library.catalog, datasetName)
  if (!dataset.ok) return dataset
  const clips = listClipRows(library.catalog, dataset.value.id).filter((c) => c.label !== null && c.review !== 'rejected')
  const present = new Set(clips.map((c) => c.label))
  return ok({ clips, labels: listLabelRows(library.catalog, dataset.value.id).map((l) => l.name).filter((l) => present.has(l)) })
}

export function selectClips(library: Library, datasetName: string): Result<SelectedClips> {
  const dataset = findDataset(library.catalog, datasetName)
  if (!dataset.ok) return dataset
  const all = listClipRows(library.catalog, dataset.value.id)
  const unlabelled = all.filter((c) => c.label === null)
  const rejected = all.filter((c) => c.label !== null && c.review === 'rejected')
  const usable = all.filter((c) => c.label !== null && c.review !== 'rejected')
  const clips = usable.filter((c) => c.split !== null)
  const present = new Set(clips.map((c) => c.label))
  const labels = listLabelRows(library.catalog, dataset.value.id).map((l) => l.name).filter((l) => present.has(l))
  return ok({ dataset: dataset.value, clips, labels, unused: { unlabelled: unlabelled.length, rejected: rejected.length, unsplit: usable.length - clips.length } })
}
