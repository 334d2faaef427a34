import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { Clip, ClipPage, PAGE_LIMIT } from './clips.ts'
import { call } from './errors.ts'
import { Id, Sha256 } from './values.ts'

export const Recording = z.strictObject({
  id: Sha256,
  /** The file's own name. */
  name: z.string(),
  container: z.string(),
  codec: z.string(),
  /** Hz */
  sampleRate: z.int().positive(),
  channels: z.int().positive(),
  /** Samples of one channel. */
  frames: z.int().positive(),
  seconds: z.number().positive(),
  /** Whether its file lies outside the library, where it was imported from. */
  linked: z.boolean(),
  /** Why its file cannot be read now; null where it is as it was imported. */
  problem: z.strictObject({ message: z.string(), hint: z.string().nullable() }).nullable(),
})
export type Recording = z.infer<typeof Recording>

export const OpenedClip = z.strictObject({
  dataset: Id,
  clip: Clip,
  /** Its place among the clips of the recording in its dataset; see `recordings.clips`. */
  place: z.int().nonnegative(),
  recording: Recording,
})
export type OpenedClip = z.infer<typeof OpenedClip>

/** How far a recording has been looked at: what is drawn of it reaches `done`. */
export const MeasureProgress = z.strictObject({
  stage: z.enum(['decoding', 'measuring', 'done']),
  /** Samples. */
  done: z.int().nonnegative(),
  total: z.int().positive(),
})
export type MeasureProgress = z.infer<typeof MeasureProgress>

export const recordings = {
  /** A clip with the recording that it is a span of. */
  open: call.input(z.strictObject({ clip: Id })).output(OpenedClip),
  /** The clips of a recording in one dataset, by their place in it. */
  clips: call
    .input(z.strictObject({ dataset: Id, recording: Sha256, offset: z.int().nonnegative(), limit: z.int().min(1).max(PAGE_LIMIT) }))
    .output(ClipPage),
  /** Makes what pictures of the recording need, where it is not there yet. Ends with `done`, or the error of its file. */
  measure: call.input(z.strictObject({ recording: Sha256 })).output(eventIterator(MeasureProgress)),
}
