/** The training process is killed, its disk fills up, its files are damaged: the run goes on to the same bits. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom, takeLock, unwrap } from '../../src-main/kit/index.ts'
import {
  bestPath,
  checkpointPath,
  readBest,
  readNewestCheckpoint,
  startTraining,
  type TrainingClip,
  type TrainingEvent,
  type TrainingJob,
  type TrainingResult,
} from '../../src-main/training/index.ts'
import { makeToneClips, toneJob } from '../integration/training-data.ts'

let folder = ''
let clips: TrainingClip[] = []
let whole: { result: TrainingResult; weights: unknown; best: unknown }

const job = (name: string, change: Partial<TrainingJob> = {}): TrainingJob => {
  const made = toneJob(join(folder, name), clips, { epochs: 3 }, { checkpointSeconds: 0, ...change }) // 15 steps, a checkpoint after each
  return { ...made, folders: { ...made.folders, features: join(folder, 'features') } }
}
const checkpointsOf = (name: string) => join(folder, name, 'run', 'checkpoints')
const bits = (tensors: readonly { name: string; data: { buffer: ArrayBufferLike } }[]) =>
  tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-kill-'))
  clips = makeToneClips(join(folder, 'tones'))
  const result = unwrap(await startTraining(job('whole')))
  whole = { result, ...(await weightsOf('whole')) }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function weightsOf(name: string) {
  const newest = unwrap(await readNewestCheckpoint(checkpointsOf(name)))
  expect(newest.skipped).toEqual([])
  return { weights: bits(newest.checkpoint.tensors), best: bits(unwrap(await readBest(checkpointsOf(name))).tensors) }
}

/** Trains with a fail point set in the child's environment only. */
async function trainWith(failPoint: string, j: TrainingJob, onEvent: (e: TrainingEvent) => void = () => {}) {
  process.env['ESPECTRO_FAIL_POINT'] = failPoint
  try {
    return await startTraining(j, { onEvent })
  } finally {
    delete process.env['ESPECTRO_FAIL_POINT']
  }
}

async function expectSameEnd(name: string): Promise<TrainingResult> {
  const resumed = unwrap(await startTraining(job(name, { resume: true })))
  expect(await weightsOf(name)).toEqual({ weights: whole.weights, best: whole.best })
  expect(resumed.evaluation).toEqual(whole.result.evaluation)
  expect(resumed.chosen).toEqual(whole.result.chosen)
  expect(readdirSync(checkpointsOf(name)).filter((f) => f.includes('tmp'))).toEqual([])
  return resumed
}

it('is trained by one process at a time: another one is refused by the run’s name and harms nothing', async () => {
  const half = job('shared', { resume: true })
  mkdirSync(half.folders.run, { recursive: true })
  const path = join(half.folders.run, 'training.lock')
  const held = takeLock(path)!
  const refused = await startTraining(half)
  expect(refused.ok ? null : refused.error).toMatchObject({ code: 'RUN_BUSY', file: path, message: 'The run run is being trained by another process' })
  expect(readdirSync(half.folders.run)).toEqual(['training.lock'])
  held.release()
  unwrap(await startTraining({ ...half, resume: false }))
  expect(existsSync(path)).toBe(false)
  expect(await weightsOf('shared')).toEqual({ weights: whole.weights, best: whole.best })
})

describe('a killed training', () => {
  it('goes on to the same bits, however often and wherever it was killed', async () => {
    const random = createRandom('kills')
    let done = 0
    for (let resume = false; ; resume = true) {
      const steps = 1 + random.int(8)
      let start: number | null = null
      const killed = await trainWith(`training.step:${steps}`, job('often', { resume }), (e) => e.type === 'started' && (start = e.resumedFrom))
      expect(start ?? 0).toBe(done) // nothing but the step that was killed is lost
      if (killed.ok) break
      expect(killed.error).toMatchObject({ code: 'WORKER_DIED' })
      expect(killed.error.hint).toContain('Resume')
      done += steps - 1
    }
    expect(done).toBeGreaterThan(0)
    expect(await weightsOf('often')).toEqual({ weights: whole.weights, best: whole.best })
  })

  it.each(['checkpoint.write:7', 'checkpoint.best:2', 'checkpoint.prune:9', 'atomic.sync:8', 'atomic.rename:9'])(
    'is not harmed by dying at %s',
    async (point) => {
      const name = point.replace(':', '-')
      const killed = await trainWith(point, job(name))
      expect(killed.ok ? null : killed.error.code).toBe('WORKER_DIED')
      const resumed = await expectSameEnd(name)
      expect(resumed.resumedFrom).toBeGreaterThan(0)
    },
  )

  it('starts from the beginning where it died before its first checkpoint', async () => {
    await trainWith('training.step:1', job('early'))
    const resumed = await expectSameEnd('early')
    expect(resumed.resumedFrom).toBeNull()
  })
})

describe('a full disk', () => {
  it('stops the training with what was saved intact', async () => {
    const full = await trainWith('atomic.sync:6:ENOSPC', job('full'))
    expect(full.ok ? null : full.error.code).toBe('DISK_FULL')
    expect(unwrap(await readNewestCheckpoint(checkpointsOf('full'))).skipped).toEqual([])
    await expectSameEnd('full')
  })
})

describe('damaged checkpoints', () => {
  const damaged = async (name: string, damage: (folder: string, newest: string) => void) => {
    await trainWith('training.step:12', job(name))
    damage(checkpointsOf(name), checkpointPath(checkpointsOf(name), 11))
    const warnings: string[] = []
    const resumed = await startTraining(job(name, { resume: true }), { onEvent: (e) => e.type === 'warning' && warnings.push(e.message) })
    return { resumed, warnings }
  }

  it('a truncated newest one falls back to the one before', async () => {
    const { resumed, warnings } = await damaged('truncated', (_, newest) => truncateSync(newest, 2000))
    expect(unwrap(resumed).resumedFrom).toBe(10)
    expect(warnings.join()).toContain('passed over')
    expect(await weightsOf('truncated')).toEqual({ weights: whole.weights, best: whole.best })
  })

  it('one flipped bit is enough', async () => {
    const { resumed } = await damaged('flipped', (_, newest) => {
      const bytes = readFileSync(newest)
      bytes[bytes.length - 5]! ^= 1
      writeFileSync(newest, bytes)
    })
    expect(unwrap(resumed).resumedFrom).toBe(10)
  })

  it('with none left that is whole, the run says so', async () => {
    const { resumed } = await damaged('all', (folder) => {
      for (const name of readdirSync(folder)) truncateSync(join(folder, name), 100)
    })
    expect(resumed.ok ? null : resumed.error.code).toBe('CHECKPOINT_CORRUPT')
  })

  it('a damaged best one is looked for anew', async () => {
    const { resumed, warnings } = await damaged('best', (folder) => truncateSync(bestPath(folder), 100))
    expect(warnings.join()).toContain('best')
    expect(unwrap(resumed).status).toBe('finished')
    expect((await weightsOf('best')).weights).toEqual(whole.weights)
  })
})

describe('a killed parent', () => {
  it('takes the training process with it', async () => {
    const script = join(folder, 'parent.ts')
    const room = join(import.meta.dirname, '..', '..', 'src-main', 'training', 'index.ts')
    const long = { ...job('orphan'), settings: { ...job('orphan').settings, epochs: 100_000 }, checkpointSeconds: 1000 }
    writeFileSync(
      script,
      `import { forkChild, startTraining } from ${JSON.stringify(room)}
       const started = (entry) => { const child = forkChild(entry); console.log('pid ' + child.pid); return child }
       void startTraining(${JSON.stringify(long)}, { startChild: started, onEvent: (e) => console.log(e.type) })`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    let pid = 0
    for await (const line of createInterface({ input: parent.stdout })) {
      if (line.startsWith('pid ')) pid = Number(line.slice(4))
      if (line === 'epoch') break
    }
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    for (let tries = 0; isAlive(pid) && tries < 300; tries++) await sleep(100)
    expect(isAlive(pid)).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
