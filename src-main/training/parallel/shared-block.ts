/** Named float32 tensors one after another in memory that threads share. */
import { assert } from '../../kit/index.ts'
import { tensor, type RuntimeTensor, type Tensors } from '../../runtime/index.ts'

export interface BlockEntry {
  readonly name: string
  readonly shape: readonly number[]
}

export interface SharedBlock {
  readonly entries: readonly BlockEntry[]
  readonly buffer: SharedArrayBuffer
}

/** Every tensor begins a cache line of its own. */
const LINE = 64 / Float32Array.BYTES_PER_ELEMENT

const size = ({ shape }: BlockEntry): number => shape.reduce((a, b) => a * b, 1)
const room = (entry: BlockEntry): number => Math.ceil(size(entry) / LINE) * LINE

export function createSharedBlock(entries: readonly BlockEntry[]): SharedBlock {
  const values = entries.reduce((sum, entry) => sum + room(entry), 0)
  return { entries: entries.map(({ name, shape }) => ({ name, shape })), buffer: new SharedArrayBuffer(values * Float32Array.BYTES_PER_ELEMENT) }
}

/** The tensors of a block, without copying, in the order of its entries. */
export function blockViews({ entries, buffer }: SharedBlock): ReadonlyMap<string, Float32Array> {
  let at = 0
  return new Map(
    entries.map((entry) => {
      const view = new Float32Array(buffer, at * Float32Array.BYTES_PER_ELEMENT, size(entry))
      at += room(entry)
      return [entry.name, view]
    }),
  )
}

/** A tensor's place in shared memory. */
export interface Place extends BlockEntry {
  readonly view: Float32Array
}

export const placesOf = (block: SharedBlock): Place[] => {
  const views = blockViews(block)
  return block.entries.map((entry) => ({ ...entry, view: views.get(entry.name)! }))
}

export function placeOf(block: SharedBlock, name: string): Place {
  const place = placesOf(block).find((p) => p.name === name)
  assert(place, `the shared memory holds no ${name}`)
  return place
}

/** A run of a tensor's values. */
export const sliceOf = ({ view }: Place, name: string, start: number, length: number): Place => ({ name, shape: [length], view: view.subarray(start, start + length) })

/** What a session is given or writes: `pull` before the one, `push` after the other. */
export interface SharedTensors {
  readonly tensors: Tensors
  pull(): void
  push(): void
}

/**
 * Tensors at these places: over the shared memory itself where the runtime takes it, else over memory of our own
 * that is copied from there and to there.
 */
export function sharedTensors(places: readonly Place[], direct: boolean): SharedTensors {
  const held = places.map(({ name, shape, view }) => ({ name, shape, view, values: direct ? view : new Float32Array(view.length) }))
  const tensors: Record<string, RuntimeTensor> = Object.fromEntries(held.map(({ name, shape, values }) => [name, tensor(values, shape)]))
  return {
    tensors,
    pull() {
      if (!direct) for (const { view, values } of held) values.set(view)
    },
    push() {
      if (!direct) for (const { view, values } of held) view.set(values)
    },
  }
}
