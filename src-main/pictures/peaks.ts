import type { DecodePool } from '../audio/index.ts'
import { err, ok, type AppError, type Result } from '../kit/index.ts'
import type { ByteCache } from './byte-cache.ts'
import type { DecodedCopies } from './decoded-copies.ts'
import { createPeakPyramid, type PeakLayout, type PeakPyramid } from './peak-pyramid.ts'
import type { PictureSource } from './picture-source.ts'

export interface MeasureProgress {
  readonly stage: 'decoding' | 'measuring' | 'done'
  /** Samples. */
  readonly done: number
  readonly total: number
}

export interface PeakPairs {
  readonly pairs: Int16Array
  /** False while the recording is measured and these are not all. */
  readonly whole: boolean
}

export interface Peaks {
  /** Measures the recording where that is not done: progress until `done`, or the error. Everyone who asks follows one work. */
  measure(source: PictureSource, signal?: AbortSignal): AsyncGenerator<Result<MeasureProgress>, void, void>
  /** Pairs of one level; undefined where the recording has no such place. Begins to measure where nobody did. */
  pairs(source: PictureSource, level: number, first: number, count: number): Promise<Result<PeakPairs | undefined>>
}

interface Measured {
  readonly pyramid: Promise<PeakPyramid>
  stage: MeasureProgress['stage']
  failure: AppError | null
  /** Resolved and made anew with every step. */
  changed: PromiseWithResolvers<void>
}

/** Samples of one job: the picture grows in steps of about a minute of sound. */
const SPAN = 2 ** 20
/** Jobs under way: each thread has one and another at hand. */
const AHEAD = 4
/** Recordings whose pairs stay in memory, about a thousandth of their samples each. */
const KEPT = 6

export function createPeaks(pool: DecodePool, copies: DecodedCopies, cache: ByteCache, layout: PeakLayout): Peaks {
  const known = new Map<string, Measured>()
  const keyOf = ({ id }: PictureSource): string => `${id}-${layout.bucket}-${layout.factor}`

  function measured(source: PictureSource): Measured {
    const found = known.get(source.id) ?? begin(source)
    known.delete(source.id)
    known.set(source.id, found)
    for (const [id, oldest] of known) {
      if (known.size <= KEPT) break
      if (oldest.stage === 'done') known.delete(id)
    }
    return found
  }

  function begin(source: PictureSource): Measured {
    const pyramid = (async () => {
      const kept = await cache.get(keyOf(source))
      return createPeakPyramid(source.frames, layout, kept ?? undefined)
    })()
    const entry: Measured = { pyramid, stage: 'decoding', failure: null, changed: Promise.withResolvers() }
    void work(source, entry).then((problem) => {
      entry.failure = problem
      if (!problem) entry.stage = 'done'
      // The next question tries again.
      else if (known.get(source.id) === entry) known.delete(source.id)
      announce(entry)
    })
    return entry
  }

  async function work(source: PictureSource, entry: Measured): Promise<AppError | null> {
    const pyramid = await entry.pyramid
    if (pyramid.done === pyramid.frames) return null
    const path = await copies.path(source)
    if (!path.ok) return path.error
    entry.stage = 'measuring'
    announce(entry)
    const jobs: Promise<Result<Int16Array<ArrayBuffer>>>[] = []
    let asked = 0
    const ask = (): void => {
      if (asked >= source.frames) return
      const end = Math.min(source.frames, asked + SPAN)
      jobs.push(pool.extremes({ path: path.value, startSample: asked, endSample: end, bucket: layout.bucket }))
      asked = end
    }
    for (let i = 0; i < AHEAD; i++) ask()
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const pairs = await job
      if (!pairs.ok) return pairs.error
      pyramid.add(pairs.value)
      announce(entry)
      ask()
    }
    void cache.put(keyOf(source), pyramid.toBytes())
    return null
  }

  return {
    async *measure(source, signal) {
      const entry = measured(source)
      const pyramid = await entry.pyramid
      for (;;) {
        // As of now: it may go on while the reader is busy with this step.
        const { changed, stage, failure } = entry
        if (failure) return yield err(failure)
        yield ok({ stage, done: pyramid.done, total: pyramid.frames })
        if (stage === 'done' || signal?.aborted) return
        await Promise.race([changed.promise, aborted(signal)])
      }
    },
    async pairs(source, level, first, count) {
      const entry = measured(source)
      const pyramid = await entry.pyramid
      return entry.failure ? err(entry.failure) : ok(pyramid.pairs(level, first, count))
    },
  }
}

function announce(entry: Measured): void {
  const { changed } = entry
  entry.changed = Promise.withResolvers()
  changed.resolve()
}

const aborted = (signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
