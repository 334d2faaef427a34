import { mkdirSync, rmdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDataset, getRun, listQueue, listRuns } from '../../../src-main/catalog/index.ts'
import { compareConditions, conditionCurves, conditionRows, readExperiment, type ExperimentRecord } from '../../../src-main/experiments/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createMetricsReader, lengthenRun, readPredictions, readRun, runConfigOf } from '../../../src-main/runs/index.ts'
import { runFiles } from '../../../src-main/training/index.ts'
import { isOver, openLaboratory, request, type Laboratory } from '../../support/tone-experiments.ts'
import { isIdle, toneLibrary, until, type ToneLibrary } from '../../support/tone-library.ts'

let tones: ToneLibrary
let laboratory: Laboratory
const bugs: unknown[] = []
const open = (): Laboratory => openLaboratory(tones.library)
const start = async (change: Parameters<typeof request>[0] = {}, name = 'comparison') =>
  unwrap(await laboratory.experiments.start({ dataset: unwrap(findDataset(tones.library.catalog, 'tones')).id, name, request: request(change) }))
const recordOf = (id: string): ExperimentRecord => unwrap(readExperiment(tones.library, id))
const statuses = (id: string) => laboratory.experiments.trials(recordOf(id)).map((t) => t.status)
const progress = (id: string) => laboratory.experiments.progress(recordOf(id), laboratory.experiments.trials(recordOf(id)))

beforeAll(async () => {
  tones = await toneLibrary()
  laboratory = open()
})
afterAll(async () => {
  bugs.push(...laboratory.bugs)
  await laboratory[Symbol.asyncDispose]()
  tones[Symbol.dispose]()
  expect(bugs).toEqual([])
})

describe('an experiment', () => {
  let id = ''

  it('trains every combination with every seed on one split, touches no test clip before all is over, and then each run’s once', async () => {
    id = await start()
    const names = recordOf(id).state.runs.map((run) => unwrap(getRun(tones.library, run!)))
    expect(names.map((r) => r.name)).toEqual([
      'tiny · none (1)', 'tiny · none (2)', 'tiny · specaugment (1)', 'tiny · specaugment (2)',
      'separable · none (1)', 'separable · none (2)', 'separable · specaugment (1)', 'separable · specaugment (2)',
    ])
    expect(new Set(names.map((r) => runConfigOf(r)!.splitHash)).size).toBe(1)
    expect(names.every((r) => runConfigOf(r)!.test === false && r.groupId === id)).toBe(true)
    // As soon as the choice is recorded, all trainings are over and nothing has been tested.
    const choosing = await laboratory.until(id, ({ state }) => state.chosen !== null)
    expect(choosing.state.results).not.toContain(null)
    expect(choosing.state.tests.filter((t) => t.finished !== null)).toEqual([])
    for (const run of choosing.state.runs) expect(unwrap(await readRun(tones.library, run!)).result!.evaluation.test).toBeNull()
    const { state } = await laboratory.until(id, isOver)
    expect(state.tests.map((t) => [t.trial, t.attempts, t.error])).toEqual(choosing.state.runs.map((_, trial) => [trial, 1, null]))
    expect(progress(id)).toBe('finished')
  })

  it('has the best by validation alone, and the table of means over the seeds', async () => {
    const record = recordOf(id)
    const rows = conditionRows(record.design, record.state, laboratory.experiments.trials(record))
    expect(rows).toHaveLength(4)
    const means = rows.map((r) => r.validation.accuracy!.mean)
    expect(means[record.state.chosen!.condition]).toBe(Math.max(...means))
    for (const { trials, validation, test } of rows) {
      const results = await Promise.all(trials.map(async (trial) => unwrap(await readRun(tones.library, record.state.runs[trial]!)).result!))
      const mean = (of: (r: (typeof results)[number]) => number) => results.reduce((sum, r) => sum + of(r), 0) / results.length
      expect(validation.accuracy!.mean).toBeCloseTo(mean((r) => r.evaluation.validation!.accuracy), 10)
      expect(test.accuracy!.mean).toBeCloseTo(mean((r) => r.evaluation.test!.accuracy), 10)
      expect(test.macroF1!.mean).toBeCloseTo(mean((r) => r.evaluation.test!.macroF1), 10)
      expect(test.accuracy!.n).toBe(2)
    }
  })

  it('puts the tests into the runs’ own records, predictions beside those on validation clips', async () => {
    const run = recordOf(id).state.runs[0]!
    const test = unwrap(await readPredictions(tones.library, run, 'test'))
    const { result } = unwrap(await readRun(tones.library, run))
    expect(test.id).toHaveLength(12)
    expect(test.predicted.filter((p, i) => p === test.label[i]).length / 12).toBeCloseTo(result!.evaluation.test!.accuracy, 10)
    expect(unwrap(await readPredictions(tones.library, run, 'validation')).id).toHaveLength(12)
    expect(unwrap(getRun(tones.library, run)).summary['test.accuracy']).toBe(result!.evaluation.test!.accuracy)
  })

  it('compares conditions on the same clips: the difference is that of the means, and a condition against itself is none', async () => {
    const record = recordOf(id)
    const rows = conditionRows(record.design, record.state, laboratory.experiments.trials(record))
    for (const split of ['validation', 'test'] as const) {
      const differences = unwrap(await compareConditions(tones.library, record, 0, split))
      expect(differences.map((d) => d.condition)).toEqual([1, 2, 3])
      for (const { condition, difference, low, high, p, adjusted, seeds, clips, test } of differences) {
        expect({ seeds, clips, test }).toEqual({ seeds: 2, clips: 12, test: 'bootstrap' })
        expect(difference).toBeCloseTo(rows[condition]![split].accuracy!.mean - rows[0]![split].accuracy!.mean, 10)
        expect(low!).toBeLessThanOrEqual(difference)
        expect(high!).toBeGreaterThanOrEqual(difference)
        expect(adjusted).toBeGreaterThanOrEqual(p)
      }
    }
    expect(await compareConditions(tones.library, record, 9, 'test')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('has a curve for each condition, between the lowest and the highest of its runs', async () => {
    const curves = await conditionCurves(tones.library, createMetricsReader(), recordOf(id), 'accuracy')
    expect(curves.map((c) => [c.condition, c.epoch])).toEqual([0, 1, 2, 3].map((c) => [c, [1, 2, 3]]))
    const runs = await Promise.all([0, 1].map(async (trial) => unwrap(await readRun(tones.library, recordOf(id).state.runs[trial]!)).result!.history[2]!.validation!.accuracy))
    expect([curves[0]!.low[2], curves[0]!.high[2]]).toEqual([Math.min(...runs), Math.max(...runs)])
    expect(curves[0]!.mean[2]).toBeCloseTo((runs[0]! + runs[1]!) / 2, 12)
  })

  it('keeps what it found when a run is trained further, and says that its answers are no longer those', async () => {
    const before = recordOf(id).state
    const run = before.runs[0]!
    unwrap(lengthenRun(tones.library, run, 5))
    unwrap(laboratory.queue.add([{ run, resume: true }]))
    await until(laboratory.queue, isIdle)
    expect(recordOf(id).state).toEqual(before)
    expect(await compareConditions(tones.library, recordOf(id), 0, 'validation')).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  })

  it('goes on where a training fails, and leaves it out of the table', async () => {
    const diverging = { name: 'far too fast', value: { optimizer: { type: 'sgd' }, rate: 100 } }
    const usual = { name: 'adamw', value: { optimizer: { type: 'adamw' }, rate: 0.01 } }
    const base = { ...request().base, epochs: 20, loss: { type: 'meanSquaredError', of: 'logits' } }
    const failing = await start({ base, axes: [{ field: 'optimizer', options: [diverging, usual] }], method: { type: 'factorial', seeds: [1] } }, 'one fails')
    const record = await laboratory.until(failing, isOver)
    expect(statuses(failing)).toEqual(['failed', 'finished'])
    expect(record.state.chosen).toEqual({ condition: 1, trial: 1 })
    expect(record.state.tests.map((t) => t.trial)).toEqual([1])
    const rows = conditionRows(record.design, record.state, laboratory.experiments.trials(record))
    expect(rows.map((r) => r.validation.accuracy?.n ?? 0)).toEqual([0, 1])
  })

  it('tries again what failed when all is over, and leaves what came out as it was', async () => {
    // What one training is to write has no place: a folder is where its numbers should go. Then it is no longer there.
    laboratory.queue.hold()
    const optimizers = ['adamw', 'adam'].map((type) => ({ name: type, value: { optimizer: { type }, rate: 0.01 } }))
    const id = await start({ axes: [{ field: 'optimizer', options: optimizers }], method: { type: 'factorial', seeds: [1] } }, 'no place')
    const { metrics } = runFiles(unwrap(getRun(tones.library, recordOf(id).state.runs[0]!)).folder)
    mkdirSync(metrics, { recursive: true })
    laboratory.queue.proceed()
    const before = await laboratory.until(id, isOver)
    expect(statuses(id)).toEqual(['failed', 'finished'])
    expect(before.state.tests.map((t) => t.trial)).toEqual([1])
    rmdirSync(metrics)
    unwrap(await laboratory.experiments.resume(id, { failed: true }))
    const after = await laboratory.until(id, isOver)
    expect(statuses(id)).toEqual(['finished', 'finished'])
    expect(after.state.results![1]).toEqual(before.state.results![1])
    expect(after.state.results![0]!.validation).not.toBeNull()
    expect(after.state.tests.map((t) => t.trial).toSorted()).toEqual([0, 1])
    expect(after.state.tests.find((t) => t.trial === 1)).toEqual(before.state.tests[0])
    expect(await laboratory.experiments.resume(id, { failed: true })).toMatchObject({ ok: false, error: { code: 'INVALID' } })
  })

  it('is cancelled: what waits leaves the queue, what is trained stops; it goes on later, to its end', async () => {
    const long = await start({ base: { ...request().base, epochs: 400 }, method: { type: 'factorial', seeds: [1] }, test: 'best' }, 'long')
    await until(laboratory.queue, (s) => s.current !== null && s.current.epoch !== null)
    unwrap(laboratory.experiments.cancel(long))
    await until(laboratory.queue, isIdle)
    expect(listQueue(tones.library)).toEqual([])
    expect(statuses(long)).toEqual(['stopped', 'waiting', 'waiting', 'waiting'])
    expect(progress(long)).toBe('cancelled')
    unwrap(await laboratory.experiments.resume(long))
    const { state } = await laboratory.until(long, isOver)
    expect(state.tests.map((t) => t.trial)).toEqual([state.chosen!.trial])
    expect(unwrap(await readRun(tones.library, state.runs[0]!)).result!.resumedFrom).toBeGreaterThan(0)
  })

  it('is there after a restart in the middle, and goes on when the person says so', async () => {
    const kept = await start({ base: { ...request().base, epochs: 150 }, method: { type: 'factorial', seeds: [1] } }, 'kept')
    await until(laboratory.queue, (s) => s.current !== null && s.current.epoch !== null)
    bugs.push(...laboratory.bugs)
    await laboratory[Symbol.asyncDispose]()
    laboratory = open()
    expect(progress(kept)).toBe('held')
    expect(statuses(kept)).toEqual(['queued', 'queued', 'queued', 'queued'])
    unwrap(await laboratory.experiments.resume(kept))
    await laboratory.until(kept, isOver)
    expect(statuses(kept)).toEqual(['finished', 'finished', 'finished', 'finished'])
  })

  it('goes into the bin and back with its runs', async () => {
    unwrap(laboratory.experiments.remove(id))
    expect(listRuns(tones.library, { groupId: id })).toEqual([])
    unwrap(laboratory.experiments.restore(id))
    expect(listRuns(tones.library, { groupId: id })).toHaveLength(8)
  })
})
