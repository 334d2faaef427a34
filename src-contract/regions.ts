import { z } from 'zod'
import { Band, Changed, ClipSelection } from './clips.ts'
import { Edits } from './edits.ts'
import { call } from './errors.ts'
import { Id, Sha256 } from './values.ts'

const sample = z.int().nonnegative()
/** [start, end) in samples of the recording. */
const span = { start: sample, end: sample }

export const RegionSpan = z.strictObject({ ...span, band: Band.nullable().default(null) })
export type RegionSpan = z.input<typeof RegionSpan>

/** Names a drag or a run of key presses: its changes, one after the other, are undone as one. */
const gesture = z.string().regex(/^[\w-]{1,64}$/).nullable().default(null)

const seconds = (most: number) => z.number().min(0).max(most)
export const SegmentSettings = z.strictObject({
  /** dB: of full scale, or above the noise floor where `relative`. */
  threshold: z.number().min(-120).max(120),
  relative: z.boolean(),
  /** Seconds. Shorter sounds are left out. */
  minSound: seconds(60),
  /** Seconds. Sounds that lie closer together are one. */
  minSilence: seconds(60),
  /** Seconds added before and after each sound. */
  padding: seconds(10),
  /** Seconds. Longer sounds are cut where they are quietest; null for no limit. */
  maxLength: z.number().min(0.05).max(3600).nullable(),
})
export type SegmentSettings = z.infer<typeof SegmentSettings>

/** The most regions of one answer or one call. */
export const MAX_REGIONS = 20_000

export const Segments = z.strictObject({
  spans: z.array(z.strictObject(span)),
  /** How many were found; more than are listed where there are very many. */
  found: sample,
  /** dBFS */
  threshold: z.number(),
  noiseFloor: z.number(),
})
export type Segments = z.infer<typeof Segments>

/** A region in the editor is a clip of that recording in the dataset; listing, deleting and labelling are those of clips. */
export const regions = {
  /** Of several spans, those that the dataset has already are passed over; one alone is then refused. */
  create: call
    .input(z.strictObject({ dataset: Id, recording: Sha256, spans: z.array(RegionSpan).min(1).max(MAX_REGIONS), label: Id.nullable() }))
    .output(z.strictObject({ ids: z.array(Id) })),
  /** Moves or resizes; `band` left out keeps the frequency box. */
  place: call.input(z.strictObject({ dataset: Id, clip: Id, ...span, band: Band.nullable().optional(), gesture })).output(z.void()),
  /** At a sample of the recording; the two parts in order. */
  split: call.input(z.strictObject({ dataset: Id, clip: Id, at: sample })).output(z.strictObject({ ids: z.tuple([Id, Id]) })),
  /** The id of the one that stays. */
  merge: call.input(z.strictObject({ dataset: Id, clips: z.array(Id).min(2).max(1000) })).output(z.strictObject({ id: Id })),
  /** The place nearest to a sample where a cut makes no click. */
  snap: call
    .input(z.strictObject({ recording: Sha256, at: sample, to: z.enum(['zero', 'silence']) }))
    .output(z.strictObject({ at: sample })),
  /** Finds the sounds of a recording by their energy; changes nothing. */
  segment: call.input(z.strictObject({ recording: Sha256, settings: SegmentSettings })).output(Segments),
  /** Gives clips these edits of their sound in the place of what they had. */
  setEdits: call.input(z.strictObject({ clips: ClipSelection, edits: Edits, gesture })).output(Changed),
}
