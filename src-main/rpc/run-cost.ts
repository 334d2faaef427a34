/** What a run's recogniser costs to use: the size of its file, and the time for one clip. */
import { mkdtemp, rm } from 'node:fs/promises'
import { arch, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRun } from '../catalog/index.ts'
import { fail, ok, type Result } from '../kit/index.ts'
import { makeModel, writeModel } from '../models/index.ts'
import { timeModel } from '../recognition/index.ts'
import { keepCost, runState, type RunCost } from '../runs/index.ts'
import type { Services } from './services.ts'

let processor: string | undefined
/** Times of one processor cannot be compared with those of another. */
export const processorName = (): string => (processor ??= `${cpus()[0]?.model.trim() ?? ''} (${arch()})`.trim())

/** Exports the recogniser to a passing file, runs it in a process of its own, and keeps the result with the run. */
export async function measureCost({ library, decodePool }: Services, id: string, signal?: AbortSignal): Promise<Result<RunCost>> {
  const found = getRun(library, id)
  if (!found.ok) return found
  if (runState(found.value) === 'running') return fail('INVALID', `The run ${id} is being trained`, { hint: 'Measure it when it has ended.' })
  const made = await makeModel(library, { run: id, name: null, precision: 'float32' }, { pool: decodePool, signal })
  if (!made.ok) return made
  const { bytes } = made.value
  const folder = await mkdtemp(join(tmpdir(), 'espectro-cost-'))
  try {
    const file = join(folder, 'model.onnx')
    const written = await writeModel(file, bytes)
    if (!written.ok) return written
    const timed = await timeModel(file, signal ? { signal } : {})
    if (!timed.ok) return timed
    const { milliseconds, low, high } = timed.value
    const cost: RunCost = { bytes: bytes.length, milliseconds, low, high, processor: processorName() }
    const kept = keepCost(library, id, cost)
    return kept.ok ? ok(cost) : kept
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
