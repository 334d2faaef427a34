/**
 * Which clips make up each batch. The training clips are dealt in passes; each pass is a fresh seeded
 * permutation, and batches are cut from the passes laid end to end. So every batch is full, every clip is seen
 * equally often (to within one) however the sizes divide, and the batch of any step follows from the seed and
 * the step alone. An *epoch* is ceil(clips / batch) steps; its last batch may reach into the next pass.
 *
 * Where the classes are to be balanced, a pass has as many places for each class (to within one), shuffled; each
 * class fills its places from passes of its own, so clips of rare classes come round more often.
 */
import { assert, createRandom } from '../kit/index.ts'

export interface BatchPlace {
  /** Position among the training clips. */
  readonly clip: Uint32Array
  /** Which pass over the clip each is, from 0: with the clip it names the augmentation's random stream. */
  readonly pass: Uint32Array
}

export interface BatchOrderOptions {
  readonly clips: number
  readonly batch: number
  readonly seed: number
  /** The class of each clip, where classes are to come equally often. */
  readonly balance?: ArrayLike<number>
}

export interface BatchOrder {
  readonly batch: number
  readonly stepsPerEpoch: number
  /** The clips of a step, from 0. The arrays are used again by the next call. */
  at(step: number): BatchPlace
}

type Dealt = readonly [clip: number, pass: number]

export function createBatchOrder(options: BatchOrderOptions): BatchOrder {
  const { clips, seed, balance } = options
  assert(clips > 0 && options.batch > 0, 'a batch needs clips')
  const batch = Math.min(options.batch, clips)
  const place = { clip: new Uint32Array(batch), pass: new Uint32Array(batch) }
  const deal = balance ? dealByClass(clips, seed, balance) : dealAll(clips, `${seed}/order`)
  return {
    batch,
    stepsPerEpoch: Math.ceil(clips / batch),
    at(step) {
      for (let i = 0; i < batch; i++) {
        const [clip, pass] = deal(step * batch + i)
        place.clip[i] = clip
        place.pass[i] = pass
      }
      return place
    },
  }
}

/** Permutations of 0 … size − 1, one a pass; two are kept, for a batch may reach into the next. */
function permutations(size: number, name: string): (pass: number) => Uint32Array {
  const kept = new Map<number, Uint32Array>()
  return (pass) => {
    let made = kept.get(pass)
    if (made === undefined) {
      made = createRandom(`${name}/${pass}`).shuffle(Uint32Array.from({ length: size }, (_, i) => i))
      for (const old of kept.keys()) if (old < pass - 1) kept.delete(old)
      kept.set(pass, made)
    }
    return made
  }
}

function dealAll(size: number, name: string): (position: number) => Dealt {
  const permutation = permutations(size, name)
  return (position) => {
    const pass = Math.floor(position / size)
    return [permutation(pass)[position % size]!, pass]
  }
}

function dealByClass(clips: number, seed: number, classOf: ArrayLike<number>): (position: number) => Dealt {
  const members = new Map<number, number[]>()
  for (let clip = 0; clip < clips; clip++) {
    const own = members.get(classOf[clip]!)
    if (own) own.push(clip)
    else members.set(classOf[clip]!, [clip])
  }
  const classes = [...members].sort(([a], [b]) => a - b).map(([label, own]) => ({ own, deal: dealAll(own.length, `${seed}/order/class${label}`) }))
  const shuffled = permutations(clips, `${seed}/order`)
  return (position) => {
    const pass = Math.floor(position / clips)
    // Places of all passes are numbered on and given to the classes in turn; a pass's places are shuffled.
    const number = pass * clips + shuffled(pass)[position % clips]!
    const { own, deal } = classes[number % classes.length]!
    const [member, turn] = deal(Math.floor(number / classes.length))
    return [own[member]!, turn]
  }
}
