/** A thread that varies the sound of clips fails or dies: the training ends with its error, never hangs, and goes on to the same bits. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePolicy } from '../../src-main/augment/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { readNewestCheckpoint, startTraining, type TrainingClip, type TrainingJob } from '../../src-main/training/index.ts'
import { makeToneClips, toneJob } from '../integration/training-data.ts'

let folder = ''
let clips: TrainingClip[] = []
const augment = unwrap(parsePolicy({ version: 1, renewEvery: 2, steps: [{ type: 'speed', factor: 1.1 }, { type: 'noise', snrLow: 10, snrHigh: 30 }, { type: 'timeMask', width: 3 }] }))
const job = (name: string, change: Partial<TrainingJob> = {}) => toneJob(join(folder, name), clips, { augment }, { checkpointSeconds: 0, ...change })
const store = (name: string) => join(folder, name, 'run', 'training-clips.f32')

const weightsOf = async (name: string) =>
  unwrap(await readNewestCheckpoint(join(folder, name, 'run', 'checkpoints'))).checkpoint.tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])

async function trainWith(failPoint: string, j: TrainingJob) {
  process.env['ESPECTRO_FAIL_POINT'] = failPoint
  try {
    return await startTraining(j)
  } finally {
    delete process.env['ESPECTRO_FAIL_POINT']
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-augmenting-'))
  clips = makeToneClips(join(folder, 'tones'))
  unwrap(await startTraining(job('whole')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a training whose sound is varied', () => {
  it.each([
    ['killed while a thread makes a batch', 'training.augmenting:13', true],
    ['whose thread fails', 'training.augmenting:13:EIO', false],
    ['killed in a step', 'training.step:9', true],
  ])('%s goes on to the same bits, and its sound is deleted at the end', async (name, point, killed) => {
    const broken = await trainWith(point, job(name))
    expect(broken.ok ? null : broken.error).toMatchObject({ code: 'WORKER_DIED' })
    expect(existsSync(store(name))).toBe(killed)
    const resumed = unwrap(await startTraining(job(name, { resume: true })))
    expect(resumed.status).toBe('finished')
    expect(await weightsOf(name)).toEqual(await weightsOf('whole'))
    expect(existsSync(store(name))).toBe(false)
  })
})
