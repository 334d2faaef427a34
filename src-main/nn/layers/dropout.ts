/**
 * Dropout (Srivastava et al. 2014), inverted: in training a mask of zeros and 1 / (1 − rate) multiplies the
 * values; in evaluation nothing happens. The masks are inputs of the training step, filled by the trainer from
 * its own seeded generator, so that a run is the same on every device and after a resume.
 */
import { ok, type Random } from '../../kit/index.ts'
import { mul } from '../operations/index.ts'
import { noState, type LayerKind } from './layer.ts'

export const dropoutKind: LayerKind<'dropout'> = {
  stem: 'dropout',
  plan: (spec, { input }) =>
    ok({
      ...noState,
      output: input,
      macs: 0,
      build(b, x) {
        if (b.mode === 'evaluate' || spec.rate === 0) return x
        const shape = spec.channels ? input.map((d, i) => (i === 0 ? d : 1)) : input
        return mul(b.graph, x, b.dropoutMask(shape, spec.rate))
      },
    }),
}

/** Fills a mask in place for the next step. */
export function fillDropoutMask(mask: Float32Array, rate: number, random: Random): void {
  const kept = 1 / (1 - rate)
  for (let i = 0; i < mask.length; i++) mask[i] = random.next() < rate ? 0 : kept
}
