import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import {
  appendNetwork,
  architectures,
  createForward,
  createTrainingStep,
  Graph,
  planNetwork,
  toOnnx,
  type Architecture,
  type LayerSpec,
  type TrainingStepRequest,
} from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { createTrainer, randomBatches } from '../../support/trainer.ts'

const lenet5: TrainingStepRequest = {
  architecture: architectures.get('lenet5')!,
  inputShape: [1, 28, 28],
  classes: 10,
  batch: 16,
  loss: { type: 'crossEntropy', labelSmoothing: 0.05 },
  optimizer: { type: 'adamw' },
  clipNorm: 1,
}
const network = (...layers: LayerSpec[]): Architecture => ({ name: 'test', title: 'Test', input: 'any', layers })

async function trained(request: TrainingStepRequest, steps: number, options: { seed?: number; threads?: number } = {}) {
  await using trainer = await createTrainer(request, options)
  const batches = randomBatches(3, request.batch, request.inputShape, request.classes)
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push((await trainer.run(batches[i % 3]!, 0.003)).loss)
  return { losses, state: await trainer.state(), batches, step: trainer.step }
}

async function logitsOf(model: Uint8Array, x: Float32Array, shape: readonly number[], state: ReadonlyMap<string, Float32Array> = new Map(), specs: readonly { name: string; shape: readonly number[] }[] = []) {
  await using session = unwrap(await createSession(model, { device: 'cpu', threads: 1 }))
  const feeds = Object.fromEntries(specs.map((s) => [s.name, tensor(state.get(s.name)!, s.shape)]))
  return floats((await session.run({ x: tensor(x, shape), ...feeds }))['logits']!).slice()
}

const largestDifference = (a: Float32Array, b: Float32Array) => a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i]!)), 0)

describe('the training step', () => {
  it('learns: LeNet-5 tells ten noisy patterns apart', async () => {
    const { losses } = await trained({ ...lenet5, loss: { type: 'crossEntropy' } }, 60)
    expect(losses[0]).toBeGreaterThan(1.5)
    expect(losses.at(-1)).toBeLessThan(0.05)
  })

  it('is bitwise the same for the same seed and threads, dropout included, and another for another seed', async () => {
    const layers = [...architectures.get('lenet5')!.layers]
    layers.splice(-1, 0, { type: 'dropout', rate: 0.4 })
    const request = { ...lenet5, architecture: network(...layers) }
    const [a, b, c] = [await trained(request, 12), await trained(request, 12), await trained(request, 12, { seed: 2 })]
    expect(a.losses).toEqual(b.losses)
    for (const [name, values] of a.state) expect(Buffer.from(values.buffer).equals(Buffer.from(b.state.get(name)!.buffer)), name).toBe(true)
    expect(c.losses).not.toEqual(a.losses)
  })

  it('gives the norm of each gradient and of all before clipping', async () => {
    await using trainer = await createTrainer({ ...lenet5, clipNorm: 0.01, gradientOutputs: true })
    const [batch] = randomBatches(1, 16, [1, 28, 28], 10)
    const result = await trainer.run(batch!, 0.1)
    const norms = trainer.step.network.parameters.map((p) => Math.hypot(...result.gradients.get(p.name)!))
    expect(result.gradientNorms).toHaveLength(norms.length)
    norms.forEach((n, i) => expect(result.gradientNorms[i]! / n).toBeCloseTo(1, 5))
    const norm = Math.hypot(...norms)
    expect(result.gradientNorm / norm).toBeCloseTo(1, 5)
    expect(norm).toBeGreaterThan(0.01)
  })

  it('clips: a step of plain SGD is never longer than rate × limit', async () => {
    await using trainer = await createTrainer({ ...lenet5, optimizer: { type: 'sgd' }, clipNorm: 0.5 })
    const before = await trainer.state()
    const [batch] = randomBatches(1, 16, [1, 28, 28], 10)
    const { gradientNorm } = await trainer.run({ ...batch!, x: batch!.x.map((v) => 20 * v) }, 0.1)
    expect(gradientNorm).toBeGreaterThan(0.5)
    const after = await trainer.state()
    const moved = Math.sqrt([...after].reduce((s, [name, w]) => s + w.reduce((t, v, i) => t + (v - before.get(name)![i]!) ** 2, 0), 0))
    expect(moved).toBeCloseTo(0.05, 5)
  })

  it('weight decay leaves biases and normalisation alone unless told', async () => {
    const architecture = network({ type: 'batchNorm' }, { type: 'flatten' }, { type: 'linear', units: 'classes' })
    const zero = { x: new Float32Array(4 * 6), target: Float32Array.from({ length: 12 }, () => 1 / 3) }
    const after = async (decayAll: boolean) => {
      const optimizer = { type: 'adamw', weightDecay: 0.1, decayAll } as const
      await using trainer = await createTrainer({ architecture, inputShape: [2, 3, 1], classes: 3, batch: 4, loss: { type: 'crossEntropy' }, optimizer })
      const before = await trainer.state()
      await trainer.run(zero, 0.5)
      const now = await trainer.state()
      return { before, now }
    }
    const some = await after(false)
    expect([...some.now.get('norm1.scale')!]).toEqual([1, 1])
    some.now.get('linear1.weight')!.forEach((w, i) => expect(w).toBeCloseTo(0.95 * some.before.get('linear1.weight')![i]!, 6))
    expect((await after(true)).now.get('norm1.scale')![0]).toBeCloseTo(0.95, 6)
  })

  it('running statistics follow the batches as PyTorch has it', async () => {
    const architecture = network({ type: 'batchNorm', momentum: 0.3 }, { type: 'flatten' }, { type: 'linear', units: 'classes' })
    await using trainer = await createTrainer({ architecture, inputShape: [2, 3, 5], classes: 3, batch: 4, loss: { type: 'crossEntropy' }, optimizer: { type: 'sgd' } })
    let [mean, variance] = [0, 1]
    for (const batch of randomBatches(3, 4, [2, 3, 5], 3)) {
      await trainer.run(batch, 0.1)
      const second = Array.from({ length: 4 }, (_, n) => [...batch.x.subarray(n * 30 + 15, n * 30 + 30)]).flat()
      const m = second.reduce((a, b) => a + b) / 60
      mean = 0.7 * mean + 0.3 * m
      variance = 0.7 * variance + (0.3 * second.reduce((s, v) => s + (v - m) ** 2, 0)) / 59
    }
    const state = await trainer.state()
    expect(state.get('norm1.runningMean')![1]).toBeCloseTo(mean, 5)
    expect(state.get('norm1.runningVariance')![1]).toBeCloseTo(variance, 5)
  })

  it('refuses settings that do not fit the network', () => {
    const message = (more: Partial<TrainingStepRequest>) => {
      const result = createTrainingStep({ ...lenet5, ...more })
      return result.ok ? 'fine' : result.error.message
    }
    expect(message({ loss: { type: 'crossEntropy', classWeights: [1, 2] } })).toBe('The loss has 2 class weights for 10 classes')
    expect(message({ batch: 0 })).toContain('at least one clip')
    expect(message({ clipNorm: 0 })).toContain('positive number')
    expect(message({ inputShape: [1, 4, 4] })).toContain('conv2: ')
  })
})

describe('evaluation and export', () => {
  it('the forward model gives the logits that training saw, for any number of clips', async () => {
    const { state, batches, step } = await trained(lenet5, 5)
    await using trainer = await createTrainer(lenet5)
    const initial = await trainer.state()
    const seen = await trainer.run(batches[0]!, 0)
    const open = unwrap(createForward({ ...lenet5, batch: 'N' }))
    const all = await logitsOf(open.model, batches[0]!.x, step.feeds.x, initial, open.state)
    expect(largestDifference(all, seen.logits)).toBeLessThan(1e-4)
    const three = await logitsOf(open.model, batches[0]!.x.slice(0, 3 * 784), [3, 1, 28, 28], state, open.state)
    const fixed = unwrap(createForward({ ...lenet5, batch: 16 }))
    const sixteen = await logitsOf(fixed.model, batches[0]!.x, step.feeds.x, state, fixed.state)
    expect(largestDifference(three, sixteen.slice(0, 30))).toBeLessThan(1e-5)
  })

  it.each<[string, LayerSpec[]]>([
    ['GRU in both directions, every frame', [{ type: 'gru', units: 5, bidirectional: true, returns: 'all' }, { type: 'gru', units: 4 }]],
    ['LSTM', [{ type: 'lstm', units: 5, bidirectional: true }]],
    ['conv1d, layer norm, global max', [{ type: 'conv1d', filters: 4, kernel: 3 }, { type: 'layerNorm' }, { type: 'globalMaxPool' }]],
    ['connection table and trained averages', [{ type: 'conv2d', filters: 2, kernel: 2, connections: [[0], [0, 1]] }, { type: 'trainableAvgPool', kernel: 2 }, { type: 'flatten' }]],
  ])('an open batch equals single clips, weights as constants equal weights as inputs: %s', async (_, layers) => {
    const request = { architecture: network(...layers, { type: 'linear', units: 'classes' }), inputShape: [2, 5, 6], classes: 3 }
    const { state, batches } = await trained({ ...request, batch: 4, loss: { type: 'crossEntropy' }, optimizer: { type: 'adam' } }, 3)
    const forward = unwrap(createForward({ ...request, batch: 'N' }))
    const together = await logitsOf(forward.model, batches[0]!.x, [4, 2, 5, 6], state, forward.state)
    const g = new Graph()
    const x = g.input('x', ['N', 2, 5, 6])
    g.output('logits', appendNetwork(g, x, unwrap(planNetwork(request)), state))
    const model = toOnnx(g)
    for (let n = 0; n < 4; n++) {
      const single = await logitsOf(model, batches[0]!.x.slice(n * 60, n * 60 + 60), [1, 2, 5, 6])
      expect(largestDifference(single, together.slice(n * 3, n * 3 + 3))).toBeLessThan(1e-5)
    }
  })
})
