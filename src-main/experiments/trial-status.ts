/** How each trial stands, from its run, the queue, and the rungs that are over. */
import { getRun, listQueue, type Library, type RunRecord } from '../catalog/index.ts'
import { runConfigOf, runState } from '../runs/index.ts'
import type { Design } from './design.ts'
import { rungEpochs } from './halving.ts'
import type { ExperimentState, Score } from './state.ts'

/**
 * `waiting`: not begun, and not in the queue. `stopped`: can go on. `removed`: its run is in the bin.
 * `pruned`: successive halving let it go.
 */
export type TrialStatus = 'waiting' | 'queued' | 'running' | 'stopped' | 'finished' | 'failed' | 'pruned' | 'removed'
export const isSettled = (status: TrialStatus): boolean => status === 'finished' || status === 'failed' || status === 'pruned' || status === 'removed'

export interface TrialView {
  readonly status: TrialStatus
  readonly run: RunRecord | null
  /** Of the training so far, where it has ended. */
  readonly score: Score | null
}

/** Rungs of successive halving; a single one for every other method. */
export const rungsOf = ({ method, base }: Pick<Design, 'method' | 'base'>): number[] | null =>
  method.type === 'halving' ? rungEpochs(method.fewestEpochs, method.factor, base.epochs) : null

/** Epochs that the trials that still go on are to have now; null where each has its own. */
export function targetEpochs(design: Design, state: ExperimentState): number | null {
  const rungs = rungsOf(design)
  return rungs && rungs[Math.min(state.rungs.length, rungs.length - 1)]!
}

export function viewTrials(library: Library, design: Design, state: ExperimentState, current: string | null): TrialView[] {
  const queued = new Set(listQueue(library).map((q) => q.run))
  const target = targetEpochs(design, state)
  const survivors = state.rungs.at(-1)?.survivors
  return design.trials.map((_, trial) => {
    const id = state.runs[trial]
    const found = id == null ? null : getRun(library, id)
    const run = found?.ok ? found.value : null
    const frozen = state.results?.[trial]
    // While those that failed are tried again, they alone stand as they are now.
    if (state.results && (frozen || state.status !== 'running')) {
      const pruned = survivors !== undefined && !survivors.includes(trial)
      return { status: pruned ? 'pruned' : run?.binnedAt ? 'removed' : frozen ? 'finished' : 'failed', run, score: frozen ?? null }
    }
    if (survivors && !survivors.includes(trial)) return { status: 'pruned', run, score: lastScore(state, trial) }
    if (!run) return { status: id == null ? 'waiting' : 'removed', run, score: null }
    return { status: statusOf(run, { current, queued, target }), run, score: scoreOf(run) ?? lastScore(state, trial) }
  })
}

const lastScore = (state: ExperimentState, trial: number): Score | null => state.rungs.findLast((rung) => rung.scores[trial])?.scores[trial] ?? null

function statusOf(run: RunRecord, { current, queued, target }: { readonly current: string | null; readonly queued: ReadonlySet<string>; readonly target: number | null }): TrialStatus {
  if (run.id === current) return 'running'
  if (run.binnedAt !== null) return 'removed'
  if (queued.has(run.id)) return 'queued'
  const state = runState(run)
  if (state === 'failed' || state === 'running') return state
  if (state === 'created') return 'waiting'
  if (state !== 'finished') return 'stopped'
  const epochs = runConfigOf(run)?.settings.epochs ?? 0
  return target !== null && epochs < target ? 'waiting' : 'finished'
}

/** Null until a training has ended. */
export function scoreOf({ status, summary }: RunRecord): Score | null {
  if (status !== 'finished') return null
  const number = (key: string): number | null => (typeof summary[key] === 'number' ? summary[key] : null)
  const [accuracy, macroF1] = [number('validation.accuracy'), number('validation.macroF1')]
  return {
    epochs: number('epochs') ?? 0,
    chosenEpoch: number('chosenEpoch'),
    validation: accuracy === null || macroF1 === null ? null : { accuracy, macroF1, loss: number('validation.loss') },
    secondsPerEpoch: number('secondsPerEpoch'),
    parameters: number('parameters'),
  }
}
