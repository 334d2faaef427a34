/**
 * The newest variant of each clip, in memory that the threads share: a variant is used for some passes, in which only
 * its feature steps are drawn anew. The bank saves work and decides nothing: a variant that it does not hold (or that
 * another thread is just handling) is made again, to the same bits.
 */
import type { AugmentPolicy } from '../../augment/index.ts'
import type { FrameSpan } from '../../features/index.ts'

/** Plain, so that it can be handed to a thread. */
export interface VariantBank {
  /** Clips that it has room for, the first ones; the others are made anew in every pass. */
  readonly clips: number
  /** [clips, size] */
  readonly features: Float32Array<SharedArrayBuffer>
  /** [clips, 3]: one more than the number of the variant (0 for none, `BUSY` while a thread handles it), and its frames. */
  readonly states: Int32Array<SharedArrayBuffer>
}

const BUSY = -1
/** Bytes that the bank takes at most: 65,536 clips of 64 × 64 features. */
const MOST_BYTES = 2 ** 30

export function createVariantBank(policy: AugmentPolicy, clips: number, size: number): VariantBank {
  const kept = policy.renewEvery === 1 ? 0 : Math.min(clips, Math.floor(MOST_BYTES / (size * Float32Array.BYTES_PER_ELEMENT)))
  return {
    clips: kept,
    features: new Float32Array(new SharedArrayBuffer(kept * size * Float32Array.BYTES_PER_ELEMENT)),
    states: new Int32Array(new SharedArrayBuffer(3 * kept * Int32Array.BYTES_PER_ELEMENT)),
  }
}

export interface StoredVariant {
  readonly features: Float32Array
  readonly frames: FrameSpan
}

/** A copy of the variant; null where the bank does not hold it. */
export function takeVariant(bank: VariantBank, clip: number, variant: number): StoredVariant | null {
  const { features, states, clips } = bank
  if (clip >= clips || Atomics.compareExchange(states, 3 * clip, variant + 1, BUSY) !== variant + 1) return null
  const size = features.length / clips
  const taken: StoredVariant = { features: features.slice(clip * size, (clip + 1) * size), frames: [states[3 * clip + 1]!, states[3 * clip + 2]!] }
  Atomics.store(states, 3 * clip, variant + 1)
  return taken
}

/** Keeps the variant unless the bank holds a newer one. */
export function keepVariant(bank: VariantBank, clip: number, variant: number, made: StoredVariant): void {
  const { features, states, clips } = bank
  if (clip >= clips) return
  const held = Atomics.load(states, 3 * clip)
  if (held === BUSY || held > variant || Atomics.compareExchange(states, 3 * clip, held, BUSY) !== held) return
  features.set(made.features, clip * (features.length / clips))
  states[3 * clip + 1] = made.frames[0]
  states[3 * clip + 2] = made.frames[1]
  Atomics.store(states, 3 * clip, variant + 1)
}
