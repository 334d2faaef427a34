import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { call } from './errors.ts'
import { PlaceToken } from './imports.ts'
import { Model } from './models.ts'
import { JsonObject } from './runs.ts'
import { Id, Name } from './values.ts'

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

/**
 * How a network wants what the front end gives: N clips, F frequencies, T frames; or S samples. `N1FT` is one channel.
 */
export const NetworkLayout = z.enum(['N1FT', 'NFT', 'NTF', 'N1TF', 'NFT1', 'NTF1', 'NS', 'N1S'])
export type NetworkLayout = z.infer<typeof NetworkLayout>

/** What the file of a network from elsewhere cannot say. */
export const NetworkDeclaration = z.strictObject({
  name: Name,
  /** Settings of a front end; the kind `waveform` gives the samples as they are. */
  frontEnd: JsonObject,
  layout: NetworkLayout,
  /** In the order of the outputs. */
  labels: z.array(z.string().min(1).max(200)).min(2).max(10_000),
  outputs: z.enum(['logits', 'probabilities']),
  /** Which output, where there are several. */
  output: z.string().max(500).nullable(),
})
export type NetworkDeclaration = z.infer<typeof NetworkDeclaration>

const NetworkValue = z.strictObject({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })

/** What a model file says of itself. */
export const NetworkFile = z.strictObject({
  /** Whether Espectro exported it, so that nothing needs to be declared. */
  own: z.boolean(),
  bytes: count,
  opset: count,
  producer: z.string(),
  inputs: z.array(NetworkValue),
  outputs: z.array(NetworkValue),
  nodes: count,
  /** Front ends to choose from, with their settings and what they give: [channel, frequency, frame]. */
  frontEnds: z.array(z.strictObject({ name: z.string(), config: JsonObject, shape: z.array(count) })),
})
export type NetworkFile = z.infer<typeof NetworkFile>

/** Files of Espectro's own kinds that lie in a place, and what opening one does. */
export const files = {
  find: call
    .input(z.strictObject({ place: PlaceToken }))
    .output(z.array(z.strictObject({ name: z.string(), kind: z.enum(['archive', 'model']), bytes: count }))),
  /** Makes a dataset of an archive. Stopping the stream cancels; nothing stays. */
  openArchive: call.input(z.strictObject({ place: PlaceToken, name: FileName })).output(eventIterator(ArchiveEvent)),
  /** Copies an exported model into the library; one that is there already is only found. */
  openModel: call.input(z.strictObject({ place: PlaceToken, name: FileName })).output(Model),
  /** Reads a model file without taking it. */
  inspectModel: call.input(z.strictObject({ place: PlaceToken, name: FileName })).output(NetworkFile),
  /** Puts a front end before a classifier from elsewhere, tries it, and keeps the whole as a model of the library. */
  adoptModel: call.input(z.strictObject({ place: PlaceToken, name: FileName, declaration: NetworkDeclaration })).output(Model),
}
