/** How a run stands: what the catalog says of it, and whether a living process trains it. */
import type { RunRecord, RunStatus } from '../catalog/index.ts'
import { isLocked } from '../kit/index.ts'
import { runFiles } from '../training/index.ts'

export const isTrained = (run: Pick<RunRecord, 'folder'>): boolean => isLocked(runFiles(run.folder).lock)

/** `interrupted`: its training was under way when the program, or the machine, went down. It can go on. */
export type RunState = RunStatus | 'interrupted'

export const runState = (run: Pick<RunRecord, 'folder' | 'status'>): RunState =>
  run.status === 'running' && !isTrained(run) ? 'interrupted' : run.status
