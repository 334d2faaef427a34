import { listDatasets } from '../../curation/index.ts'
import { calls } from './base.ts'

export const library = {
  info: calls.library.info.handler(({ context: { services } }) => {
    const datasets = listDatasets(services.library)
    return {
      folder: services.library.folder.root,
      version: services.version,
      datasets: datasets.length,
      binnedDatasets: services.library.catalog.get<{ count: number }>('SELECT count(*) AS count FROM datasets WHERE binned_at IS NOT NULL')!.count,
      clips: datasets.reduce((sum, d) => sum + d.clips, 0),
      warnings: services.library.warnings.map((w) => w.message),
    }
  }),
  changes: calls.library.changes.handler(async function* ({ context: { services }, signal }) {
    for await (const revision of services.changes.watch(signal)) yield { revision }
  }),
}
