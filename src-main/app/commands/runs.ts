import { listRuns } from '../../catalog/index.ts'
import { ok } from '../../kit/index.ts'
import { evaluateRun, readRun } from '../../runs/index.ts'
import { duration, percent, table } from '../console.ts'
import { withLibrary } from '../with-library.ts'
import { tellEvaluation } from './training-report.ts'

const share = (value: unknown): string => (typeof value === 'number' ? percent(value) : '–')
const when = (time: string): string => time.slice(0, 16).replace('T', ' ')

export const showRuns = withLibrary(async (library, { console }) => {
  const runs = listRuns(library)
  if (runs.length === 0) console.say('There are no runs yet. Train one: espectro train DATASET')
  else
    console.say(
      table(
        ['run', 'name', 'status', 'begun (UTC)', 'validation', 'test'],
        runs.map((r) => [r.id, r.name, r.status, when(r.startedAt ?? r.createdAt), share(r.summary['validation.accuracy']), share(r.summary['test.accuracy'])]),
      ),
    )
  return ok({ runs: runs.map(({ id, name, status, createdAt, startedAt, finishedAt, summary }) => ({ run: id, name, status, createdAt, startedAt, finishedAt, summary })) })
})

export const showRun = withLibrary(async (library, { console }, id: string) => {
  const details = await readRun(library, id)
  if (!details.ok) return details
  const { record, config, result } = details.value
  const { settings } = config
  console.say(`${record.name} (${record.id}), ${record.status}`)
  const facts: [string, string][] = [
    ['dataset', `${config.dataset.name}: ${config.clips.train} to train, ${config.clips.validation} to validate, ${config.clips.test} to test`],
    ['architecture', settings.architecture.title],
    ['optimizer', `${settings.optimizer.type}, at most ${settings.epochs} epochs, batches of ${settings.batch}, seed ${settings.seed}`],
    ['folder', record.folder],
  ]
  if (result) {
    facts.push(['device', `${result.device}, ${result.threads} threads`])
    facts.push(['took', `${result.epochs} epochs, ${result.secondsPerEpoch === null ? '–' : duration(result.secondsPerEpoch)} each`])
    if (result.chosen) facts.push(['weights', `${result.chosen.kind}, of epoch ${result.chosen.epoch}`])
    facts.push(['validation', share(result.evaluation.validation?.accuracy)], ['test', share(result.evaluation.test?.accuracy)])
  }
  console.say(table(['what', ''], facts))
  return ok({
    run: record.id,
    name: record.name,
    status: record.status,
    config,
    summary: record.summary,
    ...(result === null ? {} : { history: result.history, hashes: result.hashes }),
  })
})

export const evaluate = withLibrary(async (library, { console, signal }, id: string, { split }: { split: 'train' | 'validation' | 'test' }) => {
  const evaluated = await evaluateRun(library, id, split, { signal, onEvent: (event) => event.type === 'preparing' && console.progress(`features of ${event.done} of ${event.total} clips`) })
  if (!evaluated.ok) return evaluated
  const { classification, predictions, skipped } = evaluated.value
  tellEvaluation(console, split, classification)
  return ok({ run: id, split, ...classification, skipped, predictions })
})
