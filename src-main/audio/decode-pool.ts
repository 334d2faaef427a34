import { availableParallelism } from 'node:os'
import { assert, besideModule, fail, type Result } from '../kit/index.ts'
import type { Analysis } from './analyse.ts'
import type { DecodeRequest, ExtremesRequest, Inspection, MonoSound, ToWavRequest } from './audio-file.ts'
import type { NearPair } from './near-pairs.ts'
import { createDecodeThread, type DecodeThread, type PendingJob } from './decode-thread.ts'
import type { Answers, Job, MonoLength } from './decode-protocol.ts'
import type { EnergyEnvelope } from './envelope.ts'
import type { AudioInfo } from './pcm.ts'

export interface JobOptions {
  /** Aborting answers `CANCELLED` at once; a thread that does not come back soon is replaced. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Threads that read audio files. Every job ends in a value or in one error that names the file: a decoder
 * that crashes or hangs costs its own file only, and its thread is replaced.
 */
export interface DecodePool extends AsyncDisposable {
  readonly workers: number
  /** Mono samples of a file or of a span of it (samples at the file's own rate), then resampled. */
  decode(request: DecodeRequest, options?: JobOptions): Promise<Result<MonoSound>>
  /** Quality, hash and fingerprint of a file or of a span of it, at the file's own rate. */
  analyse(request: Omit<DecodeRequest, 'sampleRate'>, options?: JobOptions): Promise<Result<Analysis>>
  /** Pairs of fingerprints that are alike; it may take a thread for many seconds. */
  nearPairs(fingerprints: Int8Array, options?: JobOptions): Promise<Result<readonly NearPair[]>>
  probe(path: string, options?: JobOptions): Promise<Result<AudioInfo>>
  /** The file's hash and header, its bytes read once. */
  inspect(path: string, options?: JobOptions): Promise<Result<Inspection>>
  /** How loud a whole file is from frame to frame. */
  measure(path: string, options?: JobOptions): Promise<Result<EnergyEnvelope>>
  /** The lowest and the highest sample of each bucket of a span: pairs of 16-bit integers. */
  extremes(request: ExtremesRequest, options?: JobOptions): Promise<Result<Int16Array<ArrayBuffer>>>
  /** Decodes a whole file into a mono 16-bit WAV of the same rate, written whole or not at all. */
  toWav(request: ToWavRequest, options?: JobOptions): Promise<Result<MonoLength>>
  /**
   * Decodes one after another in the order of the requests, working ahead by a few so that all threads are
   * busy: memory holds that many results, however long the list and however slow the reader.
   */
  decodeAll(requests: Iterable<DecodeRequest>, options?: JobOptions): AsyncGenerator<Result<MonoSound>, void, void>
  /** The same for `inspect`. */
  inspectAll(paths: Iterable<string>, options?: JobOptions): AsyncGenerator<Result<Inspection>, void, void>
}

export interface DecodePoolOptions {
  /** Threads; as many as the machine runs at once, at most eight, unless told. */
  readonly workers?: number
  /** Milliseconds that one file may take; two minutes unless told. */
  readonly timeLimit?: number
  /** The worker's entry, where a bundled build has put it elsewhere than beside this module. */
  readonly workerEntry?: URL
}

/** Small files are answered faster than a message travels: a thread has the next jobs at hand. */
const JOBS_AHEAD = 8

export function createDecodePool(options: DecodePoolOptions = {}): DecodePool {
  const size = options.workers ?? Math.min(8, availableParallelism())
  assert(Number.isInteger(size) && size >= 1, `a decode pool of ${size} workers`)
  const { timeLimit = 120_000, workerEntry = besideModule('./decode-worker', import.meta.url) } = options
  const waiting: PendingJob[] = []
  const threads: DecodeThread[] = []
  let nextId = 0
  let disposed = false

  const dispatch = (): void => {
    while (waiting.length > 0) {
      const thread = threads.reduce<DecodeThread | undefined>(
        (best, t) => (t.pending < (best?.pending ?? JOBS_AHEAD) ? t : best),
        undefined,
      )
      if (threads.length < size && (thread === undefined || thread.pending > 0)) threads.push(start())
      else if (thread === undefined) return
      else {
        const job = waiting.shift()!
        if (!job.settled) thread.post(job)
      }
    }
  }

  const start = (): DecodeThread =>
    createDecodeThread({
      entry: workerEntry,
      timeLimit,
      onAnswer: dispatch,
      onEnd: (thread, unfinished) => {
        threads.splice(threads.indexOf(thread), 1)
        waiting.unshift(...unfinished)
        dispatch()
      },
    })

  const submit = async <K extends keyof Answers>(
    kind: K,
    request: Extract<Job, { kind: K }>['request'],
    { signal }: JobOptions = {},
  ): Promise<Result<Answers[K]>> => {
    if (disposed) return fail('CANCELLED', 'The decoders were shut down', { file: request.path })
    if (signal?.aborted === true) return cancelled(request.path)
    const { promise, resolve } = Promise.withResolvers<Result<unknown>>()
    const job: PendingJob = {
      // A kind and its request: the type of the pair is lost in the generic.
      message: { id: nextId++, kind, request } as Job,
      settled: false,
      settle(result) {
        job.settled = true
        resolve(result)
      },
    }
    const onAbort = () => {
      job.settle(cancelled(request.path))
      for (const thread of threads) thread.abandon(job)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    waiting.push(job)
    dispatch()
    const result = await promise
    signal?.removeEventListener('abort', onAbort)
    // The protocol pairs each kind of job with its answer (`Answers`), and the worker is ours.
    return result as Result<Answers[K]>
  }

  const inOrder = async function* <T, R>(
    items: Iterable<T>,
    begin: (item: T) => Promise<Result<R>>,
  ): AsyncGenerator<Result<R>, void, void> {
    const begun: Promise<Result<R>>[] = []
    for (const item of items) {
      begun.push(begin(item))
      if (begun.length >= size * JOBS_AHEAD) yield await begun.shift()!
    }
    for (const result of begun) yield await result
  }

  const decode = (request: DecodeRequest, o?: JobOptions) => submit('decode', request, o)
  const inspect = (path: string, o?: JobOptions) => submit('inspect', { path }, o)
  return {
    workers: size,
    decode,
    inspect,
    probe: (path, o) => submit('probe', { path }, o),
    analyse: (request, o) => submit('analyse', { ...request, sampleRate: null }, o),
    nearPairs: (fingerprints, o) => submit('nearPairs', { path: 'the comparison of fingerprints', fingerprints }, o),
    measure: (path, o) => submit('measure', { path }, o),
    extremes: (request, o) => submit('extremes', request, o),
    toWav: (request, o) => submit('toWav', request, o),
    decodeAll: (requests, o) => inOrder(requests, (request) => decode(request, o)),
    inspectAll: (paths, o) => inOrder(paths, (path) => inspect(path, o)),
    async [Symbol.asyncDispose]() {
      disposed = true
      for (const job of waiting.splice(0)) job.settle(fail('CANCELLED', 'The decoders were shut down'))
      await Promise.all(threads.splice(0).map((thread) => thread.stop()))
    },
  }
}

const cancelled = (file: string) => fail('CANCELLED', 'Cancelled', { file })

