import type { ClipSelection } from '../../../src-contract/index.ts'
import { acceptSuggestions, binClips, dropSuggestions, moveToDataset, restoreClips, setHard, setLabel, setReview, setSpeaker, setSplit, suggestLabels } from '../../curation/index.ts'
import { listLabelRows } from '../../catalog/index.ts'
import type { Result } from '../../kit/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { datasetName, labelName } from './names.ts'

export const clips = {
  page: calls.clips.page.handler(({ input: { filter, sort, offset, limit }, context: { services } }) => {
    const { total, rows } = services.browser.page(filter, sort, offset, limit)
    return { total, clips: rows }
  }),
  facets: calls.clips.facets.handler(({ input, context: { services } }) => {
    const { labels, splits, speakers, sessions, folders, reviews, quality, marks, durations, seconds } = services.browser.facets(input.filter)
    return {
      labels: [...labels], splits: [...splits], speakers: [...speakers], sessions: [...sessions], folders: [...folders], reviews: [...reviews],
      quality: [...quality], marks: [...marks],
      durations: { edges: [...durations.edges], counts: [...durations.counts] }, seconds,
    }
  }),
  ids: calls.clips.ids.handler(({ input: { filter, sort, offset, limit }, context: { services } }) => [
    ...services.browser.ids(filter, sort, offset, offset + limit),
  ]),
  setLabel: calls.clips.setLabel.handler(({ input: { clips: selection, label }, context: { services } }) =>
    editClips(services, selection, (dataset, ids) =>
      setLabel(services.library, dataset, ids, label === null ? null : labelName(services.library, datasetOf(selection), label)),
    ),
  ),
  setSplit: calls.clips.setSplit.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => setSplit(services.library, dataset, ids, input.split)),
  ),
  setReview: calls.clips.setReview.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => setReview(services.library, dataset, ids, input.review)),
  ),
  setHard: calls.clips.setHard.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => setHard(services.library, dataset, ids, input.hard)),
  ),
  suggest: calls.clips.suggest.handler(({ input: { dataset, suggestions }, context: { services } }) => {
    const { library, changes } = services
    const names = new Map(listLabelRows(library.catalog, dataset).map((l) => [l.id, l.name]))
    const known = suggestions.flatMap(({ clip, label, probability }) => {
      const name = names.get(label)
      return name === undefined ? [] : [{ clip, label: name, probability }]
    })
    const changed = answer(suggestLabels(library, datasetName(library, dataset), known))
    changes.announce()
    return { changed }
  }),
  acceptSuggestions: calls.clips.acceptSuggestions.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => acceptSuggestions(services.library, dataset, ids)),
  ),
  dropSuggestions: calls.clips.dropSuggestions.handler(({ input, context: { services } }) => {
    const changed = answer(dropSuggestions(services.library, datasetName(services.library, input.dataset)))
    if (changed > 0) services.changes.announce()
    return { changed }
  }),
  setSpeaker: calls.clips.setSpeaker.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => setSpeaker(services.library, dataset, ids, input.speaker)),
  ),
  move: calls.clips.move.handler(({ input: { clips: selection, to }, context: { services } }) => {
    const { library, changes } = services
    const moved = answer(moveToDataset(library, datasetName(library, datasetOf(selection)), selectedIds(services, selection), datasetName(library, to)))
    if (moved.changed > 0) changes.announce()
    return { ...moved }
  }),
  restore: calls.clips.restore.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => restoreClips(services.library, dataset, ids)),
  ),
  bin: calls.clips.bin.handler(({ input, context: { services } }) =>
    editClips(services, input.clips, (dataset, ids) => binClips(services.library, dataset, ids)),
  ),
}

const datasetOf = (selection: ClipSelection): number => ('ids' in selection ? selection.dataset : selection.filter.dataset)

export function editClips(
  services: Services,
  selection: ClipSelection,
  change: (dataset: string, ids: readonly number[]) => Result<number>,
): { changed: number } {
  const changed = answer(change(datasetName(services.library, datasetOf(selection)), selectedIds(services, selection)))
  if (changed > 0) services.changes.announce()
  return { changed }
}

function selectedIds(services: Services, selection: ClipSelection): readonly number[] {
  if ('ids' in selection) return selection.ids
  const except = new Set(selection.except)
  return services.browser.ids(selection.filter).filter((id) => !except.has(id))
}
