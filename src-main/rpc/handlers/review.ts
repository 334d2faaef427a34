import { decideClip, presentClips, takeBackDecision } from '../../curation/index.ts'
import { listLabelRows, type Library } from '../../catalog/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName, labelName } from './names.ts'

/** As `QUEUE_LIMIT` of the contract says. */
const LISTED = 20_000

export const review = {
  queue: calls.review.queue.handler(({ input: { filter, sort, waiting }, context: { services } }) => {
    const narrowed = {
      unlabelled: { ...filter, labels: [null] },
      new: { ...filter, reviews: ['new' as const] },
      all: filter,
    }[waiting]
    const ids = services.browser.ids(narrowed, sort)
    return { total: ids.length, ids: ids.slice(0, LISTED) }
  }),
  clips: calls.review.clips.handler(({ input, context: { services } }) => {
    datasetName(services.library, input.dataset)
    return presentClips(services.library, input.dataset, input.ids)
  }),
  decide: calls.review.decide.handler(({ input: { dataset, clip, decision }, context: { services } }) => {
    const { library } = services
    const label = decision.label === null ? null : labelName(library, dataset, decision.label)
    const { entry, before } = answer(decideClip(library, datasetName(library, dataset), clip, { label, review: decision.review }))
    if (entry !== null) services.changes.announce()
    return { entry, before: { ...before, label: before.label === null ? null : labelId(library, dataset, before.label) } }
  }),
  takeBack: calls.review.takeBack.handler(({ input: { dataset, clip, decided: { entry, before } }, context: { services } }) => {
    const { library } = services
    const label = before.label === null ? null : labelName(library, dataset, before.label)
    answer(takeBackDecision(library, datasetName(library, dataset), clip, { entry, before: { label, review: before.review } }))
    services.changes.announce()
  }),
}

const labelId = ({ catalog }: Library, dataset: number, name: string): number | null =>
  listLabelRows(catalog, dataset).find((label) => label.name === name)?.id ?? null
