import { listDatasets, renameDataset } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

export const datasets = {
  list: calls.datasets.list.handler(({ context: { services } }) => {
    const unlabelled = new Map(
      services.library.catalog
        .all<{ dataset: number; count: number }>(
          `SELECT dataset_id AS dataset, count(*) AS count FROM clips INDEXED BY clips_statistics
           WHERE label_id IS NULL AND binned_at IS NULL GROUP BY dataset_id`)
        .map((row) => [row.dataset, row.count]),
    )
    return listDatasets(services.library).map((d) => ({
      id: d.id, name: d.name, clips: d.clips, seconds: d.seconds, labels: d.labels, unlabelled: unlabelled.get(d.id) ?? 0,
    }))
  }),
  rename: calls.datasets.rename.handler(({ input, context: { services } }) => {
    answer(renameDataset(services.library, datasetName(services.library, input.dataset), input.name))
    services.changes.announce()
  }),
}
