import { importArchive } from '../../archive/index.ts'
import { err, toAppError } from '../../kit/index.ts'
import { adoptModel, describeNetwork, takeModel } from '../foreign-models.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createLatestQueue } from '../event-queue.ts'
import { findModel, toModel } from '../models.ts'
import { findOwnFiles, ownFile } from '../own-files.ts'
import { calls } from './base.ts'

export const files = {
  find: calls.files.find.handler(async ({ input, context: { services } }) => answer(await findOwnFiles(services.places, input.place)).map((f) => ({ ...f }))),
  openArchive: calls.files.openArchive.handler(async function* ({ input, context: { services }, signal }) {
    const path = answer(ownFile(services.places, input.place, input.name, 'archive'))
    const stop = new AbortController()
    signal?.addEventListener('abort', () => stop.abort(), { once: true })
    const progress = createLatestQueue<{ readonly done: number; readonly total: number }>()
    const work = importArchive(services.library, path, { pool: services.decodePool, signal: stop.signal, onProgress: progress.push })
      .catch((cause: unknown) => err(toAppError(cause, 'opening the archive', path)))
      .finally(() => {
        progress.end()
        services.changes.announce()
      })
    try {
      for await (const { done, total } of progress.read()) yield { type: 'progress' as const, done, total }
      const { dataset, clips, recordings } = answer(await work)
      yield { type: 'report' as const, dataset: dataset.id, name: dataset.name, clips, recordings }
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    } finally {
      stop.abort()
    }
  }),
  openModel: calls.files.openModel.handler(async ({ input, context: { services } }) => {
    const id = answer(await takeModel(services, answer(ownFile(services.places, input.place, input.name, 'model'))))
    services.changes.announce()
    return toModel(findModel(services, id))
  }),
  inspectModel: calls.files.inspectModel.handler(async ({ input, context: { services } }) =>
    answer(await describeNetwork(answer(ownFile(services.places, input.place, input.name, 'model')))),
  ),
  adoptModel: calls.files.adoptModel.handler(async ({ input, context: { services }, signal }) => {
    const path = answer(ownFile(services.places, input.place, input.name, 'model'))
    const id = answer(await adoptModel(services, path, input.name, input.declaration, signal))
    services.changes.announce()
    return toModel(findModel(services, id))
  }),
}
