import { listRuns } from '../../catalog/index.ts'
import { calls } from './base.ts'

export const runs = {
  list: calls.runs.list.handler(({ input, context: { services } }) =>
    listRuns(services.library, input.dataset === null ? {} : { datasetId: input.dataset }).map((run) => ({
      id: run.id,
      name: run.name,
      dataset: run.datasetId,
      status: run.status,
      createdAt: run.createdAt,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
    })),
  ),
}
