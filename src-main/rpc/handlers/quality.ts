import { clipQuality, keepBest } from '../../curation/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

export const quality = {
  clip: calls.quality.clip.handler(({ input, context: { services } }) => {
    const found = answer(clipQuality(services.library, input.clip))
    return { ...found, reasons: [...found.reasons], likes: [...found.likes] }
  }),
  progress: calls.quality.progress.handler(async function* ({ context: { services }, signal }) {
    for await (const _ of services.qualityChanges.watch(signal)) yield { ...services.quality.progress }
  }),
  pause: calls.quality.pause.handler(({ context: { services } }) => services.quality.pause()),
  resume: calls.quality.resume.handler(({ context: { services } }) => services.quality.resume()),
  keepBest: calls.quality.keepBest.handler(({ input, context: { services } }) => {
    const report = answer(keepBest(services.library, datasetName(services.library, input.dataset), input.likeness))
    if (report.binned > 0) services.changes.announce()
    return { ...report }
  }),
}
