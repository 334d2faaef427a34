import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importArchive } from '../../archive/index.ts'
import { listModels, recordModel } from '../../catalog/index.ts'
import { err, ok, sweepTemporaryFilesOf, toAppError, type Result } from '../../kit/index.ts'
import { readModel } from '../../models/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createLatestQueue } from '../event-queue.ts'
import { findOwnFiles, ownFile } from '../own-files.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { findModel, shownInfo, toModel } from './models.ts'

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
}

/** Checked first, as every file from elsewhere is; then copied under the name of its content. */
async function takeModel({ library }: Services, path: string): Promise<Result<string>> {
  const info = await readModel(path)
  if (!info.ok) return info
  const id = info.value.sha256
  const known = listModels(library).find((m) => m.id === id)
  const file = join(library.folder.models, `${id}.onnx`)
  try {
    await sweepTemporaryFilesOf(file)
    await copyFile(path, file)
  } catch (cause) {
    return err(toAppError(cause, 'copying the model into the library', path))
  }
  const recorded = recordModel(library, { id, runId: known?.runId ?? null, name: info.value.name, file, bytes: info.value.bytes, metadata: shownInfo(info.value) })
  return recorded.ok ? ok(id) : recorded
}
