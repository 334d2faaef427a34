import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { PlaceToken } from './imports.ts'
import { Model } from './models.ts'
import { Id } from './values.ts'

/** A dataset as one `.espectro` file, to save: labels, clips and the recordings themselves. */
export const archiveUrl = (dataset: number): string => `/archives/${dataset}.espectro`

const count = z.int().nonnegative()
/** A file directly in a place; the name leads nowhere else. */
const FileName = z.string().min(1).max(255).regex(/^[^/\\\p{Cc}]+$/u, 'the name of a file, without a folder')

export const ArchiveEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: count, total: count }),
  z.strictObject({ type: z.literal('report'), dataset: Id, name: z.string(), clips: count, recordings: count }),
])
export type ArchiveEvent = z.infer<typeof ArchiveEvent>

/** Files of Espectro's own kinds that lie in a place, and what opening one does. */
export const files = {
  find: call
    .input(z.strictObject({ place: PlaceToken }))
    .output(z.array(z.strictObject({ name: z.string(), kind: z.enum(['archive', 'model']), bytes: count }))),
  /** Makes a dataset of an archive. Stopping the stream cancels; nothing stays. */
  openArchive: call.input(z.strictObject({ place: PlaceToken, name: FileName })).output(eventIterator(ArchiveEvent)),
  /** Copies an exported model into the library; one that is there already is only found. */
  openModel: call.input(z.strictObject({ place: PlaceToken, name: FileName })).output(Model),
}
