import { ClipFilter } from '../../../src-contract/index.ts'
import { listSavedFilters } from '../../catalog/index.ts'
import { removeFilter, renameFilter, saveFilter } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

export const filters = {
  list: calls.filters.list.handler(({ input: { dataset }, context: { services } }) =>
    listSavedFilters(services.library.catalog, dataset).flatMap(({ id, name, filter }) => {
      // Members that came later get their defaults; what cannot be read at all is left out rather than guessed.
      const read = ClipFilter.safeParse({ ...(JSON.parse(filter) as object), dataset })
      return read.success ? [{ id, name, filter: read.data }] : []
    }),
  ),
  save: calls.filters.save.handler(({ input: { name, filter }, context: { services } }) => {
    const { dataset, ...rest } = filter
    const id = answer(saveFilter(services.library, datasetName(services.library, dataset), name, JSON.stringify(rest)))
    services.changes.announce()
    return { id }
  }),
  rename: calls.filters.rename.handler(({ input, context: { services } }) => {
    answer(renameFilter(services.library, datasetName(services.library, input.dataset), input.filter, input.name))
    services.changes.announce()
  }),
  remove: calls.filters.remove.handler(({ input, context: { services } }) => {
    answer(removeFilter(services.library, datasetName(services.library, input.dataset), input.filter))
    services.changes.announce()
  }),
}
