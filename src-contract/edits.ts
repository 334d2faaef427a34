import { z } from 'zod'

export const FadeCurve = z.enum(['linear', 'equal-power', 's-curve'])
const hertz = z.number().min(10).max(384_000)
const fade = { ms: z.number().min(0.1).max(60_000), curve: FadeCurve }

/** Something that a clip's sound goes through whenever it is used; the recording stays as it is. */
export const Edit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('remove-dc') }),
  z.strictObject({ kind: z.literal('high-pass'), hz: hertz }),
  z.strictObject({ kind: z.literal('low-pass'), hz: hertz }),
  z.strictObject({ kind: z.literal('band-pass'), low: hertz, high: hertz }),
  /** `reduction` in dB, `threshold` in standard deviations above the noise. */
  z.strictObject({ kind: z.literal('denoise'), reduction: z.number().min(1).max(40), threshold: z.number().min(0).max(6) }),
  z.strictObject({ kind: z.literal('gain'), db: z.number().min(-60).max(60) }),
  /** `level` in dBFS, for loudness in LUFS. */
  z.strictObject({ kind: z.literal('normalise'), to: z.enum(['peak', 'rms', 'loudness']), level: z.number().min(-60).max(0) }),
  z.strictObject({ kind: z.literal('fade-in'), ...fade }),
  z.strictObject({ kind: z.literal('fade-out'), ...fade }),
])
export type Edit = z.infer<typeof Edit>

/** At most one of a kind; they are applied in the order above, whatever the list's order. */
export const Edits = z
  .array(Edit)
  .max(9)
  .refine((edits) => new Set(edits.map((e) => e.kind)).size === edits.length, 'at most one edit of a kind')
  .refine((edits) => edits.every((e) => e.kind !== 'band-pass' || e.low < e.high), 'the low edge of a band-pass must be below its high edge')
  .readonly()

/** Goes up when the same edits would sound otherwise. */
export const EDITS_VERSION = 1
