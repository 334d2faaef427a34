/** Dropout masks of a step: its number and the seed name their random stream, so no generator has to be kept. */
import { createRandom } from '../kit/index.ts'
import { fillDropoutMask, type DropoutMask } from '../nn/index.ts'

export interface FilledMask extends DropoutMask {
  readonly values: Float32Array
}

/** `masks` hold the same arrays all the time; `fill` gives them the values of a step. */
export function createDropoutMasks(specs: readonly DropoutMask[], seed: number) {
  const masks: readonly FilledMask[] = specs.map((mask) => ({ ...mask, values: new Float32Array(mask.shape.reduce((a, b) => a * b, 1)) }))
  return {
    masks,
    fill(step: number) {
      if (masks.length === 0) return
      const random = createRandom(`${seed}/dropout/${step}`)
      for (const mask of masks) fillDropoutMask(mask.values, mask.rate, random)
    },
  }
}
