/**
 * The script of the training process: takes one task, does it, answers and ends. It also ends when its parent is
 * gone. An interrupt from the terminal reaches parent and child alike; the parent decides what it means.
 */
import { AppError, connectParent, toAppError, type SerialisedError } from '../../kit/index.ts'
import { evaluateCheckpoint } from '../evaluate.ts'
import type { TrainingEvent } from '../events.ts'
import { train } from '../train.ts'
import type { FromChild, Task, ToChild } from './messages.ts'

const parent = connectParent()
let cancelled = false
const say = (message: FromChild): Promise<void> => parent.send(message)
const context = {
  emit: (event: TrainingEvent) => void say({ type: 'event', event }),
  cancelled: () => cancelled,
}

parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {})
parent.onMessage((raw) => {
  const message = raw as ToChild
  if (message.type === 'cancel') cancelled = true
  else void perform(message.task)
})

async function perform(task: Task): Promise<void> {
  try {
    const result = task.kind === 'train' ? await train(task.job, context) : await evaluateCheckpoint(task.job, context)
    await say({ type: 'done', result })
  } catch (cause) {
    await say({ type: 'failed', error: describe(cause) })
  }
  process.exit(0)
}

function describe(cause: unknown): SerialisedError {
  if (cause instanceof AppError) return cause.toJSON()
  if (cause instanceof Error && 'code' in cause) return toAppError(cause, 'training').toJSON()
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return new AppError('WORKER_DIED', `The training process failed: ${text}`).toJSON()
}
