import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeAudio } from '../../src-main/audio/index.ts'
import { keepClip, parsePolicy, type AugmentPolicy, type KeptClip } from '../../src-main/augment/index.ts'
import { createFittedFrontEndModel, frontEndShape } from '../../src-main/features/index.ts'
import { unwrap } from '../../src-main/kit/index.ts'
import { createSession } from '../../src-main/runtime/index.ts'
import { readNewestCheckpoint, startTraining, type TrainingClip, type TrainingResult } from '../../src-main/training/index.ts'
import { createAugmentedRows } from '../../src-main/training/augmenting/augmented-rows.ts'
import { createClipPool } from '../../src-main/training/augmenting/clip-pool.ts'
import { writeClipStore } from '../../src-main/training/augmenting/clip-store.ts'
import { createMixer } from '../../src-main/training/batch-maker.ts'
import { createBatchOrder } from '../../src-main/training/batch-order.ts'
import { frontEndRunner } from '../../src-main/training/front-end-runner.ts'
import { createVariations } from '../../src-main/training/variation.ts'
import { readFileSync } from 'node:fs'
import { LABELS, makeToneClips, SETTINGS, toneJob } from './training-data.ts'

const policy = (more: object = {}): AugmentPolicy =>
  unwrap(parsePolicy({
    version: 1,
    steps: [
      { type: 'speed', factor: 1.1 }, { type: 'timeShift', seconds: 0.03 }, { type: 'reverb', rt60Low: 0.05, rt60High: 0.1, probability: 0.5 },
      { type: 'noise', sources: ['white', 'babble', 'clips'], label: 'HIGH', snrLow: 10, snrHigh: 30, probability: 0.7 },
      { type: 'frequencyMask', width: 3 }, { type: 'timeMask', width: 3 },
    ],
    ...more,
  }))
const { frontEnd } = SETTINGS
const size = frontEndShape(frontEnd).reduce((a, b) => a * b, 1)

let folder = ''
let clips: TrainingClip[] = []
let kept: KeptClip[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'espectro-augment-'))
  clips = makeToneClips(join(folder, 'tones'))
  const training = clips.filter((c) => c.split === 'train')
  kept = await Promise.all(training.map(async ({ path }) => keepClip(unwrap(await decodeAudio(new Uint8Array(readFileSync(path)), path)).channels[0]!, frontEnd)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('batches made by threads', () => {
  const orderOptions = (): { clips: number; batch: number; seed: number } => ({ clips: kept.length, batch: 8, seed: 5 })
  const labels = () => Int32Array.from(clips.filter((c) => c.split === 'train'), (c) => c.label)
  const normalisation = { mean: [0.1], std: [0.7] }

  async function byThreads(threads: number, augment: AugmentPolicy, from: number, steps: number): Promise<Float32Array[]> {
    const path = join(folder, `store-${threads}`)
    const store = await writeClipStore(path, kept.length, (async function* () {
      yield* kept
    })())
    const order = createBatchOrder(orderOptions())
    await using rows = await createAugmentedRows({
      threads, batches: order, size, from, end: from + steps, order: orderOptions(), seed: 5, store, labels: labels(), labelNames: LABELS, frontEnd, policy: augment, normalisation,
    })
    const made: Float32Array[] = []
    for (let step = from; step < from + steps; step++) {
      const x = new Float32Array(8 * size)
      await rows.fill(step, order.at(step), x)
      made.push(x)
    }
    return made
  }

  /** Each clip by itself, as the preview makes it. */
  async function oneByOne(augment: AugmentPolicy, from: number, steps: number): Promise<Float32Array[]> {
    await using session = unwrap(await createSession(createFittedFrontEndModel(frontEnd), { device: 'cpu', threads: 1 }))
    const variations = createVariations({
      frontEnd, policy: augment, normalisation, seed: 5, pool: createClipPool(labels(), LABELS), clip: (i) => kept[i]!, run: frontEndRunner(session),
    })
    const order = createBatchOrder(orderOptions())
    const mix = createMixer(augment, 8, 5)
    const made: Float32Array[] = []
    for (let step = from; step < from + steps; step++) {
      const x = new Float32Array(8 * size)
      const { clip, pass } = order.at(step)
      for (let i = 0; i < 8; i++) {
        const place = { clip: clip[i]!, pass: pass[i]! }
        const [variant] = await variations.variants([place])
        variations.finish(place, variant!, x.subarray(i * size, (i + 1) * size))
      }
      mix(step, x)
      made.push(x)
    }
    return made
  }

  it.each([
    ['in every pass', { renewEvery: 1 }],
    ['every third pass', { renewEvery: 3 }],
    ['with a mixture', { steps: [...policy().steps, { type: 'mixup', alpha: 0.4 }] }],
  ])('are what each clip by itself gives, bit for bit, with any number of threads and from any step: sound renewed %s', async (_, more) => {
    const augment = policy(more)
    const wanted = await oneByOne(augment, 0, 20)
    expect(await byThreads(1, augment, 0, 20)).toEqual(wanted)
    expect(await byThreads(3, augment, 0, 20)).toEqual(wanted)
    expect(await byThreads(2, augment, 13, 7)).toEqual(wanted.slice(13))
    expect(new Set(wanted.map((x) => x.join())).size).toBe(20)
  })

  it('draw noise of a label from the training clips of that label, whatever its case', async () => {
    const noise = policy({ steps: [{ type: 'noise', sources: ['clips'], label: 'High', snrLow: 0, snrHigh: 0 }] })
    const pool = createClipPool(labels(), LABELS)
    expect(pool.labelled('high')).toHaveLength(12)
    expect(pool.labelled('absent')).toHaveLength(0)
    const [one] = await byThreads(1, noise, 0, 1)
    expect(one).not.toEqual((await byThreads(1, policy({ steps: [{ type: 'gain', low: 0, high: 0 }] }), 0, 1))[0])
  })
})

describe('a training whose sound is varied', () => {
  const weightsOf = async (run: string) =>
    unwrap(await readNewestCheckpoint(join(run, 'run', 'checkpoints'))).checkpoint.tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])
  const withoutTimes = (r: TrainingResult) => r.history.map((h) => ({ ...h, seconds: 0, stepShare: 0 }))

  it('is the same when it was cancelled and resumed, and leaves no sound behind', async () => {
    const settings = { epochs: 10, augment: policy({ renewEvery: 3 }) }
    const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')]
    const uninterrupted = unwrap(await startTraining(toneJob(whole, clips, settings)))
    expect(uninterrupted.evaluation.test?.accuracy).toBeGreaterThan(0.8)
    expect(uninterrupted.history.every((h) => h.stepShare !== undefined && h.stepShare > 0 && h.stepShare <= 1)).toBe(true)
    const controller = new AbortController()
    const cancelled = unwrap(
      await startTraining(toneJob(cut, clips, settings), { signal: controller.signal, onEvent: (e) => e.type === 'epoch' && e.epoch === 4 && controller.abort() }),
    )
    expect(cancelled).toMatchObject({ status: 'cancelled' })
    const resumed = unwrap(await startTraining(toneJob(cut, clips, settings, { resume: true })))
    expect(resumed).toMatchObject({ status: 'finished', resumedFrom: cancelled.steps })
    expect(await weightsOf(cut)).toEqual(await weightsOf(whole))
    expect(withoutTimes(resumed)).toEqual(withoutTimes(uninterrupted))
    for (const run of [whole, cut]) expect(existsSync(join(run, 'run', 'training-clips.f32'))).toBe(false)
  })

  it('mixes clips, balances classes by sampling and by weights', async () => {
    const few = clips.filter((c) => !(c.split === 'train' && c.label === 0 && c.id % 4 > 0))
    const augment = unwrap(parsePolicy({ version: 1, steps: [{ type: 'frequencyMask', width: 3 }, { type: 'mixup', alpha: 0.2 }] }))
    for (const balance of ['sampling', 'weights'] as const) {
      const result = unwrap(await startTraining(toneJob(join(folder, balance), few, { augment, balance, epochs: 12 })))
      expect(result.evaluation.test?.balancedAccuracy).toBeGreaterThan(0.8)
    }
  })

  it('says that no training clip has the label of the noise', async () => {
    const augment = policy({ steps: [{ type: 'noise', sources: ['clips'], label: 'traffic', snrLow: 0, snrHigh: 9 }] })
    const refused = await startTraining(toneJob(join(folder, 'refused'), clips, { augment }))
    expect(refused.ok ? null : refused.error).toMatchObject({ code: 'INVALID', message: expect.stringContaining('traffic') })
  })
})
