/**
 * Run as a child process with a WebGPU driver in its environment and the name of an architecture: training steps of a
 * small batch on the CPU and on WebGPU, with no node allowed to fall back to the CPU; sends the losses.
 */
import { unwrap } from '../../../src-main/kit/index.ts'
import { countMacs, planNetwork, type TrainingStepRequest } from '../../../src-main/nn/index.ts'
import type { Device } from '../../../src-main/runtime/index.ts'
import { smallNetworks } from '../../support/small-inputs.ts'
import { createTrainer, randomBatches } from '../../support/trainer.ts'

export interface LossReport {
  readonly cpu: readonly number[]
  readonly webgpu: readonly number[]
  readonly problem?: string
}

/** A graphics card in software takes seconds for a step of the largest. */
const MANY_MACS = 2_000_000
const stepsOf = (request: TrainingStepRequest) => (countMacs(unwrap(planNetwork(request))) > MANY_MACS ? 3 : 10)

async function losses(request: TrainingStepRequest, device: Device): Promise<number[]> {
  await using trainer = await createTrainer(request, { device })
  const all: number[] = []
  for (const batch of randomBatches(stepsOf(request), request.batch, request.inputShape, request.classes)) all.push((await trainer.run(batch, 0.01)).loss)
  return all
}

async function report(name: string | undefined): Promise<LossReport> {
  try {
    const { architecture, inputShape } = smallNetworks.find((n) => n.name === name)!
    // Clipped, for short steps: where a normalisation sees a few values only, long ones make a great difference of rounding.
    const optimizer = { type: 'sgd', momentum: 0.9 } as const
    const request = { architecture, inputShape, classes: 4, batch: 4, loss: { type: 'crossEntropy' }, optimizer, clipNorm: 1 } as const
    return { cpu: await losses(request, 'cpu'), webgpu: await losses(request, 'webgpu') }
  } catch (problem) {
    return { cpu: [], webgpu: [], problem: String(problem) }
  }
}

if (process.send) process.send(await report(process.argv[2]), () => process.exit(0))
