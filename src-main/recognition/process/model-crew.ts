/** Several processes with the same model: each on one core, so that a long recording is shared out in blocks. */
import { stat } from 'node:fs/promises'
import { ok, type Result } from '../../kit/index.ts'
import { startModelProcess, type ModelProcess, type ModelProcessOptions } from './model-process.ts'

export interface ModelCrew extends AsyncDisposable {
  readonly models: readonly [ModelProcess, ...ModelProcess[]]
}

/** Every process holds the weights: large files are loaded once and run on all cores instead. */
const LARGE_FILE = 64 * 2 ** 20
const MOST_PROCESSES = 8

export async function startModelCrew(path: string, cores: number, options: Omit<ModelProcessOptions, 'threads'> = {}): Promise<Result<ModelCrew>> {
  const size = await stat(path).then((s) => s.size, () => 0)
  const count = size > LARGE_FILE ? 1 : Math.min(cores, MOST_PROCESSES)
  const started = await Promise.all(Array.from({ length: count }, () => startModelProcess(path, { ...options, threads: count === 1 ? cores : 1 })))
  const models = started.flatMap((s) => (s.ok ? [s.value] : []))
  const dispose = async () => void (await Promise.all(models.map((model) => model[Symbol.asyncDispose]())))
  const failed = started.find((s) => !s.ok)
  if (failed) {
    await dispose()
    return failed as Result<never>
  }
  return ok({ models: models as [ModelProcess, ...ModelProcess[]], [Symbol.asyncDispose]: dispose })
}
