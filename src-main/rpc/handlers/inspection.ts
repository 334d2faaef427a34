import { listLabelRows } from '../../catalog/index.ts'
import { clipFacts, corrections, nextClips, readScores, runCalibration, type LabelCheck } from '../../runs/index.ts'
import { answer } from '../call-errors.ts'
import { progressStream } from '../progress-stream.ts'
import type { Services } from '../services.ts'
import { calls } from './base.ts'
import { datasetName } from './names.ts'

const BYTES = 'application/octet-stream'

interface ChoiceProgress {
  readonly phase: 'preparing' | 'asking' | 'choosing'
  readonly done: number
  readonly total: number
}

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
  labelCheck: calls.inspection.labelCheck.handler(async ({ input: { dataset }, context: { services } }) => {
    datasetName(services.library, dataset)
    const check = await services.checks.read(dataset)
    return check && presentCheck(services, check)
  }),
  checkLabels: calls.inspection.checkLabels.handler(async ({ input, context: { services } }) => answer(await services.checks.begin(input))),
  resumeCheck: calls.inspection.resumeCheck.handler(async ({ input, context: { services } }) => answer(await services.checks.resume(input.dataset))),
  stopCheck: calls.inspection.stopCheck.handler(({ context: { services } }) => services.checks.stop()),
  removeCheck: calls.inspection.removeCheck.handler(async ({ input, context: { services } }) => answer(await services.checks.remove(input.dataset))),
  watchCheck: calls.inspection.watchCheck.handler(async function* ({ context: { services }, signal }) {
    for await (const { current, problem } of services.checks.watch(signal)) {
      const { message, hint, file } = problem?.error ?? {}
      yield {
        current: current && { ...current },
        problem: problem && { dataset: problem.dataset, message: message ?? '', ...(hint === undefined ? {} : { hint }), ...(file === undefined ? {} : { file }) },
      }
    }
  }),
  nextClips: calls.inspection.nextClips.handler(async function* ({ input, context: { services }, signal }) {
    const { library } = services
    const stream = progressStream(services, signal, (onProgress: (p: ChoiceProgress) => void, stop) =>
      nextClips(library, input, {
        signal: stop,
        onEvent(event) {
          if (event.type === 'preparing') onProgress({ phase: 'preparing', done: event.done, total: event.total })
          else if (event.type === 'choice') onProgress({ phase: event.phase, done: event.done, total: event.total })
        },
      }))
    for await (const event of stream) {
      if ('progress' in event) {
        yield { type: 'progress' as const, ...event.progress }
        continue
      }
      const { dataset, looked, skipped, clips, labels } = event.result
      const ids = new Map(listLabelRows(library.catalog, dataset).map((l) => [l.name, l.id]))
      yield {
        type: 'chosen' as const, dataset, looked, skipped,
        clips: clips.map(({ clip, label, probability, uncertainty }) => ({ clip, label: ids.get(labels[label]!) ?? null, probability, uncertainty })),
      }
    }
  }),
}

/** With what became of the clips since, by the labels of now. Issues whose labels are gone are left out. */
function presentCheck({ library: { catalog } }: Services, { plan, outcome }: LabelCheck) {
  const ids = new Map(listLabelRows(catalog, plan.dataset).map((l) => [l.name, l.id]))
  const reviewed = new Set(plan.clips.filter((c) => c.reviewed).map((c) => c.id))
  const rows = new Map(catalog.all<{ id: number; label: number | null; review: string }>(
    'SELECT id, label_id AS label, review FROM clips WHERE dataset_id = ? AND binned_at IS NULL', plan.dataset).map((c) => [c.id, c]))
  const stateOf = (clip: number, given: number) => {
    const row = rows.get(clip)
    if (!row) return 'gone' as const
    if (row.label !== given) return 'changed' as const
    return row.review === 'accepted' && !reviewed.has(clip) ? ('confirmed' as const) : ('open' as const)
  }
  return {
    run: plan.run, startedAt: plan.startedAt, finishedAt: outcome?.finishedAt ?? null, by: plan.by, folds: plan.folds, clips: plan.clips.length,
    skipped: outcome?.skipped ?? 0, agreement: outcome?.agreement ?? null,
    issues: (outcome?.issues ?? []).flatMap(({ clip, given, suggested, selfConfidence, probability, margin }) => {
      const [from, to] = [ids.get(plan.labels[given]!), ids.get(plan.labels[suggested]!)]
      return from === undefined || to === undefined ? [] : [{ clip, given: from, suggested: to, selfConfidence, probability, margin, state: stateOf(clip, from) }]
    }),
  }
}
