/** Whether a batch is divided among threads. */
import type { LossSpec } from '../../nn/index.ts'
import type { Device } from '../../runtime/index.ts'

export interface ReplicaQuestion {
  readonly device: Device
  readonly threads: number
  readonly batch: number
  readonly loss: LossSpec
  /** Equal parts of the batch that batch normalisation sees by themselves. */
  readonly ghostBatches?: number
  readonly network: {
    readonly parameters: number
    /** Tensors of running statistics. */
    readonly buffers: number
    /** Multiply-accumulates for one clip, forwards. */
    readonly macs: number
  }
}

/**
 * Dividing costs a few passes over the parameters and their gradients, and gains a share of the multiplications:
 * there must be so many of these for each parameter in every part. Measured: 32 (a multilayer perceptron) loses,
 * 170 (LeNet-5 of 1998) is about even in time with less work, 240 (LeNet-5) and more gain.
 */
const LEAST_MACS_A_PARAMETER = 100

/**
 * Parts into which every batch is divided, one a thread or a few threads; 1 means one session that uses all threads. A
 * part must be worth the same as the others and stand for itself: batch normalisation asks for whole ghost batches in
 * each, and class weights make the loss a weighted mean whose weights differ from part to part.
 */
export function parallelReplicas({ device, threads, batch, loss, ghostBatches = 1, network }: ReplicaQuestion): number {
  if (device !== 'cpu' || (loss.type === 'crossEntropy' && loss.classWeights)) return 1
  const parts = network.buffers === 0 ? threads : largestDivisor(ghostBatches, threads)
  const gains = network.macs * (batch / parts) >= LEAST_MACS_A_PARAMETER * network.parameters
  return batch % parts === 0 && gains ? parts : 1
}

const largestDivisor = (of: number, most: number): number => (of % most === 0 ? most : largestDivisor(of, most - 1))
