/**
 * Which clips make up each batch. The training clips are dealt in passes; each pass is a fresh seeded
 * permutation, and batches are cut from the passes laid end to end. So every batch is full, every clip is seen
 * equally often (to within one) however the sizes divide, and the batch of any step follows from the seed and
 * the step alone. An *epoch* is ceil(clips / batch) steps; its last batch may reach into the next pass.
 */
import { assert, createRandom } from '../kit/index.ts'

export interface BatchPlace {
  /** Position among the training clips. */
  readonly clip: Uint32Array
  /** Which pass over the data each comes from, from 0: with the clip it names the augmentation's random stream. */
  readonly pass: Uint32Array
}

export interface BatchOrder {
  readonly batch: number
  readonly stepsPerEpoch: number
  /** The clips of a step, from 0. The arrays are used again by the next call. */
  at(step: number): BatchPlace
}

export function createBatchOrder(options: { readonly clips: number; readonly batch: number; readonly seed: number }): BatchOrder {
  const { clips, seed } = options
  assert(clips > 0 && options.batch > 0, 'a batch needs clips')
  const batch = Math.min(options.batch, clips)
  const place = { clip: new Uint32Array(batch), pass: new Uint32Array(batch) }
  const permutations = new Map<number, Uint32Array>()
  const permutation = (pass: number): Uint32Array => {
    let made = permutations.get(pass)
    if (made === undefined) {
      made = createRandom(`${seed}/order/${pass}`).shuffle(Uint32Array.from({ length: clips }, (_, i) => i))
      permutations.delete(pass - 2)
      permutations.set(pass, made)
    }
    return made
  }
  return {
    batch,
    stepsPerEpoch: Math.ceil(clips / batch),
    at(step) {
      for (let i = 0; i < batch; i++) {
        const position = step * batch + i
        const pass = Math.floor(position / clips)
        place.pass[i] = pass
        place.clip[i] = permutation(pass)[position % clips]!
      }
      return place
    },
  }
}
