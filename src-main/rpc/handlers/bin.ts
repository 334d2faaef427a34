import { emptyBin, restoreDataset, summariseBin } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

export const bin = {
  summary: calls.bin.summary.handler(({ context: { services } }) => {
    const summary = summariseBin(services.library)
    return { ...summary, datasets: [...summary.datasets] }
  }),
  restoreDataset: calls.bin.restoreDataset.handler(({ input, context: { services } }) => {
    answer(restoreDataset(services.library, input.dataset))
    services.changes.announce()
  }),
  empty: calls.bin.empty.handler(({ context: { services } }) => {
    const emptied = answer(emptyBin(services.library))
    services.changes.announce()
    return emptied
  }),
}
