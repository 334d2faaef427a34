import { clipFacts, corrections, readScores, runCalibration } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

const BYTES = 'application/octet-stream'

export const inspection = {
  scores: calls.inspection.scores.handler(async ({ input: { run, split }, context: { services: { library, shelf } } }) => {
    const { labels, id, label, predicted, probabilities } = answer(await readScores(library, run, split))
    const calibration = answer(await runCalibration(library, run))
    const facts = clipFacts(library, id)
    return {
      labels: [...labels],
      id: [...id],
      label: [...label],
      predicted: [...predicted],
      probabilities: shelf.put(new Uint8Array(probabilities.buffer), BYTES),
      present: facts.map((f) => f.present),
      speaker: facts.map((f) => f.speaker),
      seconds: facts.map((f) => f.seconds),
      snr: facts.map((f) => f.snr),
      calibration,
    }
  }),
  corrections: calls.inspection.corrections.handler(async ({ input, context: { services } }) => ({ ...answer(await corrections(services.library, input.run)) })),
}
