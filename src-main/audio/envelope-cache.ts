import type { Result } from '../kit/index.ts'
import type { DecodePool, JobOptions } from './decode-pool.ts'
import type { EnergyEnvelope } from './envelope.ts'

/** Envelopes by their recording's hash: measured once by a decoding thread, then at hand. */
export interface EnvelopeCache {
  of(recording: { readonly id: string; readonly path: string }, options?: JobOptions): Promise<Result<EnergyEnvelope>>
}

/** A recording of two hours takes 3 MB. */
const KEPT = 8

export function createEnvelopeCache(pool: DecodePool): EnvelopeCache {
  const kept = new Map<string, Promise<Result<EnergyEnvelope>>>()
  return {
    async of({ id, path }, options) {
      const measuring = kept.get(id) ?? pool.measure(path, options)
      kept.delete(id)
      kept.set(id, measuring)
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break
        kept.delete(oldest)
      }
      const measured = await measuring
      if (!measured.ok && kept.get(id) === measuring) kept.delete(id)
      return measured
    },
  }
}
