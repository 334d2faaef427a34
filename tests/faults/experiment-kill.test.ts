/** The program dies in the middle of an experiment: nothing of it is lost, and it goes on to the same end. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDataset, listRuns, setGroupSummary } from '../../src-main/catalog/index.ts'
import { readExperiment } from '../../src-main/experiments/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { readRun } from '../../src-main/runs/index.ts'
import { isOver, openLaboratory, request } from '../support/tone-experiments.ts'
import { toneLibrary, type ToneLibrary } from '../support/tone-library.ts'

const CHILD = join(import.meta.dirname, '..', 'support', 'experiment-child.ts')
let tones: ToneLibrary
beforeAll(async () => {
  tones = await toneLibrary()
})
afterAll(() => tones[Symbol.dispose]())
const dataset = () => unwrap(findDataset(tones.library.catalog, 'tones')).id

describe('an experiment whose program is killed', () => {
  it('in the middle of its second training is paused, and goes on from there', async () => {
    let id = ''
    {
      await using first = openLaboratory(tones.library)
      first.queue.hold()
      id = unwrap(await first.experiments.start({ dataset: dataset(), name: 'killed', request: request({ base: { ...request().base, epochs: 60 }, method: { type: 'factorial', seeds: [1] } }) }))
      for (const { run } of first.queue.state.waiting) expect(readExperiment(tones.library, id)).toMatchObject({ ok: true, value: { state: { runs: expect.arrayContaining([run]) } } })
    }
    const { runs } = unwrap(readExperiment(tones.library, id)).state
    const program = spawn(process.execPath, [CHILD, tones.root], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: program.stdout })) {
      const said = JSON.parse(line) as { run: string | null; epoch: number }
      if (said.run !== runs[1] || said.epoch < 3) continue
      program.kill('SIGKILL')
      break
    }
    if (program.exitCode === null && program.signalCode === null) await new Promise((gone) => program.once('exit', gone))

    await using again = openLaboratory(tones.library)
    const statuses = () => again.experiments.trials(unwrap(readExperiment(tones.library, id))).map((t) => t.status)
    // Its training process notices that it is alone, and ends.
    await expect.poll(() => statuses()[1], { timeout: 30_000 }).toBe('stopped')
    expect([statuses()[0], statuses()[2], statuses()[3]]).toEqual(['finished', 'queued', 'queued'])
    unwrap(await again.experiments.resume(id))
    const { state } = await again.until(id, isOver)
    expect(statuses()).toEqual(['finished', 'finished', 'finished', 'finished'])
    expect(state.tests.map((t) => t.attempts)).toEqual([1, 1, 1, 1])
    for (const run of runs) expect(unwrap(await readRun(tones.library, run!)).result).toMatchObject({ epochs: 60 })
    expect(again.bugs).toEqual([])
  })

  it('between making a run and writing that down makes none twice', async () => {
    await using laboratory = openLaboratory(tones.library)
    const id = unwrap(await laboratory.experiments.start({ dataset: dataset(), name: 'torn', request: request({ base: { ...request().base, epochs: 30 }, method: { type: 'factorial', seeds: [1] } }) }))
    unwrap(laboratory.experiments.cancel(id))
    const { state } = unwrap(readExperiment(tones.library, id))
    unwrap(setGroupSummary(tones.library, id, { ...state, runs: state.runs.map((run, trial) => (trial === 3 ? null : run)) }))
    unwrap(await laboratory.experiments.resume(id))
    expect(unwrap(readExperiment(tones.library, id)).state.runs).toEqual(state.runs)
    expect(listRuns(tones.library, { groupId: id })).toHaveLength(4)
    await laboratory.until(id, isOver)
  })
})
