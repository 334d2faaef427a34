/**
 * What a clip's sound goes through whenever it is heard, drawn, learnt from or exported. The recording itself is
 * never changed. A clip has at most one edit of a kind, and they are applied in the order of `EDIT_KINDS`, whatever
 * order they were chosen in: so equal settings sound equal and have one hash.
 */
export const EDIT_KINDS = ['remove-dc', 'high-pass', 'low-pass', 'band-pass', 'denoise', 'gain', 'normalise', 'fade-in', 'fade-out'] as const
export type EditKind = (typeof EDIT_KINDS)[number]

export const FADE_CURVES = ['linear', 'equal-power', 's-curve'] as const
export type FadeCurve = (typeof FADE_CURVES)[number]
export const NORMALISE_TARGETS = ['peak', 'rms', 'loudness'] as const

interface Fade {
  readonly ms: number
  readonly curve: FadeCurve
}

export type Edit =
  /** Takes the mean of the clip's samples away. */
  | { readonly kind: 'remove-dc' }
  /** Butterworth of order 4; `hz` is where it lets half the power through. */
  | { readonly kind: 'high-pass'; readonly hz: number }
  | { readonly kind: 'low-pass'; readonly hz: number }
  /** A high-pass at `low` and a low-pass at `high`. */
  | { readonly kind: 'band-pass'; readonly low: number; readonly high: number }
  /** Spectral gating: what is less than `threshold` standard deviations above the noise is lowered by `reduction` dB. */
  | { readonly kind: 'denoise'; readonly reduction: number; readonly threshold: number }
  | { readonly kind: 'gain'; readonly db: number }
  /** `level` in dB below full scale, for loudness in LUFS. Never so much that a sample passes full scale. */
  | { readonly kind: 'normalise'; readonly to: (typeof NORMALISE_TARGETS)[number]; readonly level: number }
  | ({ readonly kind: 'fade-in' } & Fade)
  | ({ readonly kind: 'fade-out' } & Fade)

/** In the order in which they are applied. */
export const inOrder = (edits: readonly Edit[]): readonly Edit[] =>
  edits.toSorted((a, b) => EDIT_KINDS.indexOf(a.kind) - EDIT_KINDS.indexOf(b.kind))
