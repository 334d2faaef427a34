import { z } from 'zod'

/** The row id of a dataset, label, clip or recording in the catalog. */
export const Id = z.int().positive()

/** A short text that a person typed: no control characters, not only spaces. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters')

/** SHA-256 of a recording's bytes. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const Split = z.enum(['train', 'validation', 'test'])
export type Split = z.infer<typeof Split>

/** What can be wrong with a clip. `long` and `short` are against its dataset, duplicates within it. */
export const QUALITY_FLAGS = [
  'clipped', 'silent', 'quiet', 'dc-offset', 'noisy', 'short', 'long', 'unreadable', 'duplicate', 'near-duplicate',
] as const
export const QualityFlag = z.enum(QUALITY_FLAGS)
export type QualityFlag = z.infer<typeof QualityFlag>

/** `20261123-161502-3fa9` */
export const RunId = z.string().regex(/^[a-z0-9-]{1,64}$/)
