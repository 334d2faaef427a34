import { Worker } from 'node:worker_threads'
import { AppError, err, fail, ok, type Result } from '../kit/index.ts'
import type { Answer, Job } from './decode-protocol.ts'

/** A job on its way: settled once, by its answer, by cancelling, or by the end of its thread. */
export interface PendingJob {
  readonly message: Job
  settled: boolean
  settle(result: Result<unknown>): void
}

/** One worker thread and the jobs that it was given, in the order in which it does them. */
export interface DecodeThread {
  readonly pending: number
  post(job: PendingJob): void
  /** The job was cancelled: where the thread is at it, it has a moment to finish and is then ended. */
  abandon(job: PendingJob): void
  stop(): Promise<void>
}

interface DecodeThreadOptions {
  readonly entry: URL
  /** Milliseconds for one job, counted from when the thread turns to it. */
  readonly timeLimit: number
  onAnswer(): void
  /** The thread died, or was ended for hanging: its first job has its error, the rest were never begun. */
  onEnd(thread: DecodeThread, unfinished: PendingJob[]): void
}

/** Milliseconds that a cancelled job may still take: most end sooner, and starting a thread costs about as much. */
const GRACE = 200

export function createDecodeThread(options: DecodeThreadOptions): DecodeThread {
  // No flags of the parent (a test runner's loader, a debugger's port) are passed on.
  // A decoder that complains to the console about a damaged file is not heard: its error says it.
  const worker = new Worker(options.entry, { execArgv: [], name: 'decode', stdout: true, stderr: true })
  worker.stdout.resume()
  worker.stderr.resume()
  const jobs: PendingJob[] = []
  let ended = false

  const timer = setTimeout(() => {
    const late = jobs[0]
    // Where this thread itself was held up, answers may lie unread: they are taken first.
    setImmediate(() => {
      if (late === undefined || jobs[0] !== late) return
      end(
        fail('WORKER_DIED', `Decoding took longer than ${options.timeLimit / 1000} s and was given up`, {
          hint: 'The file may be damaged; split a very long recording into shorter files.',
          ...whose(late),
        }),
      )
    })
  }, options.timeLimit)
  /** The clock runs for the job at the head; an idle thread keeps no process alive. */
  const watch = (): void => {
    if (jobs.length > 0) {
      timer.refresh()
      worker.ref()
    } else worker.unref()
  }
  timer.unref()
  worker.unref()

  const end = (blame: Result<unknown>): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    void worker.terminate()
    const [first, ...rest] = jobs.splice(0)
    first?.settle(blame)
    options.onEnd(thread, rest.filter((job) => !job.settled))
  }
  const died = (cause: unknown): void =>
    end(
      fail('WORKER_DIED', `The decoder stopped without an answer: ${cause instanceof Error ? cause.message : String(cause)}`, {
        hint: 'The file may be damaged; the other files go on.',
        cause,
        ...whose(jobs[0]),
      }),
    )

  worker.on('message', (answer: Answer) => {
    const job = jobs.shift()
    if (job && !job.settled) job.settle(answer.ok ? ok(answer.value) : err(AppError.fromJSON(answer.error)))
    watch()
    options.onAnswer()
  })
  // `error` may overtake answers that were sent before it; `exit` comes after all of them.
  let failure: unknown
  worker.on('error', (cause) => (failure = cause))
  worker.on('exit', (code) => died(failure ?? `exit code ${code}`))

  const thread: DecodeThread = {
    get pending() {
      return jobs.length
    },
    post(job) {
      jobs.push(job)
      if (jobs.length === 1) watch()
      worker.postMessage(job.message)
    },
    abandon(job) {
      if (jobs[0] !== job) return
      setTimeout(() => {
        if (jobs[0] === job) died('cancelled')
      }, GRACE).unref()
    },
    async stop() {
      ended = true
      clearTimeout(timer)
      for (const job of jobs.splice(0)) {
        job.settle(fail('CANCELLED', 'The decoders were shut down', whose(job)))
      }
      await worker.terminate()
    },
  }
  return thread
}

const whose = (job: PendingJob | undefined) => (job ? { file: job.message.request.path } : {})
