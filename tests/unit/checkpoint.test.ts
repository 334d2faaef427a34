import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '../../src-main/kit/index.ts'
import { decodeCheckpoint, encodeCheckpoint, matchTensors, type Checkpoint } from '../../src-main/training/index.ts'

const checkpoint: Checkpoint = {
  state: {
    jobHash: 'abc',
    seed: 5,
    step: 43,
    stepsPerEpoch: 43,
    partial: { loss: 0, correct: 0, clips: 0, seconds: 0, stepSeconds: 0.5 },
    window: { loss: 1 / 3, correct: 5, clips: 64 },
    best: { epoch: 1, step: 43, metric: 'loss', value: 0.1 + 0.2 },
    history: [{ epoch: 1, step: 43, loss: 1 / 3, accuracy: 0.9, validation: { loss: 2, accuracy: 0.5 }, learningRate: 1e-3, seconds: 1.5 }],
    normalisation: { mean: [-30.25], std: [1 / 7] },
    device: 'cpu',
    threads: 2,
  },
  tensors: [
    { name: 'conv1.weight', role: 'parameter', shape: [2, 3], data: Float32Array.from([1, -2, 1e-40, Infinity, 3.25, -0]) },
    { name: 'bn.count', role: 'buffer', shape: [], data: BigInt64Array.from([-(2n ** 62n)]) },
    { name: 'adam.m', role: 'optimizer', shape: [2], data: Int32Array.from([1, -1]) },
    { name: 'empty', role: 'buffer', shape: [0, 4], data: new Uint8Array() },
  ],
}
const bytes = encodeCheckpoint(checkpoint)

describe('checkpoint', () => {
  it('comes back bit for bit', () => {
    expect(unwrap(decodeCheckpoint(bytes, 'x'))).toEqual(checkpoint)
  })

  it('is a safetensors file: length, JSON header, aligned tensors', () => {
    const length = Number(Buffer.from(bytes).readBigUInt64LE())
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<string, unknown>
    expect(header['conv1.weight']).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] })
    expect((8 + length) % 8).toBe(0)
    expect(bytes.length).toBe(8 + length + 24 + 8 + 8)
  })

  it('refuses every truncation', () => {
    for (let length = 0; length < bytes.length; length++) {
      const read = decodeCheckpoint(bytes.slice(0, length), 'cut')
      expect(read.ok ? 'accepted' : read.error.code, `${length} bytes`).toBe('CHECKPOINT_CORRUPT')
    }
  })

  it('refuses or reads the same after any flipped bit', () => {
    const random = createRandom(1)
    for (let k = 0; k < 400; k++) {
      const broken = bytes.slice()
      broken[random.int(broken.length)]! ^= 1 << random.int(8)
      const read = decodeCheckpoint(broken, 'flipped')
      // A flip in the header's padding or JSON spelling may change nothing that is read.
      if (read.ok) expect(read.value).toEqual(checkpoint)
      else expect(read.error).toMatchObject({ code: 'CHECKPOINT_CORRUPT', file: 'flipped' })
    }
  })

  it('names what does not fit the network', () => {
    const wanted = [
      { name: 'conv1.weight', shape: [3, 2] },
      { name: 'fc.bias', shape: [4] },
      { name: 'bn.count', shape: [] },
    ]
    const result = matchTensors(checkpoint.tensors, wanted, 'x')
    const message = result.ok ? '' : result.error.message
    expect(message).toContain('conv1.weight is [2, 3], not [3, 2]')
    expect(message).toContain('fc.bias is missing')
    expect(message).toContain('adam.m is not part of the network')
    expect(matchTensors(checkpoint.tensors, checkpoint.tensors, 'x').ok).toBe(true)
  })
})
