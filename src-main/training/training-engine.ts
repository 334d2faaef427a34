/** The engine that suits a training: parts of each batch on several threads where that is possible, else one session. */
import { ok, type Result } from '../kit/index.ts'
import { countMacs, countParameters, planNetwork } from '../nn/index.ts'
import type { TrainingEngine } from './engine.ts'
import { createNetworkEngine, type EngineOptions } from './network-engine.ts'
import { createParallelEngine } from './parallel/parallel-engine.ts'
import { parallelReplicas } from './parallel/replicas.ts'

export async function createTrainingEngine(options: EngineOptions): Promise<Result<TrainingEngine>> {
  const counted = countReplicas(options)
  if (!counted.ok) return counted
  const replicas = counted.value
  return replicas === 1 ? createNetworkEngine(options) : createParallelEngine({ ...options, replicas })
}

/** Parts into which `createTrainingEngine` divides every batch. */
export function countReplicas(options: EngineOptions): Result<number> {
  const planned = planNetwork(options)
  if (!planned.ok) return planned
  const network = planned.value
  return ok(parallelReplicas({ ...options, network: { parameters: countParameters(network), buffers: network.buffers.length, macs: countMacs(network) } }))
}
