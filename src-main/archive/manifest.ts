import { z } from 'zod'

export const FORMAT = 'espectro-archive'
export const VERSION = 1

/** Names within the archive. Nothing else may be in it. */
export const MANIFEST = 'espectro.json'
export const CLIPS = 'clips.jsonl'
export const recordingEntry = (r: { readonly id: string; readonly extension: string }): string => `recordings/${r.id}.${r.extension}`

/** What an archive may hold at most: more is refused before it is unpacked. */
export const LIMITS = {
  recordings: 1_000_000,
  manifestBytes: 512 * 2 ** 20,
  clipsBytes: 2 * 2 ** 30,
  recordingBytes: 8 * 2 ** 30,
  /** Unpacked to packed. Audio packs little; a bomb packs a lot. */
  ratio: 100,
} as const

const value = z.union([z.string().max(100_000), z.number(), z.null()])
export const rowSchema = z.record(z.string().regex(/^[a-z_]{1,40}$/), value)

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** The catalog's schema that the rows are of; a newer one is refused. */
  schema: z.int().positive(),
  dataset: z.strictObject({ name: z.string().min(1).max(100), labels: z.array(rowSchema).max(10_000), clips: z.int().nonnegative() }),
  recordings: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[0-9a-f]{64}$/),
        extension: z.string().regex(/^[a-z0-9]{1,8}$/),
        originalName: z.string().min(1).max(1000),
        bytes: z.int().positive().max(LIMITS.recordingBytes),
      }),
    )
    .max(LIMITS.recordings),
})
export type Manifest = z.infer<typeof manifestSchema>
