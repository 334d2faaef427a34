import { resolve } from 'node:path'
import { listRuns } from '../../catalog/index.ts'
import { fail, ok } from '../../kit/index.ts'
import { exportRunLog, type LogFormat } from '../../runs/index.ts'
import { withLibrary } from '../with-library.ts'

export const writeLogs = withLibrary(async (library, { console }, folder: string, runs: readonly string[], { format }: { format: LogFormat }) => {
  const ids = runs.length > 0 ? runs : listRuns(library).filter((r) => r.startedAt !== null).map((r) => r.id)
  if (ids.length === 0) return fail('NOT_FOUND', 'No run has begun yet', { hint: 'Train one: espectro train DATASET' })
  const files: string[] = []
  for (const id of ids) {
    const written = await exportRunLog(library, id, format, resolve(folder))
    if (!written.ok) return written
    files.push(written.value)
    console.say(written.value)
  }
  console.say(format === 'tensorboard' ? `To look at them: tensorboard --logdir ${folder}` : `To send them: wandb sync ${folder}/wandb/offline-run-*`)
  return ok({ files })
})
