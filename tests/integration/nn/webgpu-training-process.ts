/**
 * Run as a child process with a WebGPU driver in its environment: the same few training steps on the CPU and on
 * WebGPU, with no node allowed to fall back to the CPU and the state kept on the device; sends what came out.
 */
import { architectures, type LayerSpec, type TrainingStepRequest } from '../../../src-main/nn/index.ts'
import type { Device } from '../../../src-main/runtime/index.ts'
import { createTrainer, randomBatches } from '../../support/trainer.ts'

export interface TrainingReport {
  readonly title: string
  readonly cpu: readonly number[]
  readonly webgpu: readonly number[]
  /** The largest difference of any state tensor at the end, as a part of that tensor's largest magnitude. */
  readonly stateDifference: number
  readonly problem?: string
}

const end: LayerSpec = { type: 'linear', units: 'classes' }
const network = (...layers: LayerSpec[]) => ({ name: 'test', title: 'Test', input: 'any' as const, layers })
const common = { classes: 4, batch: 6, loss: { type: 'crossEntropy', labelSmoothing: 0.1 } } as const

const requests: (TrainingStepRequest & { title: string; rate: number })[] = [
  {
    ...common,
    title: 'LeNet-5, modern; SGD with momentum, clipping',
    architecture: architectures.get('lenet5')!,
    inputShape: [1, 24, 24],
    optimizer: { type: 'sgd', momentum: 0.9 },
    clipNorm: 1,
    rate: 0.02,
  },
  {
    ...common,
    title: 'LeNet-5 of 1998; mean squared error',
    architecture: architectures.get('lenet5-1998')!,
    inputShape: [1, 32, 32],
    loss: { type: 'meanSquaredError' },
    optimizer: { type: 'sgd' },
    rate: 0.05,
  },
  {
    ...common,
    title: 'batch normalisation, residual, depthwise, dropout; Adam',
    architecture: network(
      { type: 'conv2d', filters: 6, kernel: 3, stride: 2, padding: 1, bias: false },
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'residual', body: [{ type: 'conv2d', filters: 6, kernel: 3, padding: 1, groups: 6 }, { type: 'relu' }, { type: 'conv2d', filters: 6, kernel: 1 }] },
      { type: 'layerNorm' },
      { type: 'gelu' },
      { type: 'globalAvgPool' },
      { type: 'dropout', rate: 0.25 },
      end,
    ),
    inputShape: [1, 12, 14],
    optimizer: { type: 'adam' },
    rate: 0.003,
  },
  {
    ...common,
    title: 'GRU; AdamW, class weights',
    architecture: network({ type: 'gru', units: 5, bidirectional: true }, end),
    inputShape: [1, 6, 5],
    loss: { type: 'crossEntropy', classWeights: [1, 2, 1, 0.5] },
    optimizer: { type: 'adamw' },
    rate: 0.01,
  },
]

async function train(request: (typeof requests)[number], device: Device) {
  await using trainer = await createTrainer(request, { device })
  const losses: number[] = []
  for (const batch of randomBatches(4, request.batch, request.inputShape, request.classes)) losses.push((await trainer.run(batch, request.rate)).loss)
  return { losses, state: await trainer.state() }
}

function largest(a: Float32Array, b: Float32Array): number {
  let [difference, size] = [0, 1e-4]
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!))
    size = Math.max(size, Math.abs(b[i]!))
  }
  return difference / size
}

async function report(request: (typeof requests)[number]): Promise<TrainingReport> {
  const { title } = request
  try {
    const [cpu, webgpu] = [await train(request, 'cpu'), await train(request, 'webgpu')]
    const differences = [...cpu.state].map(([name, values]) => largest(webgpu.state.get(name)!, values))
    return { title, cpu: cpu.losses, webgpu: webgpu.losses, stateDifference: Math.max(...differences) }
  } catch (problem) {
    return { title, cpu: [], webgpu: [], stateDifference: Infinity, problem: String(problem) }
  }
}

if (process.send) {
  const reports: TrainingReport[] = []
  for (const request of requests) reports.push(await report(request))
  process.send(reports, () => process.exit(0))
}
