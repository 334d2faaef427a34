import { exportDataset, type ExportReport } from '../../curation/index.ts'
import { err, toAppError, type Result } from '../../kit/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createLatestQueue } from '../event-queue.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

/** Failures that travel to the window. */
const LISTED = 100

export const exports = {
  dataset: calls.exports.dataset.handler(async function* ({ input, context: { services }, signal }) {
    const folder = answer(services.places.resolve(input.place))
    const dataset = datasetName(services.library, input.dataset)
    const stop = new AbortController()
    signal?.addEventListener('abort', () => stop.abort(), { once: true })
    const progress = createLatestQueue<{ readonly done: number; readonly total: number }>()
    const work: Promise<Result<ExportReport>> = exportDataset(
      services.library, { dataset, folder }, { pool: services.decodePool, signal: stop.signal, onProgress: progress.push },
    )
      .catch((cause: unknown) => err(toAppError(cause, 'the export', folder)))
      .finally(() => progress.end())
    try {
      for await (const { done, total } of progress.read()) yield { type: 'progress' as const, done, total }
      const report = answer(await work)
      yield { type: 'report' as const, folder: report.folder, clips: report.clips, failed: report.failed.slice(0, LISTED) }
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    } finally {
      // The reader went away: the work ends with it.
      stop.abort()
    }
  }),
}
