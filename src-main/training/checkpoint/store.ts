/**
 * The checkpoints of one run on disk: `step-00000043.safetensors`, of which the two newest are kept, and
 * `best.safetensors` (weights and buffers of the best epoch, without optimiser state). Every file is replaced
 * whole or not at all and verified when it is read; a damaged newest one falls back to the one before.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { err, failPoint, ok, sweepTemporaryFiles, toAppError, writeFileAtomic, fail, type Result } from '../../kit/index.ts'
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts'

const STEP_FILE = /^step-(\d{8,})\.safetensors$/
const BEST_FILE = 'best.safetensors'
const KEPT = 2

export const checkpointPath = (folder: string, step: number): string => join(folder, `step-${String(step).padStart(8, '0')}.safetensors`)
export const bestPath = (folder: string): string => join(folder, BEST_FILE)

/** Writes the checkpoint, then removes all but the two newest. */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<Result<string>> {
  const path = checkpointPath(folder, checkpoint.state.step)
  try {
    failPoint('checkpoint.write')
    await writeFileAtomic(path, encodeCheckpoint(checkpoint))
    failPoint('checkpoint.prune')
    for (const old of (await stepFiles(folder)).slice(KEPT)) await rm(join(folder, old), { force: true })
    return ok(path)
  } catch (cause) {
    return err(toAppError(cause, 'writing a checkpoint', path))
  }
}

/** Writes the best epoch's weights and buffers. */
export async function saveBest(folder: string, checkpoint: Checkpoint): Promise<Result<string>> {
  const path = bestPath(folder)
  try {
    failPoint('checkpoint.best')
    await writeFileAtomic(path, encodeCheckpoint({ ...checkpoint, tensors: checkpoint.tensors.filter((t) => t.role !== 'optimizer') }))
    return ok(path)
  } catch (cause) {
    return err(toAppError(cause, 'writing the best checkpoint', path))
  }
}

export interface NewestCheckpoint {
  readonly checkpoint: Checkpoint
  readonly path: string
  /** Newer files that could not be used, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

/** The newest checkpoint that is whole; `NOT_FOUND` where there is none, `CHECKPOINT_CORRUPT` where all are damaged. */
export async function readNewestCheckpoint(folder: string): Promise<Result<NewestCheckpoint>> {
  const skipped: { path: string; reason: string }[] = []
  for (const name of await stepFiles(folder)) {
    const path = join(folder, name)
    const read = await readCheckpoint(path)
    if (read.ok) return ok({ checkpoint: read.value, path, skipped })
    skipped.push({ path, reason: read.error.message })
  }
  const last = skipped[0]
  if (!last) return fail('NOT_FOUND', 'The run has no checkpoint yet', { file: folder, hint: 'Start it from the beginning.' })
  return fail('CHECKPOINT_CORRUPT', `No checkpoint of the run can be used. ${last.reason}`, { file: last.path, hint: 'Train again from the beginning.' })
}

export async function readCheckpoint(path: string): Promise<Result<Checkpoint>> {
  try {
    return decodeCheckpoint(await readFile(path), path)
  } catch (cause) {
    return err(toAppError(cause, 'reading a checkpoint', path))
  }
}

export const readBest = (folder: string): Promise<Result<Checkpoint>> => readCheckpoint(bestPath(folder))

/** Makes the folder ready: exists, without what a crashed write left. `fresh` also removes older checkpoints. */
export async function prepareCheckpoints(folder: string, fresh: boolean): Promise<void> {
  if (fresh) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await sweepTemporaryFiles(folder)
}

/** Names of the step files, newest first. */
async function stepFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  return names
    .filter((name) => STEP_FILE.test(name))
    .sort((a, b) => Number(STEP_FILE.exec(b)![1]) - Number(STEP_FILE.exec(a)![1]))
}
