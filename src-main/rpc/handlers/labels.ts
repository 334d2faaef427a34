import type { LabelChange } from '../../catalog/index.ts'
import { addLabel, changeLabel, listLabels, mergeLabels, removeLabel, reorderLabels } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName, labelName } from './names.ts'

export const labels = {
  list: calls.labels.list.handler(({ input, context: { services } }) =>
    answer(listLabels(services.library, datasetName(services.library, input.dataset))).map(({ id, name, colour, shortcut, clips }) => ({
      id, name, colour, shortcut, clips,
    })),
  ),
  add: calls.labels.add.handler(({ input, context: { services } }) => {
    const { id } = answer(addLabel(services.library, datasetName(services.library, input.dataset), input.name))
    services.changes.announce()
    return { id }
  }),
  reorder: calls.labels.reorder.handler(({ input: { dataset, labels: ids }, context: { services: { library, changes } } }) => {
    answer(reorderLabels(library, datasetName(library, dataset), ids.map((id) => labelName(library, dataset, id))))
    changes.announce()
  }),
  merge: calls.labels.merge.handler(({ input: { dataset, from, into }, context: { services: { library, changes } } }) => {
    answer(mergeLabels(library, datasetName(library, dataset), [labelName(library, dataset, from)], labelName(library, dataset, into)))
    changes.announce()
  }),
  remove: calls.labels.remove.handler(({ input: { dataset, label, clips }, context: { services: { library, changes } } }) => {
    answer(removeLabel(library, datasetName(library, dataset), labelName(library, dataset, label), clips))
    changes.announce()
  }),
  update: calls.labels.update.handler(({ input: { dataset, label, name, colour, shortcut }, context: { services: { library, changes } } }) => {
    const change: LabelChange = {
      ...(name === undefined ? {} : { name }),
      ...(colour === undefined ? {} : { colour }),
      ...(shortcut === undefined ? {} : { shortcut }),
    }
    answer(changeLabel(library, datasetName(library, dataset), labelName(library, dataset, label), change))
    changes.announce()
  }),
}
