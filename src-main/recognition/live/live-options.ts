import { z } from 'zod'
import { DEFAULT_GATE } from './sound-gate.ts'

export const liveOptionsSchema = z.strictObject({
  /**
   * `sounds`: each sound between two pauses is judged whole, as a clip is; for words spoken one at a time.
   * `windows`: what is heard of a sound, a window at most, is judged every `hop` seconds while it goes on; for calls and
   * words in running sound, and where words must be known sooner.
   */
  mode: z.enum(['sounds', 'windows']).default('sounds'),
  /** Seconds between two judgements. */
  hop: z.number().min(0.01).max(1).default(0.02),
  /** Windows whose scores are averaged (mode `windows`). */
  smoothing: z.int().min(1).max(200).default(8),
  /** For single labels, instead of `smoothing`. */
  smoothings: z.record(z.string(), z.int().min(1).max(200)).default({}),
  /** The probability from which on a label is detected. */
  threshold: z.number().min(0).max(1).default(0.4),
  /** For single labels, instead of `threshold`. */
  thresholds: z.record(z.string(), z.number().min(0).max(1)).default({}),
  /** Seconds after a detection in which no other comes. */
  refractory: z.number().min(0).max(10).default(0.25),
  /** dB above the background from which on there is sound. 0 in mode `windows`: none, every window is judged as it is. */
  gate: z.number().min(0).max(60).default(DEFAULT_GATE.gate),
})
export type LiveOptions = z.output<typeof liveOptionsSchema>
