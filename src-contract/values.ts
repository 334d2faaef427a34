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
