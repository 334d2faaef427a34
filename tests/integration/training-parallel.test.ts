/** Batches divided among threads: the same numbers as in one session, and the same bits whenever they are repeated. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScope, unwrap } from '../../src-main/kit/index.ts'
import { readNewestCheckpoint, startTraining, type TrainingClip, type TrainingJob } from '../../src-main/training/index.ts'
import { createNetworkEngine, type EngineOptions } from '../../src-main/training/network-engine.ts'
import { createParallelEngine } from '../../src-main/training/parallel/parallel-engine.ts'
import { countReplicas } from '../../src-main/training/training-engine.ts'
import { takesSharedMemory } from '../../src-main/runtime/index.ts'
import { randomBatches } from '../support/trainer.ts'
import { makeToneClips, SEPARABLE, SETTINGS, toneJob } from './training-data.ts'

const options: EngineOptions = {
  architecture: {
    name: 'test',
    title: 'Test',
    input: 'any',
    layers: [
      { type: 'conv2d', filters: 4, kernel: 3 },
      { type: 'tanh' },
      { type: 'avgPool', kernel: 2 },
      { type: 'dropout', rate: 0.3, channels: true },
      { type: 'flatten' },
      { type: 'linear', units: 12 },
      { type: 'tanh' },
      { type: 'dropout', rate: 0.4 },
      { type: 'linear', units: 'classes' },
    ],
  },
  inputShape: [1, 12, 10],
  classes: 5,
  batch: 12,
  loss: { type: 'crossEntropy', labelSmoothing: 0.1 },
  optimizer: { type: 'adamw' },
  clipNorm: 0.5,
  device: 'cpu',
  threads: 2,
  seed: 4,
}
/** With running statistics, of channels and of bands of frequencies. A bias before them would have no gradient but rounding. */
const normalised: EngineOptions['architecture'] = {
  ...options.architecture,
  layers: [{ type: 'conv2d', filters: 4, kernel: 3, bias: false }, { type: 'batchNorm' }, { type: 'tanh' }, { type: 'subSpectralNorm', bands: 5 }, ...options.architecture.layers.slice(2)],
}
const batches = randomBatches(5, options.batch, options.inputShape, options.classes)

async function train(settings: EngineOptions & { readonly direct?: boolean }, replicas: number, steps = 20, restoreAt = -1) {
  await using scope = createScope()
  const create = async () => scope.add(unwrap(await (replicas === 1 ? createNetworkEngine(settings) : createParallelEngine({ ...settings, replicas }))))
  let engine = await create()
  const outcomes = []
  for (let step = 0; step < steps; step++) {
    if (step === restoreAt) {
      const state = await engine.readState()
      engine = await create()
      await engine.loadState(state)
    }
    const { loss, gradientNorm, logits } = await engine.step({ ...batches[step % 5]!, learningRate: 0.003, step })
    outcomes.push({ loss, gradientNorm, logits: [...logits] })
  }
  const size = options.inputShape.reduce((a, b) => a * b)
  const predictions = [...(await engine.predict([batches[0]!.x.subarray(0, size), batches[1]!.x.subarray(0, size)]))]
  return { outcomes, state: await engine.readState(), predictions }
}

const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0))
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => norm(Array.from(a, (v, i) => v - b[i]!)) / norm(b)

describe('a batch divided among threads', () => {
  it.each<[string, Partial<EngineOptions>, number]>([
    ['AdamW, clipping, dropout and label smoothing, two parts', {}, 2],
    ['three parts', {}, 3],
    ['SGD with momentum, no clipping', { optimizer: { type: 'sgd', momentum: 0.9 }, clipNorm: 1e9 }, 2],
    ['mean squared error', { loss: { type: 'meanSquaredError' } }, 2],
    ['batch normalisation of two ghost batches', { architecture: normalised, ghostBatches: 2 }, 2],
    ['batch normalisation of four ghost batches in two parts', { architecture: normalised, ghostBatches: 4 }, 2],
  ])('gives what the whole gives, to rounding, for 20 steps: %s', async (_, change, replicas) => {
    const settings = { ...options, ...change }
    const [whole, parts] = [await train(settings, 1), await train(settings, replicas)]
    whole.outcomes.forEach((expected, i) => {
      const actual = parts.outcomes[i]!
      expect(Math.abs(actual.loss / expected.loss - 1), `loss ${i}`).toBeLessThan(1e-4)
      expect(Math.abs(actual.gradientNorm / expected.gradientNorm - 1), `norm ${i}`).toBeLessThan(1e-4)
      expect(distance(actual.logits, expected.logits), `logits ${i}`).toBeLessThan(1e-4)
    })
    expect(parts.state.map(({ name, shape, role }) => ({ name, shape, role }))).toEqual(whole.state.map(({ name, shape, role }) => ({ name, shape, role })))
    whole.state.forEach((expected, i) => expect(distance(parts.state[i]!.data as Float32Array, expected.data as Float32Array), expected.name).toBeLessThan(1e-4))
    expect(distance(parts.predictions, whole.predictions)).toBeLessThan(1e-4)
    expect(parts.outcomes[19]!.loss).not.toBe(parts.outcomes[0]!.loss)
  })

  it('gives the same bits again, also when the state moves to another engine on the way', async () => {
    const once = await train(options, 2)
    expect(await train(options, 2)).toEqual(once)
    expect(await train(options, 2, 20, 7)).toEqual(once)
  })

  it('gives the same bits where sessions do not take shared memory', async () => {
    expect(await takesSharedMemory()).toBe(true)
    expect(await train({ ...options, direct: false }, 2)).toEqual(await train({ ...options, direct: true }, 2))
  })

  it('updates in shares whatever the optimiser, clipped and unclipped, as the whole does', async () => {
    const { clipNorm: _, ...unclipped } = options
    for (const optimizer of [{ type: 'sgd' }, { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 }, { type: 'adam', weightDecay: 0.01, decayAll: true }] as const)
      for (const settings of [{ ...unclipped, optimizer }, { ...options, optimizer }]) {
        const [whole, parts] = [await train(settings, 1, 5), await train(settings, 3, 5)]
        whole.state.forEach((expected, i) => expect(distance(parts.state[i]!.data as Float32Array, expected.data as Float32Array), expected.name).toBeLessThan(1e-4))
      }
  })

  it('gives other bits for another seed', async () => {
    expect((await train({ ...options, seed: 5 }, 2)).state).not.toEqual((await train(options, 2)).state)
  })
})

describe('a training on two threads', () => {
  let folder = ''
  let clips: TrainingClip[] = []
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'espectro-parallel-'))
    clips = makeToneClips(join(folder, 'tones'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const job = (name: string, change: Partial<TrainingJob> = {}) => toneJob(join(folder, name), clips, { architecture: SEPARABLE, epochs: 12 }, { threads: 2, ...change })
  const weightsOf = async (name: string) => {
    const { checkpoint } = unwrap(await readNewestCheckpoint(join(folder, name, 'run', 'checkpoints')))
    return checkpoint.tensors.map((t) => [t.name, Buffer.from(t.data.buffer).toString('base64')])
  }

  it('divides its batches, and cancelled and resumed ends with the same bits', async () => {
    const { loss, optimizer, batch, seed } = SETTINGS
    expect(unwrap(countReplicas({ architecture: SEPARABLE, inputShape: [1, 16, 16], classes: 3, batch, loss, optimizer, device: 'cpu', threads: 2, seed }))).toBe(2)
    const whole = unwrap(await startTraining(job('whole')))
    expect(whole).toMatchObject({ status: 'finished', threads: 2 })
    const controller = new AbortController()
    const cut = await startTraining(job('cut'), { signal: controller.signal, onEvent: (e) => e.type === 'epoch' && e.epoch === 3 && controller.abort() })
    expect(unwrap(cut).status).toBe('cancelled')
    const resumed = unwrap(await startTraining(job('cut', { resume: true })))
    expect(resumed).toMatchObject({ status: 'finished', resumedFrom: unwrap(cut).steps })
    expect(await weightsOf('cut')).toEqual(await weightsOf('whole'))
    expect(resumed.evaluation).toEqual(whole.evaluation)
  })
})
