import { getRun, listQueue, listRuns, type RunRecord } from '../../catalog/index.ts'
import { annotateRun, binRun, readPredictions, readRun, restoreRun, runConfigOf } from '../../runs/index.ts'
import { runFiles } from '../../training/index.ts'
import { answer } from '../call-errors.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { toJson } from './json.ts'
import { toEvaluation, toRun } from './run-rows.ts'

const rows = ({ library, queue }: Services, records: readonly RunRecord[]) => {
  const queued = new Set(listQueue(library).map((q) => q.run))
  return records.map((record) => toRun(record, { queued, current: queue.state.current?.run ?? null }))
}

export const runs = {
  list: calls.runs.list.handler(({ input, context: { services } }) =>
    rows(services, listRuns(services.library, input.dataset === null ? {} : { datasetId: input.dataset })),
  ),
  binned: calls.runs.binned.handler(({ context: { services } }) => rows(services, listRuns(services.library, { binned: 'only' }))),
  get: calls.runs.get.handler(async ({ input, context: { services } }) => {
    const record = answer(getRun(services.library, input.run))
    const [run] = rows(services, [record])
    const nothing = { run: run!, settings: null, labels: [], epochs: [], validation: null, test: null, skipped: [] }
    if (!runConfigOf(record)) return nothing
    const { config, result, metrics } = answer(await readRun(services.library, record.id))
    const { validation, test } = result?.evaluation ?? { validation: null, test: null }
    return {
      run: run!,
      settings: toJson(config.settings),
      labels: [...config.labels],
      epochs: metrics.flatMap((line) => {
        if (line.type !== 'epoch') return []
        const { epoch, step, loss, accuracy, validation, learningRate, seconds } = line
        return [{ epoch, step, loss, accuracy, validation, learningRate, seconds }]
      }),
      validation: validation && toEvaluation(validation),
      test: test && toEvaluation(test),
      skipped: (result?.skipped ?? []).map(({ id, file, message }) => ({ clip: id, file, message })),
    }
  }),
  curves: calls.runs.curves.handler(async ({ input: { run, points, layers }, context: { services } }) => {
    const { folder } = answer(getRun(services.library, run))
    const curves = await services.metrics.read(runFiles(folder).metrics, { points, layers })
    return curves.map(({ name, x, y, total }) => ({ name, x: [...x], y: [...y], total }))
  }),
  predictions: calls.runs.predictions.handler(async ({ input: { run, split }, context: { services } }) => {
    const { labels, id, label, predicted, confidence, truth } = answer(await readPredictions(services.library, run, split))
    return { labels: [...labels], id: [...id], label: [...label], predicted: [...predicted], confidence: [...confidence], truth: [...truth] }
  }),
  annotate: calls.runs.annotate.handler(({ input: { run, name, tags, note, favourite }, context: { services } }) => {
    const notes = { ...(name === undefined ? {} : { name }), ...(tags === undefined ? {} : { tags }), ...(note === undefined ? {} : { note }), ...(favourite === undefined ? {} : { favourite }) }
    answer(annotateRun(services.library, run, notes))
    services.changes.announce()
  }),
  remove: calls.runs.remove.handler(({ input, context: { services } }) => {
    services.queue.remove(input.run)
    answer(binRun(services.library, input.run))
    services.changes.announce()
  }),
  restore: calls.runs.restore.handler(({ input, context: { services } }) => {
    answer(restoreRun(services.library, input.run))
    services.changes.announce()
  }),
}
