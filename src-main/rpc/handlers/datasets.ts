import { binDataset, createDataset, duplicateDataset, overviewDatasets, renameDataset } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

export const datasets = {
  list: calls.datasets.list.handler(({ context: { services } }) =>
    overviewDatasets(services.library).map((d) => ({ ...d, balance: [...d.balance] })),
  ),
  create: calls.datasets.create.handler(({ input, context: { services } }) => {
    const { id } = answer(createDataset(services.library, input.name))
    services.changes.announce()
    return { id }
  }),
  rename: calls.datasets.rename.handler(({ input, context: { services } }) => {
    answer(renameDataset(services.library, datasetName(services.library, input.dataset), input.name))
    services.changes.announce()
  }),
  duplicate: calls.datasets.duplicate.handler(({ input, context: { services } }) => {
    const { id } = answer(duplicateDataset(services.library, datasetName(services.library, input.dataset)))
    services.changes.announce()
    return { id }
  }),
  remove: calls.datasets.remove.handler(({ input, context: { services } }) => {
    answer(binDataset(services.library, datasetName(services.library, input.dataset)))
    services.changes.announce()
  }),
}
