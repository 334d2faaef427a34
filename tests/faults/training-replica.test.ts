/** A thread that trains a part of each batch fails or dies: the training ends with its error and never hangs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError, unwrap } from '../../src-main/kit/index.ts'
import { readNewestCheckpoint, startTraining, type TrainingClip, type TrainingJob } from '../../src-main/training/index.ts'
import { createParallelEngine, type ParallelOptions } from '../../src-main/training/parallel/parallel-engine.ts'
import { makeToneClips, SEPARABLE, toneJob } from '../integration/training-data.ts'

let folder = ''
let clips: TrainingClip[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-replica-'))
  clips = makeToneClips(join(folder, 'tones'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const options: ParallelOptions = {
  architecture: SEPARABLE,
  inputShape: [1, 16, 16],
  classes: 3,
  batch: 8,
  loss: { type: 'crossEntropy' },
  optimizer: { type: 'adamw' },
  device: 'cpu',
  threads: 2,
  seed: 1,
  replicas: 2,
}
const input = { x: new Float32Array(8 * 256), target: new Float32Array(24).fill(1 / 3), learningRate: 0.01, step: 0 }

/** A thread's script that says it is ready and then does what is given, at the first step. */
function script(name: string, atFirstStep: string): URL {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(
    path,
    `import { parentPort, workerData } from 'node:worker_threads'
     const { counters } = workerData.memory
     parentPort.postMessage({ type: 'ready' })
     Atomics.wait(counters, 0, 0)
     if (Atomics.load(counters, 0) > 0) { ${atFirstStep} }`,
  )
  return pathToFileURL(path)
}

describe('a thread of a divided batch', () => {
  it.each([
    ['ends', 'process.exit(3)', 'exit code 3'],
    ['throws', "throw new Error('out of luck')", 'out of luck'],
  ])('that %s in a step ends the step with an error', async (name, code, text) => {
    await using engine = unwrap(await createParallelEngine({ ...options, replicaEntry: script(name, code) }))
    const failure: unknown = await engine.step(input).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(AppError)
    expect(failure).toMatchObject({ code: 'WORKER_DIED' })
    expect((failure as AppError).message).toContain(text)
    await expect(engine.step(input)).rejects.toMatchObject({ code: 'WORKER_DIED' })
  })

  it('that reports an error ends the step with that error', async () => {
    const report = `parentPort.postMessage({ type: 'failed', error: { code: 'MODEL_INVALID', message: 'The model failed' } })
      Atomics.store(counters, 2, -1); Atomics.notify(counters, 2)`
    await using engine = unwrap(await createParallelEngine({ ...options, replicaEntry: script('report', report) }))
    await expect(engine.step(input)).rejects.toMatchObject({ code: 'MODEL_INVALID', message: 'The model failed' })
  })

  it('that does not start is an error, not an engine', async () => {
    const created = await createParallelEngine({ ...options, replicaEntry: pathToFileURL(join(folder, 'missing.mjs')) })
    expect(created.ok ? null : created.error.code).toBe('WORKER_DIED')
  })
})

describe('a training on two threads', () => {
  const job = (name: string, change: Partial<TrainingJob> = {}) =>
    toneJob(join(folder, name), clips, { architecture: SEPARABLE }, { threads: 2, checkpointSeconds: 0, ...change })
  const weightsOf = async (name: string) => {
    const { checkpoint } = unwrap(await readNewestCheckpoint(join(folder, name, 'run', 'checkpoints')))
    return checkpoint.tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])
  }
  async function trainWith(failPoint: string, j: TrainingJob) {
    process.env['ESPECTRO_FAIL_POINT'] = failPoint
    try {
      return await startTraining(j)
    } finally {
      delete process.env['ESPECTRO_FAIL_POINT']
    }
  }

  beforeAll(async () => void unwrap(await startTraining(job('whole'))))

  it.each([
    ['killed in a part of a step', 'training.replica:13'],
    ['whose thread fails', 'training.replica:13:EIO'],
  ])('%s goes on to the same bits', async (name, point) => {
    const broken = await trainWith(point, job(name))
    expect(broken.ok ? null : broken.error).toMatchObject({ code: 'WORKER_DIED' })
    expect(unwrap(await startTraining(job(name, { resume: true }))).resumedFrom).toBe(12)
    expect(await weightsOf(name)).toEqual(await weightsOf('whole'))
  })
})
