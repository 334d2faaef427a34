import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { MediaKey } from './augmentation.ts'
import { call } from './errors.ts'
import { Id, RunId } from './values.ts'

const count = z.int().nonnegative()

/** What of the clips lies near on a map: the features of a front end, or what a layer of a run's network gives. */
export const MapSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('features'), frontEnd: z.string().regex(/^[\w-]{1,60}$/) }),
  /** null: the last layer but one. */
  z.strictObject({ kind: z.literal('layer'), run: RunId, layer: z.string().min(1).max(200).nullable() }),
])
export type MapSource = z.infer<typeof MapSource>

export const MapReduction = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('pca') }),
  z.strictObject({
    method: z.literal('umap'),
    /** Size of a neighbourhood, the clip itself included. */
    neighbours: z.int().min(3).max(200),
    /** The least distance on the map. */
    minDist: z.number().min(0).max(0.99),
    seed: z.int().nonnegative(),
  }),
])
export type MapReduction = z.infer<typeof MapReduction>

export const MAP_STAGES = ['features', 'network', 'components', 'neighbours', 'layout'] as const
export const MapEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), stage: z.enum(MAP_STAGES), done: count, total: count }),
  z.strictObject({
    type: z.literal('map'),
    clips: count,
    /** Clips that could not be read and have no place. */
    skipped: count,
    /** Int32, little-endian, [clips]: which clips. See `previewUrl`. */
    ids: MediaKey,
    /** Float32, little-endian, [clips, 2]. */
    positions: MediaKey,
    /** Shares of the whole variance that the first two principal components have. */
    variance: z.array(z.number()),
    /** The layer that was mapped; null for features. */
    layer: z.string().nullable(),
  }),
])
export type MapEvent = z.infer<typeof MapEvent>

export const MapClips = z.strictObject({
  clips: count,
  /** Int32, little-endian, [clips, 4]: id, label (0: none), split (0 none, 1 train, 2 validation, 3 test), speaker (place in `speakers`, −1: none). */
  columns: MediaKey,
  speakers: z.array(z.string()),
})
export type MapClips = z.infer<typeof MapClips>

export const maps = {
  /** Progress, then the map; stopping the stream cancels. What was made before comes at once. */
  make: call.input(z.strictObject({ dataset: Id, of: MapSource, reduction: MapReduction })).output(eventIterator(MapEvent)),
  /** What the clips of a dataset are coloured by. */
  clips: call.input(z.strictObject({ dataset: Id })).output(MapClips),
}
