/**
 * Moving and scaling the axes of a clip's features: where it stands in time, how fast it was spoken, how long the
 * vocal tract was (vocal tract length perturbation, Jaitly and Hinton 2013, here on mel bins).
 */
import type { FrameSpan } from '../features/index.ts'
import type { Random } from '../kit/index.ts'

export interface AffineRanges {
  /** Frames, either way. */
  readonly shift: number
  /** Largest factor by which the clip gets longer or shorter: 1 for not at all. */
  readonly stretch: number
  /** Largest factor by which its frequency bins spread or shrink: 1 for not at all. */
  readonly frequencyScale: number
}

export interface Affine {
  /** Frames; whole where nothing is stretched, so that nothing is blurred for nothing. */
  readonly shift: number
  readonly stretch: number
  readonly frequencyScale: number
}

/** Factors are drawn evenly on a logarithmic scale, so that half as fast is as likely as twice as fast. */
export function drawAffine(ranges: AffineRanges, random: Random): Affine {
  const factor = (largest: number) => Math.exp(random.uniform(-1, 1) * Math.log(largest))
  const shift = random.uniform(-ranges.shift, ranges.shift)
  return {
    shift: ranges.stretch === 1 ? Math.round(shift) : shift,
    stretch: factor(ranges.stretch),
    frequencyScale: factor(ranges.frequencyScale),
  }
}

/** Where a column goes: stretched about the middle of the span, then shifted. */
const place = (column: number, middle: number, { stretch, shift }: Affine): number => (column - middle) * stretch + middle + shift

/** The columns that hold signal afterwards: at least one. */
export function affineSpan([start, end]: FrameSpan, width: number, affine: Affine): FrameSpan {
  const middle = (start + end - 1) / 2
  const first = Math.min(width - 1, Math.max(0, Math.ceil(place(start - 0.5, middle, affine))))
  const last = Math.min(width, Math.max(0, Math.ceil(place(end - 0.5, middle, affine))))
  return [first, Math.max(first + 1, last)]
}

/**
 * Moves `image` [channels · height, width] in place, linearly between neighbours. What comes in from beyond the
 * first or last column is silence: the smallest value of its channel. Bins beyond the highest repeat it.
 */
export function applyAffine(image: Float32Array, height: number, width: number, span: FrameSpan, affine: Affine): void {
  const middle = (span[0] + span[1] - 1) / 2
  const size = height * width
  const left = new Int32Array(width)
  const part = new Float32Array(width)
  for (let x = 0; x < width; x++) {
    const from = (x - affine.shift - middle) / affine.stretch + middle
    // Beyond the edges both neighbours are the silent columns that stand at either end of a padded row.
    const kept = Math.min(width, Math.max(-1, from))
    left[x] = Math.min(width - 1, Math.floor(kept))
    part[x] = kept - left[x]!
  }
  const source = new Float32Array(size)
  const row = new Float32Array(width + 2)
  for (let at = 0; at < image.length; at += size) {
    source.set(image.subarray(at, at + size))
    let silence = source[0]!
    for (let i = 1; i < size; i++) if (source[i]! < silence) silence = source[i]!
    row[0] = silence
    row[width + 1] = silence
    for (let y = 0; y < height; y++) {
      const from = Math.min(height - 1, y / affine.frequencyScale)
      const below = Math.min(height - 1, Math.floor(from)) * width
      const above = Math.min(size - width, below + width)
      const weight = from - Math.floor(from)
      for (let x = 0; x < width; x++) row[x + 1] = source[below + x]! + (source[above + x]! - source[below + x]!) * weight
      const out = at + y * width
      for (let x = 0; x < width; x++) {
        const i = left[x]! + 1
        image[out + x] = row[i]! + (row[i + 1]! - row[i]!) * part[x]!
      }
    }
  }
}
