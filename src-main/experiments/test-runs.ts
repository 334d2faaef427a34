/** Gives the test clips to the runs that were chosen for it, once each, and records it. */
import type { Library } from '../catalog/index.ts'
import { evaluateRun, recordTest, type EvaluateRunOptions } from '../runs/index.ts'
import { changeState, readExperiment, type ExperimentRecord, type TestRecord } from './state.ts'

/** Trials to test: by the design, of those that have a result. */
export function trialsToTest({ design, state }: ExperimentRecord): number[] {
  if (!state.results || design.test === 'none' || !state.chosen) return []
  if (design.test === 'best') return [state.chosen.trial]
  return state.results.flatMap((result, trial) => (result ? [trial] : []))
}

/** Goes on where it was stopped: a run whose test is recorded is never tested again. */
export async function testRuns(library: Library, id: string, options: EvaluateRunOptions, onStep: () => void): Promise<'done' | 'cancelled'> {
  const first = readExperiment(library, id)
  if (!first.ok) return 'cancelled'
  for (const trial of trialsToTest(first.value)) {
    const now = readExperiment(library, id)
    if (!now.ok || now.value.state.status !== 'testing' || options.signal?.aborted) return 'cancelled'
    const { tests, runs } = now.value.state
    const before = tests.find((t) => t.trial === trial)
    if (before?.finished) continue
    const begun: TestRecord = { trial, begun: new Date().toISOString(), attempts: (before?.attempts ?? 0) + 1, finished: null, clips: null, accuracy: null, macroF1: null, error: null }
    const put = (test: TestRecord) => changeState(library, id, { tests: [...tests.filter((t) => t.trial !== trial), test] })
    put(begun)
    onStep()
    const run = runs[trial]!
    const result = await evaluateRun(library, run, 'test', options)
    if (!result.ok && (result.error.code === 'CANCELLED' || options.signal?.aborted)) {
      // Nobody has seen anything of it.
      changeState(library, id, { tests })
      return 'cancelled'
    }
    const finished = new Date().toISOString()
    const recorded = result.ok ? await recordTest(library, run, result.value) : result
    if (!result.ok || !recorded.ok) put({ ...begun, finished, error: recorded.ok ? '' : recorded.error.message })
    else {
      const { clips, accuracy, macroF1 } = result.value.classification
      put({ ...begun, finished, clips, accuracy, macroF1 })
    }
    onStep()
  }
  return 'done'
}
