import { listModels, updateModel } from '../../catalog/index.ts'
import { err, ok, toAppError, type Result } from '../../kit/index.ts'
import { gatherFacts, saveFolder, writeCard } from '../../models/index.ts'
import { loadRunModel } from '../../runs/index.ts'
import { answer, asCallError } from '../call-errors.ts'
import { createEventQueue } from '../event-queue.ts'
import { modelFolder } from '../model-folder.ts'
import { binModel, cardOf, findModel, makeLibraryModel, measureLibraryModel, purgeModel, restoreModel, toModel, type Stage } from '../models.ts'
import { calls } from './base.ts'

/** Progress travels at most so often, ms. */
const TOLD_EVERY = 100

export const models = {
  list: calls.models.list.handler(({ context: { services } }) => listModels(services.library).map(toModel)),
  export: calls.models.export.handler(async ({ input, context: { services }, signal }) => {
    const id = answer(await makeLibraryModel(services, { ...input, signal }))
    services.changes.announce()
    return toModel(findModel(services, id))
  }),
  measure: calls.models.measure.handler(async ({ input, context: { services }, signal }) => {
    const measurement = answer(await measureLibraryModel(services, input.model, { signal }))
    services.changes.announce()
    return measurement
  }),
  make: calls.models.make.handler(async function* ({ input, context: { services }, signal }) {
    const { precisions, measure, ...request } = input
    const stop = new AbortController()
    signal?.addEventListener('abort', () => stop.abort(), { once: true })
    type Told = { type: 'progress'; precision: (typeof precisions)[number]; stage: Stage; done: number; total: number } | { type: 'model'; id: string }
    const queue = createEventQueue<Told>()
    const makeAll = async (): Promise<Result<void>> => {
      for (const precision of new Set(precisions)) {
        let told = -Infinity
        const tell = (stage: Stage, { done, total }: { readonly done: number; readonly total: number }) => {
          if (performance.now() - told < TOLD_EVERY && done < total) return
          told = performance.now()
          queue.push({ type: 'progress', precision, stage, done, total })
        }
        const id = await makeLibraryModel(services, { ...request, precision, signal: stop.signal, onProgress: tell })
        if (!id.ok) return id
        if (measure) {
          const measured = await measureLibraryModel(services, id.value, { signal: stop.signal, onProgress: (progress) => tell('measuring', progress) })
          // A run without clips to measure on gives its files all the same.
          if (!measured.ok && measured.error.code !== 'INVALID') return measured
        }
        queue.push({ type: 'model', id: id.value })
      }
      return ok(undefined)
    }
    const work = makeAll()
      .catch((cause: unknown): Result<void> => err(toAppError(cause, 'the export')))
      .finally(() => {
        queue.end()
        services.changes.announce()
      })
    try {
      for await (const event of queue.read()) yield event.type === 'model' ? { type: 'model' as const, model: toModel(findModel(services, event.id)) } : event
      answer(await work)
    } catch (cause) {
      throw asCallError(cause, services.onBug)
    } finally {
      // The reader went away: the work ends with it.
      stop.abort()
    }
  }),
  card: calls.models.card.handler(({ input, context: { services } }) => ({ markdown: cardOf(findModel(services, input.model), input.language) })),
  draft: calls.models.draft.handler(async ({ input: { run, name, about, language }, context: { services } }) => {
    const facts = answer(await gatherFacts(services.library, run))
    const { labels, settings, runName } = facts
    const { provenance, fittedTemperature } = answer(await loadRunModel(services.library, run))
    const card = { name: name ?? runName, labels, sampleRate: settings.sampleRate, seconds: settings.seconds, about, facts, provenance, file: null, measurement: null }
    return { markdown: writeCard(card, language), fittedTemperature }
  }),
  saveFolder: calls.models.saveFolder.handler(async ({ input: { model, place, ...choices }, context: { services } }) => {
    const target = answer(services.places.resolve(place))
    const { name, entries } = answer(await modelFolder(services, model, choices))
    return { folder: answer(await saveFolder(target, name, entries)) }
  }),
  update: calls.models.update.handler(({ input: { model, name, note }, context: { services } }) => {
    findModel(services, model)
    answer(updateModel(services.library, model, { name, ...(note === undefined ? {} : { metadata: { note } }) }))
    services.changes.announce()
    return toModel(findModel(services, model))
  }),
  remove: calls.models.remove.handler(({ input, context: { services } }) => {
    answer(binModel(services, input.model))
    services.changes.announce()
  }),
  restore: calls.models.restore.handler(({ input, context: { services } }) => {
    answer(restoreModel(services, input.model))
    services.changes.announce()
  }),
  binned: calls.models.binned.handler(({ context: { services } }) => listModels(services.library, { binned: true }).map(toModel)),
  purge: calls.models.purge.handler(async ({ input, context: { services } }) => {
    answer(await purgeModel(services, input.model))
    services.changes.announce()
  }),
}
