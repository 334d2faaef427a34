/**
 * Experiments and searches as they go: their runs wait in the queue like any other; when one is over, what follows from it
 * is done. All of it is a function of what is recorded, so that it goes on after a restart where it was.
 */
import { createRunGroup, getRun, listRunGroups, listRuns, renameRunGroup, updateRun, type Library, type QueuedRun } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { datasetById, lengthenRun, runConfigOf, runState, type EvaluateRunOptions, type RunQueue } from '../runs/index.ts'
import { chooseBest, ranked } from './conditions.ts'
import { kindOf, type ExperimentRequest } from './design.ts'
import { survivorsOf } from './halving.ts'
import { makeRuns } from './make-runs.ts'
import { planError, planExperiment } from './plan.ts'
import { changeState, experimentOf, readExperiment, startState, type ExperimentRecord } from './state.ts'
import { testRuns } from './test-runs.ts'
import { isSettled, rungsOf, targetEpochs, viewTrials, type TrialView } from './trial-status.ts'

export interface ExperimentsOptions {
  /** Rows changed. */
  readonly onChange: () => void
  readonly onBug: (cause: unknown) => void
  /** How the tests at the end are started. */
  readonly evaluate?: Pick<EvaluateRunOptions, 'entry' | 'startChild'>
}

/** `held`: its runs wait, but the queue begins nothing new. `paused`: nothing of it waits or runs; it can go on. */
export type Progress = 'preparing' | 'running' | 'held' | 'paused' | 'testing' | 'finished' | 'cancelled'

export interface Experiments extends AsyncDisposable {
  start(request: { readonly dataset: number; readonly name: string; readonly request: ExperimentRequest }): Promise<Result<string>>
  /** What waits leaves the queue, what is trained stops with a checkpoint, tests stop. */
  cancel(id: string): Result<void>
  /** Goes on with what is left; with `failed` also with what failed, even when all is over: what came out stays as it was. */
  resume(id: string, options?: { readonly failed?: boolean }): Promise<Result<void>>
  /** Into the bin and back, with its runs. */
  remove(id: string): Result<void>
  restore(id: string): Result<void>
  rename(id: string, name: string): Result<void>
  progress(record: ExperimentRecord, trials: readonly TrialView[]): Progress
  trials(record: ExperimentRecord): TrialView[]
}

export function createExperiments(library: Library, queue: RunQueue, options: ExperimentsOptions): Experiments {
  const closed = new AbortController()
  /** Those whose runs are being made. */
  const preparing = new Set<string>()
  const testing = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>()

  const trials = ({ design, state }: ExperimentRecord): TrialView[] => viewTrials(library, design, state, queue.state.current?.run ?? null)
  const active = (): ExperimentRecord[] =>
    listRunGroups(library).flatMap((group) => {
      const record = experimentOf(group)
      return record.ok && record.value.state.status === 'running' && !preparing.has(group.id) ? [record.value] : []
    })

  /** Lets wait in the queue what is not settled and does not wait yet. */
  function enqueue(record: ExperimentRecord, which: (view: TrialView) => boolean): Result<void> {
    const { design, state } = record
    const target = targetEpochs(design, state)
    const runs: QueuedRun[] = []
    for (const view of trials(record)) {
      if (!view.run || !which(view)) continue
      const { id } = view.run
      const had = runConfigOf(view.run)?.settings.epochs ?? 0
      if (target !== null && had < target) {
        const longer = lengthenRun(library, id, target)
        if (!longer.ok) return longer
      }
      runs.push({ run: id, resume: runState(view.run) !== 'created' })
    }
    return runs.length === 0 ? ok(undefined) : queue.add(runs)
  }

  /** Does what follows from what is recorded; nothing where trainings are still to come. */
  function advance(record: ExperimentRecord): void {
    const { design, state, group } = record
    const views = trials(record)
    if (!views.every((v) => isSettled(v.status))) return
    const scores = views.map((v) => (v.status === 'finished' ? v.score : null))
    const rungs = rungsOf(design)
    if (rungs && design.method.type === 'halving' && state.rungs.length < rungs.length - 1) {
      const candidates = views.flatMap((v, trial) => (v.status === 'pruned' ? [] : [trial]))
      const able = candidates.filter((trial) => scores[trial] !== null)
      const survivors = ranked(able, scores, design.measure).slice(0, survivorsOf(candidates.length, design.method.factor))
      if (survivors.length > 0) {
        const next = changeState(library, group.id, { rungs: [...state.rungs, { epochs: rungs[state.rungs.length]!, scores, survivors }] })
        if (next.ok) tell(enqueue(next.value, (v) => v.status === 'waiting'))
        return options.onChange()
      }
    }
    const results = views.map((v) => (v.status === 'finished' || v.status === 'pruned' ? v.score : null))
    // Only what has come to the end is a candidate: scores after fewer epochs are not comparable.
    const chosen = chooseBest(design, scores)
    const next = changeState(library, group.id, { results, chosen, status: 'testing' })
    options.onChange()
    if (next.ok) beginTests(next.value)
  }

  function beginTests({ group: { id } }: ExperimentRecord): void {
    if (testing.has(id) || closed.signal.aborted) return
    const stop = new AbortController()
    const perform = async (): Promise<void> => {
      try {
        const outcome = await testRuns(library, id, { ...options.evaluate, signal: stop.signal }, options.onChange)
        if (outcome === 'done') changeState(library, id, { status: 'finished', finishedAt: new Date().toISOString() })
      } catch (cause) {
        options.onBug(cause)
      } finally {
        testing.delete(id)
        options.onChange()
      }
    }
    testing.set(id, { stop, done: perform() })
  }

  const tell = (result: Result<unknown>): void => {
    if (!result.ok) options.onBug(result.error)
  }

  async function follow(): Promise<void> {
    let seen: string | null = queue.state.current?.run ?? null
    for await (const { current } of queue.watch(closed.signal)) {
      const now = current?.run ?? null
      if (now === seen) continue
      seen = now
      for (const record of active()) advance(record)
    }
  }
  const following = follow().catch(options.onBug)

  async function prepare(id: string): Promise<Result<ExperimentRecord>> {
    preparing.add(id)
    try {
      return await makeRuns(library, id)
    } finally {
      preparing.delete(id)
    }
  }

  /** A training that is stopping can wait again only when it has stopped. */
  async function untilStopped({ state }: ExperimentRecord): Promise<void> {
    for await (const { current } of queue.watch(closed.signal)) if (!current || current.phase !== 'stopping' || !state.runs.includes(current.run)) return
  }

  function stopTests(id: string): void {
    testing.get(id)?.stop.abort()
  }

  function cancel(id: string): Result<void> {
    const record = readExperiment(library, id)
    if (!record.ok) return record
    const { state } = record.value
    if (state.status === 'finished' || state.status === 'cancelled') return fail('INVALID', 'This experiment is over already')
    const changed = changeState(library, id, { status: 'cancelled' })
    if (!changed.ok) return changed
    stopTests(id)
    const mine = new Set(state.runs)
    for (const { run } of queue.state.waiting) if (mine.has(run)) tell(queue.remove(run))
    const current = queue.state.current?.run
    if (current !== undefined && mine.has(current)) tell(queue.pause(current))
    options.onChange()
    return ok(undefined)
  }

  return {
    trials,
    async start({ dataset, name, request }) {
      const datasetName = datasetById(library, dataset)
      if (!datasetName.ok) return datasetName
      const plan = planExperiment(library, datasetName.value, request)
      if (!plan.ok) return plan
      const error = planError(plan.value)
      if (error || !plan.value.design) return fail('INVALID', error?.message ?? 'The settings are not valid')
      const { design } = plan.value
      const group = createRunGroup(library, { name, kind: kindOf(design.method), datasetId: dataset, config: design, summary: { ...startState(design.trials.length) } })
      if (!group.ok) return group
      const { id } = group.value
      options.onChange()
      const made = await prepare(id)
      if (!made.ok) {
        // What could not be made whole is not left lying about.
        for (const run of listRuns(library, { groupId: id })) updateRun(library, run.id, { binnedAt: new Date().toISOString() })
        changeState(library, id, { status: 'cancelled', binnedAt: new Date().toISOString() })
        return made
      }
      const queued = made.value.state.status === 'cancelled' ? ok(undefined) : enqueue(made.value, (v) => v.status === 'waiting')
      options.onChange()
      return queued.ok ? ok(id) : queued
    },
    cancel,
    async resume(id, { failed = false } = {}) {
      const record = readExperiment(library, id)
      if (!record.ok) return record
      const { state } = record.value
      const again = failed && state.results !== null && trials(record.value).some((v) => v.status === 'failed')
      if (state.status === 'finished' && !again) return fail('INVALID', failed ? 'No training of this experiment has failed' : 'This experiment is over already')
      if (state.results && state.status !== 'running' && !again) {
        const testingAgain = changeState(library, id, { status: 'testing' })
        if (!testingAgain.ok) return testingAgain
        await testing.get(id)?.done
        beginTests(testingAgain.value)
        options.onChange()
        return ok(undefined)
      }
      stopTests(id)
      await testing.get(id)?.done
      await untilStopped(record.value)
      const running = changeState(library, id, { status: 'running', finishedAt: null })
      const made = running.ok ? await prepare(id) : running
      if (!made.ok) return made
      const queued = enqueue(made.value, (v) => v.status === 'waiting' || v.status === 'stopped' || (failed && v.status === 'failed'))
      if (!queued.ok) return queued
      if (queue.state.held) queue.proceed()
      advance(made.value)
      options.onChange()
      return ok(undefined)
    },
    remove(id) {
      const record = readExperiment(library, id)
      if (!record.ok) return record
      const { status, runs } = record.value.state
      if (status === 'running' || status === 'testing') return fail('INVALID', 'This experiment is not over', { hint: 'Cancel it first.' })
      const at = new Date().toISOString()
      for (const run of runs) if (run !== null && getRun(library, run).ok) updateRun(library, run, { binnedAt: at })
      const changed = changeState(library, id, { binnedAt: at })
      options.onChange()
      return changed.ok ? ok(undefined) : changed
    },
    restore(id) {
      const record = readExperiment(library, id)
      if (!record.ok) return record
      const { runs, binnedAt } = record.value.state
      // A run that was put into the bin by itself stays there.
      for (const run of runs) {
        const found = run === null ? null : getRun(library, run)
        if (found?.ok && found.value.binnedAt === binnedAt) updateRun(library, found.value.id, { binnedAt: null })
      }
      const changed = changeState(library, id, { binnedAt: null })
      options.onChange()
      return changed.ok ? ok(undefined) : changed
    },
    rename(id, name) {
      const renamed = renameRunGroup(library, id, name)
      options.onChange()
      return renamed.ok ? ok(undefined) : renamed
    },
    progress({ group, state }, views) {
      if (state.status === 'finished' || state.status === 'cancelled') return state.status
      if (preparing.has(group.id)) return 'preparing'
      if (state.status === 'testing') return testing.has(group.id) ? 'testing' : 'paused'
      if (views.some((v) => v.status === 'running')) return 'running'
      if (views.some((v) => v.status === 'queued')) return queue.state.held ? 'held' : 'running'
      return 'paused'
    },
    async [Symbol.asyncDispose]() {
      closed.abort()
      for (const { stop } of testing.values()) stop.abort()
      await Promise.all([following, ...[...testing.values()].map((t) => t.done)])
    },
  }
}
