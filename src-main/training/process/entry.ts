/**
 * The script of the training process: takes one task, does it, answers and ends. It also ends when its parent is
 * gone. An interrupt from the terminal reaches parent and child alike; the parent decides what it means.
 */
import type { DeviceChoice } from '../../runtime/index.ts'
import { AppError, connectParent, toAppError, type SerialisedError } from '../../kit/index.ts'
import { chooseByNetwork } from '../choosing/choose-job.ts'
import { evaluateCheckpoint, type TaskContext } from '../evaluate.ts'
import type { TrainingEvent } from '../events.ts'
import { measure } from '../measure.ts'
import { train } from '../train.ts'
import type { FromChild, Task, TaskResults, ToChild } from './messages.ts'

const parent = connectParent()
let cancelled = false
let ended = false
const say = (message: FromChild): Promise<void> => parent.send(message)
const contextOn = (device: DeviceChoice) => ({
  emit: (event: TrainingEvent) => void say({ type: 'event', event }),
  cancelled: () => cancelled,
  ended: () => ended,
  device,
})

parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {})
parent.onMessage((raw) => {
  const message = raw as ToChild
  if (message.type === 'cancel') cancelled = true
  else if (message.type === 'end') ended = true
  else void perform(message.task, contextOn(message.device))
})

async function perform(task: Task, context: TaskContext): Promise<void> {
  try {
    await say({ type: 'done', result: await resultOf(task, context) })
  } catch (cause) {
    await say({ type: 'failed', error: describe(cause) })
  }
  process.exit(0)
}

function resultOf(task: Task, context: TaskContext): Promise<TaskResults[keyof TaskResults]> {
  switch (task.kind) {
    case 'train':
      return train(task.job, context)
    case 'evaluate':
      return evaluateCheckpoint(task.job, context)
    case 'choose':
      return chooseByNetwork(task.job, context)
    case 'measure':
      return measure(task.job, context)
  }
}

function describe(cause: unknown): SerialisedError {
  if (cause instanceof AppError) return cause.toJSON()
  if (cause instanceof Error && 'code' in cause) return toAppError(cause, 'training').toJSON()
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return new AppError('WORKER_DIED', `The training process failed: ${text}`).toJSON()
}
