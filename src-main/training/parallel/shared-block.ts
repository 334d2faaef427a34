/** Named float32 tensors one after another in memory that threads share. */
import { tensor, type RuntimeTensor } from '../../runtime/index.ts'

export interface BlockEntry {
  readonly name: string
  readonly shape: readonly number[]
}

export interface SharedBlock {
  readonly entries: readonly BlockEntry[]
  readonly buffer: SharedArrayBuffer
}

const size = ({ shape }: BlockEntry): number => shape.reduce((a, b) => a * b, 1)

export function createSharedBlock(entries: readonly BlockEntry[]): SharedBlock {
  const values = entries.reduce((sum, entry) => sum + size(entry), 0)
  return { entries: entries.map(({ name, shape }) => ({ name, shape })), buffer: new SharedArrayBuffer(values * Float32Array.BYTES_PER_ELEMENT) }
}

/** The tensors of a block, without copying, in the order of its entries. */
export function blockViews({ entries, buffer }: SharedBlock): ReadonlyMap<string, Float32Array> {
  let at = 0
  return new Map(
    entries.map((entry) => {
      const view = new Float32Array(buffer, at * Float32Array.BYTES_PER_ELEMENT, size(entry))
      at += view.length
      return [entry.name, view]
    }),
  )
}

/**
 * Tensors of memory of our own that take over a block's values by `refresh`: what a session reads must not
 * change meanwhile, and that every build of the runtime takes shared memory is not promised.
 */
export function createBlockCopy(block: SharedBlock) {
  const copies = [...blockViews(block)].map(([name, shared]) => ({ name, shared, values: new Float32Array(shared.length) }))
  const tensors: Readonly<Record<string, RuntimeTensor>> = Object.fromEntries(copies.map(({ name, values }, i) => [name, tensor(values, block.entries[i]!.shape)]))
  return {
    tensors,
    refresh() {
      for (const { values, shared } of copies) values.set(shared)
    },
  }
}
