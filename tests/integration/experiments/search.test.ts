import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDataset, getRun } from '../../../src-main/catalog/index.ts'
import { readExperiment, settingImportance } from '../../../src-main/experiments/index.ts'
import { unwrap } from '../../../src-main/kit/index.ts'
import { readRun, runConfigOf } from '../../../src-main/runs/index.ts'
import { ARCHITECTURES, isOver, openLaboratory, request, type Laboratory } from '../../support/tone-experiments.ts'
import { toneLibrary, type ToneLibrary } from '../../support/tone-library.ts'

let tones: ToneLibrary
let laboratory: Laboratory
const start = async (change: Parameters<typeof request>[0], name = 'search') =>
  unwrap(await laboratory.experiments.start({ dataset: unwrap(findDataset(tones.library.catalog, 'tones')).id, name, request: request(change) }))
const rate = { field: 'rate', low: 0.0005, high: 0.1, logarithmic: true, points: 3 } as const
const batch = { field: 'batch', low: 4, high: 16, logarithmic: true, points: 3 } as const

beforeAll(async () => {
  tones = await toneLibrary()
  laboratory = openLaboratory(tones.library)
})
afterAll(async () => {
  await laboratory[Symbol.asyncDispose]()
  tones[Symbol.dispose]()
  expect(laboratory.bugs).toEqual([])
})

describe('a search', () => {
  it('by successive halving lets losers stop, and winners go on from where they were', async () => {
    const id = await start({
      base: { ...request().base, epochs: 8 }, axes: [rate, batch],
      method: { type: 'halving', trials: 9, seed: 3, factor: 3, fewestEpochs: 1 }, test: 'best',
    })
    const { design, state } = await laboratory.until(id, isOver)
    // 9 train 1 epoch, 3 go on to 3, 1 goes on to 8.
    expect(state.rungs.map((r) => [r.epochs, r.survivors.length])).toEqual([[1, 3], [3, 1]])
    for (const rung of state.rungs) {
      const accuracy = (trial: number) => rung.scores[trial]!.validation!.accuracy
      const measured = rung.scores.flatMap((score, trial) => (score ? [trial] : []))
      const out = measured.filter((trial) => !rung.survivors.includes(trial))
      expect(Math.min(...rung.survivors.map(accuracy))).toBeGreaterThanOrEqual(Math.max(...out.map(accuracy)))
    }
    const views = laboratory.experiments.trials({ ...unwrap(readExperiment(tones.library, id)) })
    const winner = state.rungs[1]!.survivors[0]!
    expect(views.map((v) => v.status)).toEqual(design.trials.map((_, trial) => (trial === winner ? 'finished' : 'pruned')))
    expect(views.map((v) => runConfigOf(v.run!)!.settings.epochs).sort()).toEqual([1, 1, 1, 1, 1, 1, 3, 3, 8])
    const { result } = unwrap(await readRun(tones.library, state.runs[winner]!))
    // It went on from the last step of its third epoch.
    expect(result).toMatchObject({ status: 'finished', epochs: 8 })
    expect(result!.resumedFrom).toBe((3 * result!.steps) / 8)
    expect(state.chosen).toEqual({ condition: winner, trial: winner })
    expect(state.tests.map((t) => [t.trial, t.clips])).toEqual([[winner, 12]])
    expect(views.flatMap((v) => (v.run!.summary['test.accuracy'] == null ? [] : [v.run!.id]))).toEqual([state.runs[winner]])
    expect(settingImportance({ ...unwrap(readExperiment(tones.library, id)) }, views)).toMatchObject({ trials: 9, epochs: 1 })
  })

  it('over a grid trains each combination once, with the same seed', async () => {
    const id = await start({ base: { ...request().base, epochs: 1, seed: 7 }, axes: [ARCHITECTURES as never, rate], method: { type: 'grid' }, test: 'none', measure: 'loss' })
    const { design, state } = await laboratory.until(id, isOver)
    const runs = state.runs.map((run) => runConfigOf(unwrap(getRun(tones.library, run!)))!.settings)
    expect(runs.map((s) => [s.architecture.name, s.schedule.rate, s.seed])).toEqual(
      ['tiny', 'separable'].flatMap((name) => [0.0005, 0.00707, 0.1].map((r) => [name, r, 7])),
    )
    const losses = state.results!.map((r) => r!.validation!.loss!)
    expect(losses[state.chosen!.trial]).toBe(Math.min(...losses))
    expect(design.trials).toHaveLength(6)
    expect(state.tests).toEqual([])
  })
})
