import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { Id, Name, Sha256 } from './values.ts'

const probability = z.number().min(0).max(1)

export const ListenOptions = z.strictObject({
  /**
   * `sounds`: each sound between two pauses is judged whole, as a clip is: words spoken one at a time.
   * `windows`: what is heard of a sound, a window at most, is judged every `hop` seconds: calls, and words in running sound.
   */
  mode: z.enum(['sounds', 'windows']),
  /** Seconds between two judgements. */
  hop: z.number().min(0.01).max(1),
  /** Windows whose scores are averaged, in mode `windows`. */
  smoothing: z.int().min(1).max(200),
  /** For single labels, instead of `smoothing`. */
  smoothings: z.record(z.string().max(200), z.int().min(1).max(200)),
  /** The probability from which on a label is detected. */
  threshold: probability,
  /** For single labels, instead of `threshold`. */
  thresholds: z.record(z.string().max(200), probability),
  /** Seconds after a detection in which no other comes. */
  refractory: z.number().min(0).max(10),
  /** dB above the background from which on there is sound; 0 in mode `windows`: every window is judged as it is. */
  gate: z.number().min(0).max(60),
})
export type ListenOptions = z.infer<typeof ListenOptions>

export const SessionId = z.string().regex(/^[\w-]{22}$/)
const seconds = z.number().nonnegative()

/** All times are seconds of sound since the session began. */
export const ListenEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), session: SessionId, labels: z.array(z.string()), sampleRate: z.int().positive(), seconds }),
  z.strictObject({
    type: z.literal('scores'),
    time: seconds,
    /** dBFS */
    level: z.number(),
    background: z.number(),
    /** In the order of the labels; null while there is nothing to judge. */
    scores: z.array(z.number()).nullable(),
  }),
  z.strictObject({ type: z.literal('detection'), label: z.string(), probability, start: seconds, end: seconds, time: seconds }),
  /** The recogniser's own work: milliseconds from a piece of sound to its answer, and its share of one processor core. */
  z.strictObject({ type: z.literal('load'), latency: z.number().nonnegative(), share: z.number().nonnegative() }),
])
export type ListenEvent = z.infer<typeof ListenEvent>

/** Samples of one message at most: a second at the highest rate. */
export const MAX_HEARD = 192_000

export const recognition = {
  /** Runs a model in a process of its own until the stream is left. */
  listen: call.input(z.strictObject({ model: Sha256, options: ListenOptions })).output(eventIterator(ListenEvent)),
  /** The next samples of a session: 16-bit little-endian, mono at the model's rate, as base64. */
  hear: call.input(z.strictObject({ session: SessionId, samples: z.base64().max(Math.ceil((MAX_HEARD * 2) / 3) * 4) })).output(z.strictObject({})),
  /** Makes a clip of what was heard, with the right label or with none; the last minute is remembered. */
  keep: call
    .input(z.strictObject({ session: SessionId, start: seconds, end: seconds, dataset: Name, label: Name.nullable() }))
    .output(z.strictObject({ clip: Id, added: z.boolean() })),
}
