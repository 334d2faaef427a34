/** One thread's share of the work: the first variants, then rows of batches. */
import { variantOf, type AugmentPolicy } from '../../augment/index.ts'
import type { BatchOrder } from '../batch-order.ts'
import type { ClipPlace, Variations } from '../variation.ts'
import { keepVariant, takeVariant, type StoredVariant, type VariantBank } from './variant-bank.ts'

const placesOf = (order: BatchOrder, step: number): ClipPlace[] => {
  const { clip, pass } = order.at(step)
  return Array.from(clip, (c, i) => ({ clip: c, pass: pass[i]! }))
}

export function createBatchRows(variations: Variations, policy: AugmentPolicy, bank: VariantBank, order: BatchOrder) {
  const numberOf = ({ clip, pass }: ClipPlace) => variantOf(policy, clip, pass)

  async function make(places: readonly ClipPlace[]): Promise<StoredVariant[]> {
    const made = await variations.variants(places)
    places.forEach((place, i) => keepVariant(bank, place.clip, numberOf(place), made[i]!))
    return made
  }

  return {
    /** This thread's share of the variants that the epoch from `step` begins with, so that it starts at full speed. */
    async fillBank(step: number, share: number, shares: number, group: number): Promise<void> {
      const first = new Map<number, ClipPlace>()
      for (let s = step; s < step + order.stepsPerEpoch; s++)
        for (const place of placesOf(order, s)) if (place.clip < bank.clips && !first.has(place.clip)) first.set(place.clip, place)
      const mine = [...first.values()].filter((_, i) => i % shares === share)
      for (let at = 0; at < mine.length; at += group) await make(mine.slice(at, at + group))
    },
    /** Fills `rows` [batch, size] with the features of a step. */
    async fill(step: number, rows: Float32Array): Promise<void> {
      const places = placesOf(order, step)
      const stored = places.map((place) => takeVariant(bank, place.clip, numberOf(place)))
      const missing = places.filter((_, i) => stored[i] === null)
      const made = missing.length === 0 ? [] : await make(missing)
      const size = rows.length / places.length
      let next = 0
      places.forEach((place, i) => variations.finish(place, stored[i] ?? made[next++]!, rows.subarray(i * size, (i + 1) * size)))
    },
  }
}
