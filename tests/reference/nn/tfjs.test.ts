/**
 * Whole networks against @tensorflow/tfjs: both start from the same weights and see the same batches and dropout
 * masks, each follows its own weights for some steps, and at every step the loss and every gradient agree.
 */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { architectures, withActivation, type Architecture, type LayerSpec, type LossSpec, type OptimizerSpec } from '../../../src-main/nn/index.ts'
import { createTrainer, randomBatches } from '../../support/trainer.ts'
import { oracleLogits, oracleLoss, oracleOptimizer } from './tfjs-network.ts'

const STEPS = 20
/** Plain JavaScript takes seconds for a step of a whole architecture. */
const STEPS_OF_LARGE = 8
/** The batches that come round. */
const BATCHES = 4
const TOLERANCE = 1e-4
/**
 * A gradient that is zero in exact arithmetic (of a bias in front of a batch normalisation) is rounding noise: a
 * tensor a thousand times smaller than the largest gradient is measured against that thousandth, which allows a
 * difference of 1e-7 of the largest, the resolution of float32.
 */
const VANISHING = 1e-3

interface Case {
  readonly title: string
  readonly architecture: Architecture
  readonly shape: readonly [number, number, number]
  readonly classes?: number
  readonly batch?: number
  readonly rate: number
  readonly steps?: number
  readonly loss?: LossSpec
  readonly optimizer: OptimizerSpec
  readonly clipNorm?: number
}

const network = (...layers: LayerSpec[]): Architecture => ({ name: 'test', title: 'A network of the tests', input: 'any', layers })
const end: LayerSpec = { type: 'linear', units: 'classes' }

const cases: Case[] = [
  {
    title: 'LeNet-5, modern; SGD with momentum',
    architecture: architectures.get('lenet5')!,
    shape: [1, 20, 22],
    batch: 4,
    rate: 0.01,
    optimizer: { type: 'sgd', momentum: 0.9 },
  },
  {
    title: 'LeNet-5 of 1998; plain SGD, mean squared error of the outputs',
    architecture: architectures.get('lenet5-1998')!,
    shape: [1, 32, 32],
    batch: 2,
    rate: 0.02,
    loss: { type: 'meanSquaredError', of: 'logits' },
    optimizer: { type: 'sgd' },
  },
  {
    title: 'multilayer perceptron; Nesterov, label smoothing, weight decay',
    architecture: architectures.get('mlp')!,
    shape: [1, 8, 9],
    rate: 0.01,
    loss: { type: 'crossEntropy', labelSmoothing: 0.1 },
    optimizer: { type: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  },
  {
    title: 'residual blocks with batch normalisation; AdamW, clipping',
    architecture: network(
      { type: 'conv2d', filters: 6, kernel: 3, padding: 'same', bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      {
        type: 'residual',
        body: [
          { type: 'conv2d', filters: 8, kernel: 3, stride: 2, padding: 1, bias: false },
          { type: 'batchNorm' },
          { type: 'relu' },
          { type: 'conv2d', filters: 8, kernel: 3, padding: 1, bias: false },
          { type: 'batchNorm' },
        ],
        shortcut: [{ type: 'conv2d', filters: 8, kernel: 1, stride: 2, bias: false }, { type: 'batchNorm' }],
      },
      { type: 'relu' },
      { type: 'residual', body: [{ type: 'conv2d', filters: 8, kernel: 3, padding: 1 }, { type: 'tanh' }] },
      { type: 'globalAvgPool' },
      end,
    ),
    shape: [2, 10, 11],
    rate: 0.002,
    optimizer: { type: 'adamw', weightDecay: 0.05 },
    clipNorm: 0.5,
  },
  {
    title: 'GRU; Adam with weight decay on everything',
    architecture: network({ type: 'gru', units: 6 }, end),
    shape: [1, 5, 9],
    rate: 0.005,
    optimizer: { type: 'adam', weightDecay: 0.01, decayAll: true },
  },
  {
    title: 'two GRUs, the first in both directions and at every frame',
    architecture: network({ type: 'gru', units: 4, bidirectional: true, returns: 'all' }, { type: 'gru', units: 5, bidirectional: true }, end),
    shape: [2, 3, 6],
    rate: 0.01,
    optimizer: { type: 'sgd', momentum: 0.9 },
  },
  {
    title: 'two LSTMs, the first in both directions and at every frame',
    architecture: network({ type: 'lstm', units: 4, bidirectional: true, returns: 'all' }, { type: 'lstm', units: 6 }, end),
    shape: [1, 5, 7],
    rate: 0.02,
    optimizer: { type: 'adam' },
  },
  {
    title: 'depthwise separable; AdamW, class weights, soft targets',
    architecture: network(
      { type: 'conv2d', filters: 6, kernel: [4, 3], stride: 2, padding: [2, 1, 1, 1], bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'conv2d', filters: 6, kernel: 3, padding: 1, groups: 6 },
      { type: 'relu' },
      { type: 'conv2d', filters: 8, kernel: 1, groups: 2, bias: false },
      { type: 'batchNorm' },
      { type: 'silu' },
      { type: 'globalAvgPool' },
      end,
    ),
    shape: [1, 12, 10],
    rate: 0.002,
    loss: { type: 'crossEntropy', classWeights: [1, 2, 0.5, 1], labelSmoothing: 0.05 },
    classes: 4,
    optimizer: { type: 'adamw', decayAll: true },
  },
  {
    title: 'layer normalisation, GELU and dropout; Adam',
    architecture: network(
      { type: 'conv2d', filters: 5, kernel: 3 },
      { type: 'layerNorm' },
      { type: 'gelu' },
      { type: 'dropout', rate: 0.25, channels: true },
      { type: 'flatten' },
      { type: 'linear', units: 12 },
      { type: 'layerNorm' },
      { type: 'gelu' },
      { type: 'dropout', rate: 0.5 },
      end,
    ),
    shape: [1, 7, 8],
    rate: 0.01,
    optimizer: { type: 'adam' },
  },
  {
    title: 'overlapping pools, dilation, uneven padding, leaky ReLU and sigmoid; mean squared error of probabilities',
    architecture: network(
      { type: 'conv2d', filters: 6, kernel: 3, dilation: 2, padding: [1, 2, 0, 1] },
      { type: 'leakyRelu', slope: 0.1 },
      { type: 'maxPool', kernel: 3, stride: 2, padding: 1 },
      { type: 'conv2d', filters: 4, kernel: [2, 3] },
      { type: 'sigmoid' },
      { type: 'avgPool', kernel: 3, stride: 1 },
      { type: 'globalMaxPool' },
      end,
    ),
    shape: [2, 13, 14],
    rate: 0.1,
    loss: { type: 'meanSquaredError' },
    optimizer: { type: 'sgd', momentum: 0.9 },
  },
  {
    title: 'convolutions along time in a named group',
    architecture: network(
      { type: 'conv1d', filters: 8, kernel: 3, padding: 1 },
      { type: 'sequential', name: 'tail', layers: [{ type: 'batchNorm' }, { type: 'relu' }, { type: 'conv1d', filters: 8, kernel: 5, stride: 2, padding: 'same', groups: 2 }] },
      { type: 'relu' },
      { type: 'globalAvgPool' },
      end,
    ),
    shape: [1, 6, 11],
    rate: 0.01,
    optimizer: { type: 'sgd', momentum: 0.9 },
  },
  ...(
    [
      ['TC-ResNet8', 'tc-resnet8', [1, 7, 18]],
      ['the small residual network', 'resnet-small', [1, 17, 20]],
      ['LSTM', 'lstm', [1, 6, 7]],
    ] as const
  ).map(
    ([title, name, shape]): Case => ({
      title: `${title} as it comes`,
      architecture: architectures.get(name)!,
      shape,
      classes: 3,
      batch: 4,
      rate: 0.005,
      steps: STEPS_OF_LARGE,
      optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 0.001 },
    }),
  ),
  {
    // With ReLU the scales' gradients nearly vanish (what one layer scales, the next normalises), and a value that
    // falls on another side of 0 in the other program changes a gradient of so few places by percents.
    title: 'DS-CNN-S with SiLU',
    architecture: withActivation(architectures.get('ds-cnn-s')!, 'silu'),
    shape: [1, 6, 12],
    classes: 3,
    batch: 4,
    rate: 0.005,
    steps: STEPS_OF_LARGE,
    optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 0.001 },
  },
  {
    title: 'broadcasted residual learning with sub-spectral normalisation',
    architecture: network(
      { type: 'conv2d', filters: 4, kernel: 3, padding: 1, bias: false },
      { type: 'subSpectralNorm', bands: 5 },
      { type: 'relu' },
      {
        type: 'residual',
        body: [
          { type: 'conv2d', filters: 4, kernel: [3, 1], padding: [1, 0, 1, 0], groups: 4 },
          {
            type: 'residual',
            broadcast: 'frequency',
            body: [
              { type: 'frequencyAvgPool' },
              { type: 'conv2d', filters: 4, kernel: [1, 3], padding: [0, 2, 0, 2], dilation: [1, 2], groups: 4 },
              { type: 'silu' },
              { type: 'dropout', rate: 0.25, channels: true },
            ],
          },
        ],
      },
      { type: 'conv2d', filters: 6, kernel: 5, stride: [2, 1], padding: [0, 2, 0, 2] },
      { type: 'globalAvgPool' },
      end,
    ),
    shape: [1, 10, 9],
    rate: 0.01,
    optimizer: { type: 'sgd', momentum: 0.9 },
  },
  {
    title: 'attention with a class token and positions',
    architecture: network(
      { type: 'conv1d', filters: 6, kernel: 1 },
      { type: 'classToken' },
      { type: 'positions' },
      { type: 'residual', body: [{ type: 'selfAttention', heads: 2, headSize: 4 }] },
      { type: 'layerNorm', over: 'frame' },
      { type: 'residual', body: [{ type: 'conv1d', filters: 9, kernel: 1 }, { type: 'gelu' }, { type: 'conv1d', filters: 6, kernel: 1 }] },
      { type: 'layerNorm', over: 'frame' },
      { type: 'firstFrame' },
      end,
    ),
    shape: [1, 5, 7],
    rate: 0.01,
    optimizer: { type: 'adam' },
  },
]

/** max |a − b| / max |b|, and |b| is taken as no less than the floor. */
function relative(a: Float32Array, b: Float32Array, floor: number): number {
  let difference = 0
  let size = floor
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!))
    size = Math.max(size, Math.abs(b[i]!))
  }
  return difference / size
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('whole networks against tfjs', () => {
  it.each(cases)('$title', async ({ architecture, shape, classes = 5, batch = 6, rate, steps = STEPS, loss = { type: 'crossEntropy' }, optimizer, clipNorm }) => {
    await using trainer = await createTrainer({
      architecture,
      inputShape: shape,
      classes,
      batch,
      loss,
      optimizer,
      ...(clipNorm === undefined ? {} : { clipNorm }),
      gradientOutputs: true,
    })
    const { network, state } = trainer.step
    const first = await trainer.state()
    const weights = new Map(network.parameters.map((p) => [p.name, first.get(p.name)!]))
    const update = oracleOptimizer(optimizer, new Map(network.parameters.map((p) => [p.name, p.decay])), clipNorm)
    const losses: number[] = []
    let worst = { value: 0, where: '' }
    const batches = randomBatches(BATCHES, batch, shape, classes)
    for (let i = 0; i < steps; i++) {
      const data = batches[i % batches.length]!
      const ours = await trainer.run(data, rate)
      const gradients = new Map<string, Float32Array>()
      tf.tidy(() => {
        const values = network.parameters.map((p) => tf.tensor(weights.get(p.name)!, [...p.shape]))
        const masks = new Map(trainer.step.dropoutMasks.map((m) => [m.name, tf.tensor(ours.masks.get(m.name)!, [...m.shape])]))
        const x = tf.tensor4d(data.x, [batch, ...shape])
        const target = tf.tensor2d(data.target, [batch, classes])
        const lossOf = (...now: tf.Tensor[]) => {
          const named = new Map(network.parameters.map((p, k) => [p.name, now[k]!]))
          return oracleLoss(loss, oracleLogits({ network, values: named, masks }, x), target)
        }
        const { value, grads } = tf.valueAndGrads(lossOf)(values)
        losses.push(value.dataSync()[0]!)
        network.parameters.forEach((p, k) => gradients.set(p.name, Float32Array.from(grads[k]!.dataSync())))
      })
      expect(Math.abs(ours.loss - losses[i]!) / losses[i]!, `loss at step ${i}`).toBeLessThan(TOLERANCE)
      const largest = Math.max(...[...gradients.values()].map((g) => g.reduce((m, v) => Math.max(m, Math.abs(v)), 0)))
      expect([...ours.gradients.keys()].sort()).toEqual([...gradients.keys()].sort())
      for (const [name, theirs] of gradients) {
        const value = relative(ours.gradients.get(name)!, theirs, largest * VANISHING)
        if (value > worst.value) worst = { value, where: `${name} at step ${i}` }
      }
      update(weights, gradients, rate)
    }
    expect(worst.value, `gradient of ${worst.where}`).toBeLessThan(TOLERANCE)
    expect(losses[steps - BATCHES], 'the loss of the first batch falls').toBeLessThan(losses[0]!)
    expect(state.length).toBeGreaterThan(0)
    const last = await trainer.state()
    for (const [name, w] of weights) expect(relative(last.get(name)!, w, 1e-3), `weights ${name} after ${steps} steps`).toBeLessThan(TOLERANCE)
  })
})
