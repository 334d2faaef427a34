import { HIGHEST_EDGE, type Edit } from '../audio/index.ts'
import { listClipRows, type Library } from '../catalog/index.ts'
import { err, fail, ok, type Result } from '../kit/index.ts'
import { edit, setOnClips } from './edits.ts'

/** Gives clips these edits of their sound in the place of what they had; an empty list takes them away. Returns how many changed. */
export function setSoundEdits(library: Library, dataset: string, clips: readonly number[], edits: readonly Edit[], gesture: string | null = null): Result<number> {
  return edit(library, dataset, 'edit sound', (catalog, d) => {
    const edge = lowestEdge(edits)
    if (edge !== null) {
      const rates = listClipRows(catalog, d.id, { ids: clips }).map((c) => c.sampleRate)
      const tooLow = rates.find((rate) => edge >= HIGHEST_EDGE * rate)
      if (tooLow !== undefined)
        return fail('INVALID', `Above ${edge} Hz there is nothing left of a recording at ${tooLow} Hz`, { hint: 'Choose a lower edge for the filter.' })
    }
    const changed = setOnClips(catalog, d, 'edits', JSON.stringify(edits), clips)
    return changed.ok ? ok(changed.value) : err(changed.error)
  }, gesture)
}

/** Hz below which a filter takes everything away; `null` where none does. */
function lowestEdge(edits: readonly Edit[]): number | null {
  const edges = edits.flatMap((e) => (e.kind === 'high-pass' ? [e.hz] : e.kind === 'band-pass' ? [e.low] : []))
  return edges.length === 0 ? null : Math.max(...edges)
}
