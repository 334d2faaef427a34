/**
 * Runs one task in a child process and turns everything that can happen to it into a result: it finishes, fails
 * with an error, is cancelled, or dies.
 */
import { fileURLToPath } from 'node:url'
import { AppError, besideModule, err, ok, startChild as startByDefault, type Result, type StartChild } from '../../kit/index.ts'
import { resolveDevice, type DeviceChoice } from '../../runtime/index.ts'
import type { TrainingEvent } from '../events.ts'
import type { FromChild, Task, TaskResults, ToChild } from './messages.ts'

export interface StartOptions {
  readonly onEvent?: (event: TrainingEvent) => void
  /** Cancels: the child finishes its step, writes a checkpoint and answers with status `cancelled`. */
  readonly signal?: AbortSignal
  /** Ends a training: the child finishes its step, evaluates what it has learned so far and answers with status `ended`. */
  readonly endSignal?: AbortSignal
  /** The child's script, where it is not the one beside this file. */
  readonly entry?: string
  readonly startChild?: StartChild
}

const ownEntry = (): string => fileURLToPath(besideModule('./entry', import.meta.url))

/** The device is chosen here: only this process can try one in a process of its own, and it remembers. */
export async function runInChild<T extends Task>(task: T, options: StartOptions = {}): Promise<Result<TaskResults[T['kind']]>> {
  const device = await resolveDevice(task.job.device)
  return device.ok ? perform(task, device.value, options) : device
}

function perform<T extends Task>(task: T, device: DeviceChoice, options: StartOptions): Promise<Result<TaskResults[T['kind']]>> {
  const { onEvent, signal, endSignal, entry = ownEntry(), startChild = startByDefault } = options
  return new Promise((resolve) => {
    const child = startChild(entry)
    const cancel = () => child.send({ type: 'cancel' } satisfies ToChild)
    let answer: Result<TaskResults[T['kind']]> | undefined
    const end = () => child.send({ type: 'end' } satisfies ToChild)
    child.onMessage((raw) => {
      const message = raw as FromChild
      if (message.type === 'event') onEvent?.(message.event)
      else if (message.type === 'failed') answer = err(AppError.fromJSON(message.error))
      else answer = ok(message.result as TaskResults[T['kind']])
    })
    child.onExit((exit) => {
      signal?.removeEventListener('abort', cancel)
      endSignal?.removeEventListener('abort', end)
      resolve(answer ?? err(died(exit.signal ?? `exit code ${exit.code ?? 'unknown'}`, exit.stderr)))
    })
    signal?.addEventListener('abort', cancel, { once: true })
    endSignal?.addEventListener('abort', end, { once: true })
    child.send({ type: 'start', task, device } satisfies ToChild)
    if (signal?.aborted) cancel()
    if (endSignal?.aborted) end()
  })
}

function died(how: string, stderr: string): AppError {
  const said = stderr.trim().split('\n').slice(-3).join(' ')
  return new AppError('WORKER_DIED', `The training process ended unexpectedly (${how})${said === '' ? '' : `: ${said}`}`, {
    hint: 'Resume the run: it goes on from its newest checkpoint. If it happens again, try a smaller batch, which needs less memory.',
  })
}
