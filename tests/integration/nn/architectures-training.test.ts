/** Every architecture that comes with Espectro trains, and is the same network in evaluation. */
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../src-main/kit/index.ts'
import { createForward } from '../../../src-main/nn/index.ts'
import { createSession, floats, tensor } from '../../../src-main/runtime/index.ts'
import { smallNetworks } from '../../support/small-inputs.ts'
import { createTrainer, randomBatches } from '../../support/trainer.ts'

/** Twenty-four steps on two batches: enough for each to remember them in part. */
const STEPS = 24

describe('every architecture', () => {
  it.each(smallNetworks)('$name learns two batches by heart, and clips by themselves give what they give together', async ({ architecture, inputShape }) => {
    const request = { architecture, inputShape, classes: 3, batch: 4, loss: { type: 'crossEntropy' }, optimizer: { type: 'adam' } } as const
    await using trainer = await createTrainer(request)
    const batches = randomBatches(2, 4, inputShape, 3)
    const losses: number[] = []
    for (let i = 0; i < STEPS; i++) losses.push((await trainer.run(batches[i % 2]!, 0.002)).loss)
    expect(losses.every(Number.isFinite)).toBe(true)
    const mean = (part: readonly number[]) => part.reduce((a, b) => a + b, 0) / part.length
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)))

    const state = await trainer.state()
    const forward = unwrap(createForward({ ...request, batch: 'N' }))
    await using session = unwrap(await createSession(forward.model, { device: 'cpu', threads: 1 }))
    const weights = Object.fromEntries(forward.state.map((s) => [s.name, tensor(state.get(s.name)!, s.shape)]))
    const { x } = batches[0]!
    const logits = async (from: number, to: number) => {
      const size = x.length / 4
      const results = await session.run({ x: tensor(x.slice(from * size, to * size), [to - from, ...inputShape]), ...weights })
      return floats(results['logits']!).slice()
    }
    const together = await logits(0, 4)
    for (let n = 0; n < 4; n++) {
      const alone = await logits(n, n + 1)
      alone.forEach((v, k) => expect(Math.abs(v - together[n * 3 + k]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(v))))
    }
  })
})
