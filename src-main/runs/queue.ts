/**
 * The queue of trainings: several wait, one is trained at a time in its child process. What waits is in the catalog
 * and survives a restart; the queue is then held until the person lets it go on, because nobody expects a machine to
 * begin to compute when a window is opened.
 */
import { getRun, listQueue, putInQueue, takeFromQueue, updateRun, type Library, type QueuedRun } from '../catalog/index.ts'
import { createAnnouncer, fail, ok, type Result } from '../kit/index.ts'
import type { StartOptions } from '../training/index.ts'
import { applyEvent, startLive, type LiveRun } from './live-run.ts'
import { trainRun } from './train.ts'

export interface QueueState {
  /** Goes up by one with every change. */
  readonly revision: number
  /** Nothing new is begun until the person lets it go on. */
  readonly held: boolean
  readonly current: LiveRun | null
  readonly waiting: readonly QueuedRun[]
}

export interface RunQueueOptions {
  /** Rows of runs changed. */
  readonly onChange: () => void
  /** A training threw what it never should. */
  readonly onBug: (cause: unknown) => void
  /** Called when a training is over, however it ended. */
  readonly onOver?: (run: string) => Promise<void>
  readonly start?: Pick<StartOptions, 'entry' | 'startChild'>
}

export interface RunQueue extends AsyncDisposable {
  readonly state: QueueState
  /** The state now, then each later one; a slow reader gets the newest. */
  watch(signal?: AbortSignal): AsyncGenerator<QueueState, void, void>
  /** Lets the runs wait, in order; `before` another, or last. The queue goes on where nothing held it. */
  add(runs: readonly QueuedRun[], before?: string | null): Result<void>
  /** A run that waits no longer does. */
  remove(run: string): Result<void>
  /** Stops the training with a checkpoint to go on from; takes a run that waits out of the queue. */
  pause(run: string): Result<void>
  /** Ends the training and keeps what it has learned as its result. */
  end(run: string): Result<void>
  hold(): void
  proceed(): void
}

interface Work {
  readonly cancel: AbortController
  readonly end: AbortController
  readonly done: Promise<void>
}

export function createRunQueue(library: Library, options: RunQueueOptions): RunQueue {
  let state: QueueState = { revision: 0, held: listQueue(library).length > 0, current: null, waiting: listQueue(library) }
  let work: Work | null = null
  let closed = false
  const announcer = createAnnouncer()

  const change = (next: Partial<QueueState>): void => {
    state = { ...state, ...next, revision: state.revision + 1 }
    announcer.announce()
  }
  const look = (): void => change({ waiting: listQueue(library) })
  const live = (next: (now: LiveRun) => LiveRun): void => {
    if (state.current) change({ current: next(state.current) })
  }

  function begin(): void {
    if (closed || state.held || work) return
    const next = listQueue(library)[0]
    if (!next) return
    const taken = takeFromQueue(library, next.run)
    if (!taken.ok || !taken.value) return look()
    const cancel = new AbortController()
    const end = new AbortController()
    change({ current: startLive(next.run), waiting: listQueue(library) })
    work = { cancel, end, done: perform(next, cancel.signal, end.signal).finally(over) }
    options.onChange()
  }

  async function perform({ run, resume }: QueuedRun, signal: AbortSignal, endSignal: AbortSignal): Promise<void> {
    try {
      const result = await trainRun(library, run, { ...options.start, resume, signal, endSignal, onEvent: (event) => live((now) => applyEvent(now, event)) })
      // What stands in the way before a training begins (a recording that is gone, another program) is told by the run.
      const record = getRun(library, run)
      const untold = !result.ok && result.error.code !== 'RUN_BUSY' && record.ok && record.value.status === 'created'
      if (untold) updateRun(library, run, { status: 'failed', summary: { error: result.error.toJSON() } })
    } catch (cause) {
      options.onBug(cause)
    }
    await options.onOver?.(run)
  }

  function over(): void {
    work = null
    change({ current: null, waiting: listQueue(library) })
    options.onChange()
    begin()
  }

  const isCurrent = (run: string): boolean => state.current?.run === run
  const notThere = (run: string) => fail('NOT_FOUND', `The run ${run} is not being trained here`, { hint: 'It may have ended just now, or another program trains it.' })

  function remove(run: string): Result<void> {
    const taken = takeFromQueue(library, run)
    if (!taken.ok) return taken
    look()
    options.onChange()
    return ok(undefined)
  }

  return {
    get state() {
      return state
    },
    async *watch(signal) {
      let seen = -1
      for (;;) {
        if (signal?.aborted === true) return
        if (seen === state.revision) await announcer.next(signal)
        else {
          seen = state.revision
          yield state
        }
      }
    },
    add(runs, before = null) {
      const busy = runs.find((r) => isCurrent(r.run))
      if (busy) return fail('INVALID', `The run ${busy.run} is being trained already`)
      const idle = state.waiting.length === 0 && !work
      const put = putInQueue(library, runs, before)
      if (!put.ok) return put
      change({ waiting: listQueue(library), held: idle ? false : state.held })
      options.onChange()
      begin()
      return ok(undefined)
    },
    remove,
    pause(run) {
      if (!isCurrent(run)) return state.waiting.some((w) => w.run === run) ? remove(run) : notThere(run)
      live((now) => ({ ...now, phase: 'stopping' }))
      work?.cancel.abort()
      return ok(undefined)
    },
    end(run) {
      if (!isCurrent(run)) return notThere(run)
      live((now) => ({ ...now, phase: 'stopping' }))
      work?.end.abort()
      return ok(undefined)
    },
    hold: () => change({ held: true }),
    proceed() {
      change({ held: false })
      begin()
    },
    async [Symbol.asyncDispose]() {
      closed = true
      announcer.announce()
      // A training stops with a checkpoint, as if the person had paused it, and waits to go on.
      const current = state.current?.run
      work?.cancel.abort()
      await work?.done
      if (current !== undefined) {
        const record = getRun(library, current)
        if (record.ok && record.value.status === 'stopped') putInQueue(library, [{ run: current, resume: true }], listQueue(library)[0]?.run ?? null)
      }
    },
  }
}
