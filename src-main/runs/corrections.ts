import type { Library } from '../catalog/index.ts'
import { ok, type Result } from '../kit/index.ts'
import { readRun, readSnapshot } from './record.ts'
import { selectClips } from './select-clips.ts'

/** How a run's dataset differs now from what the run was trained with, in clips. */
export interface Corrections {
  readonly relabelled: number
  /** In the bin, rejected, without a label or a side. */
  readonly removed: number
  readonly added: number
  /** On another side of the split, or with another span or other edits. */
  readonly changed: number
}

export async function corrections(library: Library, id: string): Promise<Result<Corrections>> {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config } = details.value
  const before = await readSnapshot(library, record)
  if (!before.ok) return before
  const now = selectClips(library, datasetNameOf(library, config.dataset))
  if (!now.ok) return now
  const current = new Map(now.value.clips.map((c) => [c.id, c]))
  const counts = { relabelled: 0, removed: 0, changed: 0 }
  for (const clip of before.value) {
    const other = current.get(clip.id)
    if (!other) counts.removed++
    else if (other.label !== config.labels[clip.label]) counts.relabelled++
    else if (
      other.split !== clip.split || other.startSample !== clip.startSample || other.endSample !== clip.endSample ||
      JSON.stringify(other.edits) !== JSON.stringify(clip.edits ?? [])
    ) counts.changed++
  }
  const trained = new Set(before.value.map((c) => c.id))
  return ok({ ...counts, added: now.value.clips.filter((c) => !trained.has(c.id)).length })
}

/** A dataset may have another name since. */
function datasetNameOf({ catalog }: Library, dataset: { readonly id: number; readonly name: string }): string {
  return catalog.get<{ name: string }>('SELECT name FROM datasets WHERE id = ?', dataset.id)?.name ?? dataset.name
}
