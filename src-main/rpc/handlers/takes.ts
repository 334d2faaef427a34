import { keepSound } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

export const takes = {
  keep: calls.takes.keep.handler(async ({ input: { upload, take, ...facts }, context: { services } }) => {
    const bytes = answer(await services.uploads.readOne(upload))
    const kept = answer(await keepSound(services.library, services.decodePool, { ...facts, bytes, take: take === null ? null : String(take) }))
    await services.uploads.close(upload)
    services.changes.announce()
    return { dataset: kept.datasetId, clip: kept.clip, recording: kept.recording }
  }),
}
