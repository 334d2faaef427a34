/** Where a training starts: from nothing, or from the newest checkpoint of its run that is whole. */
import { AppError, toAppError } from '../kit/index.ts'
import type { CheckpointState, StateTensor } from './checkpoint/checkpoint.ts'
import { prepareCheckpoints, readBest, readNewestCheckpoint } from './checkpoint/store.ts'
import type { TrainingEvent } from './events.ts'

export interface Start {
  readonly state: CheckpointState | null
  readonly tensors: readonly StateTensor[] | null
  /** Weights and buffers of the best epoch. */
  readonly best: readonly StateTensor[] | null
}

/** `jobHashes`: of the job, and of what it was before it was given more epochs. Throws an AppError: `INVALID` where the checkpoint belongs to other settings or other data. */
export async function findStart(folder: string, resume: boolean, jobHashes: readonly string[], emit: (event: TrainingEvent) => void): Promise<Start> {
  const nothing: Start = { state: null, tensors: null, best: null }
  try {
    await prepareCheckpoints(folder, !resume)
  } catch (cause) {
    throw toAppError(cause, 'preparing the run', folder)
  }
  if (!resume) return nothing
  const newest = await readNewestCheckpoint(folder)
  if (!newest.ok) {
    if (newest.error.code !== 'NOT_FOUND') throw newest.error
    emit({ type: 'warning', message: 'The run had no checkpoint yet and starts from the beginning' })
    return nothing
  }
  const { checkpoint, skipped } = newest.value
  for (const { path, reason } of skipped) emit({ type: 'warning', message: `A damaged checkpoint was passed over: ${reason}`, file: path })
  const { state, tensors } = checkpoint
  if (!jobHashes.includes(state.jobHash)) {
    throw new AppError('INVALID', 'The run cannot go on: its clips or settings are no longer those it was started with', {
      hint: 'Start a new run.',
    })
  }
  if (!state.best) return { state, tensors, best: null }
  const best = await readBest(folder)
  if (best.ok && jobHashes.includes(best.value.state.jobHash) && best.value.state.best) {
    // The best epoch may be later than the checkpoint: it was written just before the crash.
    return { state: { ...state, best: best.value.state.best }, tensors, best: best.value.tensors }
  }
  emit({ type: 'warning', message: 'The best weights so far cannot be read; the best epoch is looked for anew', file: folder })
  return { state: { ...state, best: null }, tensors, best: null }
}
