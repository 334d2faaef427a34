import { ANALYSIS_VERSION, type DecodePool } from '../audio/index.ts'
import { countUnmeasured, forgetOldSounds, type Library } from '../catalog/index.ts'
import { ok, type AppError, type Result } from '../kit/index.ts'
import { groupClips, setMarks, staleMarks } from './clip-groups.ts'
import { measureSome } from './measure-clips.ts'

export interface QualityProgress {
  readonly state: 'idle' | 'measuring' | 'comparing' | 'paused'
  /** Clips looked at and clips to look at since the job last had nothing to do. */
  readonly done: number
  readonly total: number
}

/**
 * Looks at every new clip in the background: how good it is, and which others are the same. What is left to do is
 * in the catalog, so that it goes on after a restart, however the program ended. It stands back while an import
 * runs.
 */
export interface QualityJob extends AsyncDisposable {
  readonly progress: QualityProgress
  /** Rows changed: there may be something to do. */
  wake(): void
  /** Stops until `resume` or the next start of the program. */
  pause(): void
  resume(): void
  /** Stands back until what it returns is called. */
  holdBack(): () => void
  /** Resolves when there is nothing left to do, or nothing may be done. */
  settled(): Promise<void>
}

export interface QualityJobOptions {
  /** Threads of its own, so that nobody who looks at a waveform waits behind it. Made when needed, given back when idle. */
  readonly makePool: () => DecodePool
  /** Rows changed, or the progress did. */
  readonly onChange: (what: 'rows' | 'progress') => void
  readonly onProblem: (problem: AppError) => void
  /** Milliseconds between a change and the look at it. */
  readonly delay?: number
}

/** Rows are announced so often at most while measuring, ms: each announcement makes every window read again. */
const ANNOUNCE_MS = 2000

export function createQualityJob(library: Library, { makePool, onChange, onProblem, delay = 250 }: QualityJobOptions): QualityJob {
  let progress: QualityProgress = { state: 'idle', done: 0, total: 0 }
  let stop = new AbortController()
  let paused = false
  let holders = 0
  let disposed = false
  let asked = false
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  /** Datasets whose groups are not up to date: all of them at the start, because a stop may have come in between. */
  const ungrouped = new Set(library.catalog.all<{ id: number }>('SELECT id FROM datasets').map((d) => d.id))
  let checkedVersion = false

  const may = (): boolean => !paused && holders === 0 && !disposed
  const say = (next: Partial<QualityProgress>): void => {
    const before = progress
    progress = { ...before, ...next }
    if (progress.state !== before.state || progress.done !== before.done || progress.total !== before.total) onChange('progress')
  }

  function begin(): void {
    timer = null
    if (!may() || running) return
    asked = false
    stop = new AbortController()
    running = work(stop.signal)
      .then((result) => {
        if (!result.ok && result.error.code !== 'CANCELLED') onProblem(result.error)
      })
      .finally(() => {
        running = null
        say({ state: paused ? 'paused' : 'idle', ...(paused ? {} : { done: 0, total: 0 }) })
        if (asked) schedule()
      })
  }
  function schedule(): void {
    asked = true
    if (!may() || running || timer) return
    timer = setTimeout(begin, delay)
    timer.unref()
  }

  async function work(signal: AbortSignal): Promise<Result<void>> {
    if (!checkedVersion) {
      const old = library.catalog.transact('measure', (catalog) => ok(forgetOldSounds(catalog, ANALYSIS_VERSION)), { undoable: false })
      if (!old.ok) return old
      checkedVersion = true
    }
    const marked = markAll()
    if (!marked.ok) return marked
    const left = countUnmeasured(library.catalog)
    for (const { dataset } of left) ungrouped.add(dataset)
    if (ungrouped.size === 0) return ok(undefined)
    await using pool = makePool()
    const before = progress.state === 'paused' ? progress.done : 0
    let [done, announcedAt] = [before, performance.now()]
    const total = before + left.reduce((sum, d) => sum + d.clips, 0)
    for (const dataset of ungrouped) {
      for (;;) {
        const some = await measureSome(library, dataset, pool, signal)
        if (!some.ok) return some
        if (signal.aborted) return ok(undefined)
        if (some.value === 0) break
        done += some.value
        say({ state: 'measuring', done, total: Math.max(total, done) })
        if (performance.now() - announcedAt < ANNOUNCE_MS) continue
        announcedAt = performance.now()
        onChange('rows')
      }
      if (left.length > 0) say({ state: 'comparing' })
      const grouped = await groupClips(library, dataset, pool, signal)
      if (!grouped.ok) return grouped
      ungrouped.delete(dataset)
      if (grouped.value > 0 || left.some((d) => d.dataset === dataset)) onChange('rows')
    }
    return ok(undefined)
  }

  /** A clip that went to the bin, or came back, changes what its likes are. */
  function markAll(): Result<void> {
    const datasets = library.catalog.all<{ id: number }>('SELECT id FROM datasets')
    if (datasets.every(({ id }) => staleMarks(library.catalog, id).length === 0)) return ok(undefined)
    const marked = library.catalog.transact('groups', (catalog) => ok(datasets.map(({ id }) => setMarks(catalog, staleMarks(catalog, id)))), { undoable: false })
    if (!marked.ok) return marked
    onChange('rows')
    return ok(undefined)
  }

  return {
    get progress() {
      return progress
    },
    wake: schedule,
    pause() {
      paused = true
      stop.abort()
      say({ state: 'paused' })
    },
    resume() {
      paused = false
      schedule()
    },
    holdBack() {
      holders += 1
      stop.abort()
      let held = true
      return () => {
        if (held) holders -= 1
        held = false
        schedule()
      }
    },
    async settled() {
      for (;;) {
        if (running) await running
        else if (asked && may()) {
          if (timer) clearTimeout(timer)
          begin()
        } else return
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true
      if (timer) clearTimeout(timer)
      stop.abort()
      await running
    },
  }
}
