/** The parent's side: one model in its own process, whose end or silence becomes an error. */
import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, fail, ok, startChild as startByDefault, type Result, type StartChild } from '../../kit/index.ts'
import type { ModelInfo } from '../../models/index.ts'
import type { Answers, FromChild, Prepared, Request, ToChild } from './messages.ts'

export interface ModelProcess extends AsyncDisposable {
  readonly info: ModelInfo
  readonly pid: number | undefined
  /** Why the process answers no more, once that is so. */
  readonly ended: AppError | undefined
  /** One clip, mono at `info.sampleRate`, any length → the probability of each label. */
  classify(samples: Float32Array): Promise<Result<Float32Array>>
  /** Makes ready for windows that overlap; the others do so by themselves. */
  prepare(): Promise<Result<Prepared>>
  /** The next samples of an endless signal → [window, label] of the windows that are whole now. */
  stream(samples: Float32Array, hop: number): Promise<Result<Float32Array>>
  /** Windows over a piece of a recording → [window, label]. */
  slide(request: Omit<Extract<Request, { type: 'slide' }>, 'type'>): Promise<Result<Float32Array>>
}

export interface ModelProcessOptions {
  /** Threads within an operation; all cores unless told. */
  readonly threads?: number | undefined
  /** Milliseconds that loading, and one request, may take. */
  readonly loadLimit?: number
  readonly runLimit?: number
  /** Bytes that the process may hold. */
  readonly memory?: number
  /** The process's script, where it is not the one beside this file. */
  readonly entry?: string | undefined
  readonly startChild?: StartChild
}

const ownEntry = (): string => fileURLToPath(besideModule('./entry', import.meta.url))

interface Pending {
  readonly settle: (result: Result<Answers[Request['type']]>) => void
  readonly timer: NodeJS.Timeout
}

export async function startModelProcess(path: string, options: ModelProcessOptions = {}): Promise<Result<ModelProcess>> {
  const { threads, loadLimit = 60_000, runLimit = 60_000, memory = 2 * 2 ** 30, entry = ownEntry(), startChild = startByDefault } = options
  const child = startChild(entry)
  const pending = new Map<number, Pending>()
  let gone: AppError | undefined
  let count = 0
  const exited = new Promise<void>((resolve) =>
    child.onExit((exit) => {
      gone ??= died(path, exit.signal ?? `exit code ${exit.code ?? 'unknown'}`, exit.stderr)
      for (const id of pending.keys()) settle(id, err(gone))
      resolve()
    }),
  )

  function settle(id: number, result: Result<Answers[Request['type']]>): void {
    const waiting = pending.get(id)
    if (!waiting) return
    pending.delete(id)
    clearTimeout(waiting.timer)
    waiting.settle(result)
  }

  child.onMessage((raw) => {
    const message = raw as FromChild
    settle(message.id, 'error' in message ? err(AppError.fromJSON(message.error)) : ok(message.value))
  })

  function ask<R extends Request>(request: R, limit: number): Promise<Result<Answers[R['type']]>> {
    if (gone) return Promise.resolve(err(gone))
    return new Promise((resolve) => {
      const id = count++
      const timer = setTimeout(() => {
        gone = new AppError('MODEL_REFUSED', `The model took longer than ${limit / 1000} s and was stopped.`, { file: path })
        child.kill()
      }, limit)
      pending.set(id, { timer, settle: resolve as Pending['settle'] })
      child.send({ id, request } satisfies ToChild)
    })
  }

  const dispose = async (): Promise<void> => {
    gone ??= new AppError('CANCELLED', 'Recognition was ended.')
    child.kill()
    await exited
  }

  const loaded = await ask({ type: 'load', path, threads: threads ?? null, memory }, loadLimit)
  if (!loaded.ok) {
    await dispose()
    const { code, message, hint } = loaded.error
    return fail(code, message, { file: path, ...(hint === undefined ? {} : { hint }) })
  }
  return ok({
    info: loaded.value,
    pid: child.pid,
    get ended() {
      return gone
    },
    classify: (samples) => ask({ type: 'classify', samples }, runLimit),
    prepare: () => ask({ type: 'prepare' }, loadLimit),
    stream: (samples, hop) => ask({ type: 'stream', samples, hop }, runLimit),
    slide: (request) => ask({ type: 'slide', ...request }, runLimit),
    [Symbol.asyncDispose]: dispose,
  })
}

function died(file: string, how: string, stderr: string): AppError {
  const said = stderr.trim().split('\n').slice(-3).join(' ')
  return new AppError('WORKER_DIED', `The model's process ended unexpectedly (${how})${said === '' ? '' : `: ${said}`}`, {
    file,
    hint: 'The model is damaged, or asks for more than this machine has. Nothing else was harmed.',
  })
}
