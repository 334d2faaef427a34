import { describe, expect, it } from 'vitest'
import { parallelReplicas, type ReplicaQuestion } from '../../src-main/training/parallel/replicas.ts'

const usual: ReplicaQuestion = {
  device: 'cpu',
  threads: 2,
  batch: 64,
  loss: { type: 'crossEntropy', labelSmoothing: 0.1 },
  network: { parameters: 1000, buffers: 0, macs: 10_000 },
}
const replicas = (change: Partial<ReplicaQuestion>) => parallelReplicas({ ...usual, ...change })

describe('dividing a batch among threads', () => {
  it('gives each thread a part', () => {
    expect(replicas({})).toBe(2)
    expect(replicas({ threads: 4 })).toBe(4)
    expect(replicas({ loss: { type: 'meanSquaredError' } })).toBe(2)
  })

  it('with running statistics gives each part whole ghost batches', () => {
    const network = { ...usual.network, buffers: 2 }
    expect(replicas({ network, ghostBatches: 2 })).toBe(2)
    expect(replicas({ network, ghostBatches: 4 })).toBe(2)
    expect(replicas({ network, ghostBatches: 2, threads: 4 })).toBe(2)
    expect(replicas({ network, ghostBatches: 2, threads: 1 })).toBe(1)
  })

  it.each<[string, Partial<ReplicaQuestion>]>([
    ['one thread', { threads: 1 }],
    ['a graphics card', { device: 'webgpu' }],
    ['a batch that cannot be divided evenly', { batch: 63 }],
    ['running statistics', { network: { ...usual.network, buffers: 2 } }],
    ['class weights, which weigh the parts differently', { loss: { type: 'crossEntropy', classWeights: [1, 2] } }],
    ['little to multiply for each parameter', { network: { ...usual.network, macs: 3000 } }],
    ['small parts', { batch: 8 }],
  ])('leaves the batch whole for %s', (_, change) => expect(replicas(change)).toBe(1))
})
