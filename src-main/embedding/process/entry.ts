/** The script of a map's process: takes one job, makes the map and ends. It also ends when its parent is gone. */
import { AppError, connectParent, toAppError } from '../../kit/index.ts'
import { makeMap } from '../make-map.ts'
import type { FromChild, MapJob, MapProgress } from './messages.ts'

const parent = connectParent()
const say = (message: FromChild): Promise<void> => parent.send(message)

/** Milliseconds between two words about progress. */
const PACE = 100
let last = { stage: '', at: 0 }
/** Everything would keep the window busy: a few times a second, and every stage's beginning and end. */
function tell(progress: MapProgress): void {
  const now = performance.now()
  if (progress.stage === last.stage && progress.done < progress.total && now - last.at < PACE) return
  last = { stage: progress.stage, at: now }
  void say({ type: 'progress', progress })
}

parent.onDisconnect(() => process.exit(0))
process.on('SIGINT', () => {}) // the parent decides what an interrupt means
parent.onMessage(async (job) => {
  try {
    await say({ type: 'done', map: await makeMap(job as MapJob, tell) })
  } catch (cause) {
    const error = cause instanceof AppError ? cause : toAppError(cause, 'making the map')
    await say({ type: 'failed', error: error.toJSON() })
  }
  process.exit(0)
})
